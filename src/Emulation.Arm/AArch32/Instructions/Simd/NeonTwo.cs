using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Vector operations on one register, or two that are both written. Arm DDI 0487, F4.1.13 "Advanced SIMD two registers misc".</summary>
[Extension("Neon")]
internal static class NeonTwo
{
    [Encoding("111100111 d 11 size!=3 00 vd 0 0000 q m 0 vm", "vrev64.{size18}")]
    public static void Vrev64(A32Emitter e, A32Word i) => e.ReverseLanes(i, 8);

    [Encoding("111100111 d 11 0 sz 00 vd 0 0001 q m 0 vm", "vrev32.{size18}")]
    public static void Vrev32(A32Emitter e, A32Word i) => e.ReverseLanes(i, 4);

    [Encoding("111100111 d 11 00 00 vd 0 0010 q m 0 vm", "vrev16.8")]
    public static void Vrev16(A32Emitter e, A32Word i) => e.ReverseLanes(i, 2);

    [Encoding("111100111 d 11 size!=3 00 vd 0 010 op q m 0 vm", "vpaddl.{i7}{size18}")]
    public static void Vpaddl(A32Emitter e, A32Word i) => e.LongPairs(i, VecOp.AddLongPair, i.Field(18, 2), !i.Flag(7));

    [Encoding("111100111 d 11 size!=3 00 vd 0 110 op q m 0 vm", "vpadal.{i7}{size18}")]
    public static void Vpadal(A32Emitter e, A32Word i) => e.LongPairs(i, VecOp.AddLongPairAccumulate, i.Field(18, 2), !i.Flag(7));

    [Encoding("111100111 d 11 size!=3 00 vd 0 1000 q m 0 vm", "vcls.s{size18}")]
    public static void Vcls(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.Cls, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 00 vd 0 1001 q m 0 vm", "vclz.i{size18}")]
    public static void Vclz(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.Clz, i.Field(18, 2));

    [Encoding("111100111 d 11 00 00 vd 0 1010 q m 0 vm", "vcnt.8")]
    public static void Vcnt(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.Cnt, 0);

    [Encoding("111100111 d 11 00 00 vd 0 1011 q m 0 vm", "vmvn")]
    public static void Vmvn(A32Emitter e, A32Word i)
    {
        if (e.HasTwoRegisters(i))
            e.SetVector(A32Emitter.Dd(i), i.Flag(6), e.Ir.VectorNot(e.Vector(A32Emitter.Dm(i), i.Flag(6))));
    }

    [Encoding("111100111 d 11 size!=3 00 vd 0 1110 q m 0 vm", "vqabs.s{size18}")]
    public static void Vqabs(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.Qabs, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 00 vd 0 1111 q m 0 vm", "vqneg.s{size18}")]
    public static void Vqneg(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.Qneg, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 01 vd 0 0000 q m 0 vm", "vcgt.s{size18}")]
    public static void VcgtZero(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.CmGt, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 01 vd 0 0001 q m 0 vm", "vcge.s{size18}")]
    public static void VcgeZero(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.CmGe, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 01 vd 0 0010 q m 0 vm", "vceq.i{size18}")]
    public static void VceqZero(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.CmEq, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 01 vd 0 0011 q m 0 vm", "vcle.s{size18}")]
    public static void VcleZero(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.CmLe, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 01 vd 0 0100 q m 0 vm", "vclt.s{size18}")]
    public static void VcltZero(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.CmLt, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 01 vd 0 0110 q m 0 vm", "vabs.s{size18}")]
    public static void Vabs(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.Abs, i.Field(18, 2));

    [Encoding("111100111 d 11 size!=3 01 vd 0 0111 q m 0 vm", "vneg.s{size18}")]
    public static void Vneg(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.Neg, i.Field(18, 2));

    [Encoding("111100111 d 11 00 10 vd 0 0000 q m 0 vm", "vswp")]
    public static void Vswp(A32Emitter e, A32Word i)
    {
        if (!e.HasTwoRegisters(i))
            return;
        bool quad = i.Flag(6);
        IrValue d = e.Vector(A32Emitter.Dd(i), quad), m = e.Vector(A32Emitter.Dm(i), quad);
        e.SetVector(A32Emitter.Dd(i), quad, m);
        e.SetVector(A32Emitter.Dm(i), quad, d);
    }

    [Encoding("111100111 d 11 size!=3 10 vd 0 0001 q m 0 vm", "vtrn.{size18}")]
    public static void Vtrn(A32Emitter e, A32Word i) => Permute(e, i, NeonHelpers.Transpose);

    [Encoding("111100111 d 11 size!=3 10 vd 0 0010 q m 0 vm", "vuzp.{size18}")]
    public static void Vuzp(A32Emitter e, A32Word i) => Permute(e, i, NeonHelpers.Unzip);

    [Encoding("111100111 d 11 size!=3 10 vd 0 0011 q m 0 vm", "vzip.{size18}")]
    public static void Vzip(A32Emitter e, A32Word i) => Permute(e, i, NeonHelpers.Zip);

    [Encoding("111100111 d 11 size!=3 10 vd 0 0100 0 m 0 vm", "vmovn.i{wide18}")]
    public static void Vmovn(A32Emitter e, A32Word i) => e.Narrow(i, VecOp.ShrNarrow, i.Field(18, 2), 0);

    [Encoding("111100111 d 11 size!=3 10 vd 0 0100 1 m 0 vm", "vqmovun.s{wide18}")]
    public static void Vqmovun(A32Emitter e, A32Word i) => e.Narrow(i, VecOp.ShrNarrowSToU, i.Field(18, 2), 0);

    [Encoding("111100111 d 11 size!=3 10 vd 0 0101 0 m 0 vm", "vqmovn.s{wide18}")]
    public static void VqmovnSigned(A32Emitter e, A32Word i) => e.Narrow(i, VecOp.ShrNarrowS, i.Field(18, 2), 0);

    [Encoding("111100111 d 11 size!=3 10 vd 0 0101 1 m 0 vm", "vqmovn.u{wide18}")]
    public static void VqmovnUnsigned(A32Emitter e, A32Word i) => e.Narrow(i, VecOp.ShrNarrowU, i.Field(18, 2), 0);

    [Encoding("111100111 d 11 size!=3 10 vd 0 0110 0 m 0 vm", "vshll.i{size18}")]
    public static void VshllMaximum(A32Emitter e, A32Word i) => e.ShiftLong(i, i.Field(18, 2), 8 << i.Field(18, 2), false);

    [Encoding("111100111 d 11 10 11 vd 0 1000 q m 0 vm", "vrecpe.u32")]
    public static void Vrecpe(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.RecipEstimate, 2);

    [Encoding("111100111 d 11 10 11 vd 0 1001 q m 0 vm", "vrsqrte.u32")]
    public static void Vrsqrte(A32Emitter e, A32Word i) => e.LanesOfOne(i, VecOp.RsqrtEstimate, 2);

    [Encoding("111100101 d 11 vn vd imm4 n1 q m 0 vm", "vext.8")]
    public static void Vext(A32Emitter e, A32Word i)
    {
        bool quad = i.Flag(6);
        int start = i.Field(8, 4);
        if (!quad && start > 7)
        {
            e.Undefined();
            return;
        }

        e.Bits(i, (_, n, m) =>
        {
            int width = quad ? 16 : 8;
            Span<byte> low = stackalloc byte[16], high = stackalloc byte[16];
            for (int at = 0; at < 16; at++)
            {
                int from = at + start;
                low[at] = (byte)(at < width && from < width ? from : 0x80);
                high[at] = (byte)(at < width && from >= width ? from - width : 0x80);
            }

            return e.Ir.Vector(IrOp.VOr, e.Ir.Vector(IrOp.VShuffle, n, e.Bytes(low)), e.Ir.Vector(IrOp.VShuffle, m, e.Bytes(high)));
        });
    }

    [Encoding("111100111 d 11 vn vd 10 size n1 op m 0 vm", "vtb{table}.8")]
    public static void Vtbl(A32Emitter e, A32Word i)
    {
        int n = A32Emitter.Dn(i), count = i.Field(8, 2) + 1;
        if (!e.HasRegisters(0, A32Emitter.Dd(i) | A32Emitter.Dm(i) | n))
            return;
        if (n + count > (e.Isa.Has(ArmFeature.D32) ? 32 : 16))
            e.Undefined();                               // UNPREDICTABLE; QEMU does the same
        else
            e.CallLanes(NeonHelpers.Table, A32Emitter.Dd(i), n, A32Emitter.Dm(i), new VectorKind(i.Field(6, 1), 0, count), true);
    }

    [Encoding("111100111 d 11 imm4!=0,8 vd 11000 q m 0 vm", "vdup.{dup}")]
    public static void VdupScalar(A32Emitter e, A32Word i)
    {
        bool quad = i.Flag(6);
        int d = A32Emitter.Dd(i), m = A32Emitter.Dm(i);
        if (!(quad ? e.HasRegisters(d, m) : e.HasRegisters(0, d | m)))
            return;
        int size = System.Numerics.BitOperations.TrailingZeroCount(i.Field(16, 4));
        IrValue value = e.Ir.VectorExtract((LaneShape)size, e.Vector(m, false), i.Field(16, 4) >> (size + 1));
        e.SetVector(d, quad, e.Ir.VectorSplat(value));
    }

    // both registers are operands and results; one and the same is UNPREDICTABLE: the second result stays
    private static void Permute(A32Emitter e, A32Word i, IrHelper helper)
    {
        int size = i.Field(18, 2);
        if (size == 2 && !i.Flag(6) && helper != NeonHelpers.Transpose)
            e.Undefined();
        else if (e.HasTwoRegisters(i))
            e.CallLanes(helper, A32Emitter.Dd(i), A32Emitter.Dd(i), A32Emitter.Dm(i), new VectorKind(0, size, A32Emitter.Count(i.Flag(6), size)), !i.Flag(6));
    }
}
