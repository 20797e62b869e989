using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Complex numbers, products of halves, BFloat16, matrices of bytes. Arm DDI 0487, F4.1.9 "Advanced SIMD and floating-point: additional".</summary>
[Extension("Neon products", Requires = "Neon")]
internal static class NeonProducts
{
    [Encoding("1111110 rot:1 1 d 0 sz vn vd 1000 n1 q m 0 vm", "vcadd.{c20}", Requires = "FCMA")]
    public static void Vcadd(A32Emitter e, A32Word i)
    {
        int size = i.Flag(20) ? 2 : 1;
        if (e.HasLanes(size) && e.HasRegisters(i))
            e.CallLanes(ComplexHelpers.Add, A32Emitter.Dd(i), A32Emitter.Dn(i), A32Emitter.Dm(i), new VectorKind(i.Field(24, 1), size, A32Emitter.Count(i.Flag(6), size)), !i.Flag(6), true);
    }

    [Encoding("1111110 rot d 1 sz vn vd 1000 n1 q m 0 vm", "vcmla.{c20}", Requires = "FCMA")]
    public static void Vcmla(A32Emitter e, A32Word i)
    {
        int size = i.Flag(20) ? 2 : 1;
        if (e.HasLanes(size) && e.HasRegisters(i))
            e.CallLanes(ComplexHelpers.MulAdd, A32Emitter.Dd(i), A32Emitter.Dn(i), A32Emitter.Dm(i), new VectorKind(i.Field(23, 2), size, A32Emitter.Count(i.Flag(6), size)), !i.Flag(6), true);
    }

    // the index numbers pairs: a register has two of halves, one of singles
    [Encoding("11111110 sz d rot vn vd 1000 n1 q m 0 vm", "vcmla.{c23}", Requires = "FCMA")]
    public static void VcmlaElement(A32Emitter e, A32Word i)
    {
        int size = i.Flag(23) ? 2 : 1, m = size == 2 ? A32Emitter.Dm(i) : i.Rm;
        if (e.HasLanes(size))
            Scalar(e, i, ComplexHelpers.MulAdd, m, new VectorKind(i.Field(20, 2), size, A32Emitter.Count(i.Flag(6), size), Index: size == 2 ? 0 : i.Field(5, 1)));
    }

    [Encoding("11111100 0 d 10 vn vd 1000 n1 q m 1 vm", "vfmal.f16", Requires = "FHM")]
    [Encoding("11111100 1 d 10 vn vd 1000 n1 q m 1 vm", "vfmsl.f16", Requires = "FHM")]
    public static void Vfmal(A32Emitter e, A32Word i) => Halves(e, i, i.Flag(23), A32Emitter.Dm(i), A32Emitter.Vm(i, FpFormat.Single), -1);

    [Encoding("11111110 0 d 00 vn vd 1000 n1 q m 1 vm", "vfmal.f16", Requires = "FHM")]
    [Encoding("11111110 0 d 01 vn vd 1000 n1 q m 1 vm", "vfmsl.f16", Requires = "FHM")]
    public static void VfmalElement(A32Emitter e, A32Word i)
    {
        int single = (i.Field(0, 3) << 1) | i.Field(5, 1);
        Halves(e, i, i.Flag(20), i.Field(0, 3), single, i.Flag(6) ? (i.Field(5, 1) << 1) | i.Field(3, 1) : i.Field(3, 1));
    }

    [Encoding("11111100 0 d 11 vn vd 1000 n1 0 m 1 vm", "vfmab.bf16", Requires = "BF16")]
    [Encoding("11111100 0 d 11 vn vd 1000 n1 1 m 1 vm", "vfmat.bf16", Requires = "BF16")]
    public static void Vfmab(A32Emitter e, A32Word i) => Brain(e, i, A32Emitter.Dm(i), 1, -1);

    [Encoding("11111110 0 d 11 vn vd 1000 n1 0 m 1 vm", "vfmab.bf16", Requires = "BF16")]
    [Encoding("11111110 0 d 11 vn vd 1000 n1 1 m 1 vm", "vfmat.bf16", Requires = "BF16")]
    public static void VfmabElement(A32Emitter e, A32Word i) => Brain(e, i, i.Field(0, 3), 0, (i.Field(5, 1) << 1) | i.Field(3, 1));

    [Encoding("11111100 0 d 00 vn vd 1101 n1 q m 0 vm", "vdot.bf16", Requires = "BF16")]
    public static void VdotBrain(A32Emitter e, A32Word i) => Same(e, i, BrainFloatHelpers.Dot, new VectorKind(0, 2, A32Emitter.Count(i.Flag(6), 2)));

    [Encoding("11111110 0 d 00 vn vd 1101 n1 q m 0 vm", "vdot.bf16", Requires = "BF16")]
    public static void VdotBrainElement(A32Emitter e, A32Word i)
        => Scalar(e, i, BrainFloatHelpers.Dot, i.Rm, new VectorKind(0, 2, A32Emitter.Count(i.Flag(6), 2), Index: i.Field(5, 1)));

    [Encoding("11111100 0 d 00 vn vd 1100 n1 1 m 0 vm", "vmmla.bf16", Requires = "BF16")]
    public static void VmmlaBrain(A32Emitter e, A32Word i) => Same(e, i, BrainFloatHelpers.MatrixMulAdd, new VectorKind(0, 2, 4));

    [Encoding("111100111 d 11 01 10 vd 0 1100 1 m 0 vm", "vcvt.bf16.f32", Requires = "BF16")]
    public static void VcvtToBrain(A32Emitter e, A32Word i)
    {
        if (e.HasRegisters(A32Emitter.Dm(i), A32Emitter.Dd(i)))
            e.CallLanes(BrainFloatHelpers.Narrow, A32Emitter.Dd(i), A32Emitter.Dm(i), A32Emitter.Dm(i), new VectorKind(0, 1, 4), true, true);
    }

    [Encoding("11111100 1 d 10 vn vd 1101 n1 q m 0 vm", "vusdot.s8", Requires = "I8MM")]
    public static void Vusdot(A32Emitter e, A32Word i) => Same(e, i, MatrixHelpers.MixedDot, new VectorKind(0, 2, A32Emitter.Count(i.Flag(6), 2)));

    [Encoding("11111110 1 d 00 vn vd 1101 n1 q m 0 vm", "vusdot.s8", Requires = "I8MM")]
    [Encoding("11111110 1 d 00 vn vd 1101 n1 q m 1 vm", "vsudot.u8", Requires = "I8MM")]
    public static void VusdotElement(A32Emitter e, A32Word i)
        => Scalar(e, i, MatrixHelpers.MixedDot, i.Rm, new VectorKind(0, 2, A32Emitter.Count(i.Flag(6), 2), Index: i.Field(5, 1), Signed: i.Flag(4)));

    [Encoding("11111100 0 d 10 vn vd 1100 n1 1 m 0 vm", "vsmmla.s8", Requires = "I8MM")]
    [Encoding("11111100 0 d 10 vn vd 1100 n1 1 m 1 vm", "vummla.u8", Requires = "I8MM")]
    [Encoding("11111100 1 d 10 vn vd 1100 n1 1 m 0 vm", "vusmmla.s8", Requires = "I8MM")]
    public static void Vsmmla(A32Emitter e, A32Word i)
    {
        bool unsigned = i.Flag(4), mixed = i.Flag(23);
        Same(e, i, MatrixHelpers.MulAdd, new VectorKind(unsigned ? 0 : 1, 2, 4, Signed: !unsigned && !mixed));
    }

    // of double destinations the operands are single registers, of quad ones double
    private static void Halves(A32Emitter e, A32Word i, bool subtracts, int m, int single, int index)
    {
        int operation = subtracts ? 1 : 0, d = A32Emitter.Dd(i), n = A32Emitter.Dn(i);
        if (i.Flag(6))
        {
            if (e.HasRegisters(d, n | m))
                e.CallLanes(WideningHelpers.HalfMulAdd, d, n, m, new VectorKind(operation, 2, 4, Index: index), false, true);
            return;
        }

        int first = A32Emitter.Vn(i, FpFormat.Single), offset = 2 * (single & 1);
        if (e.HasRegisters(0, d))
        {
            var kind = new VectorKind(operation, 2, 2, (first & 1) != 0, index >= 0 ? offset + index : -1, offset, HasImmediate: true);
            e.CallLanes(WideningHelpers.HalfMulAdd, d, first / 2, single / 2, kind, true, true);
        }
    }

    private static void Brain(A32Emitter e, A32Word i, int m, int quads, int index)
    {
        int registers = A32Emitter.Dd(i) | A32Emitter.Dn(i);
        if (e.HasRegisters(registers | (quads * m), m))
            e.CallLanes(WideningHelpers.BrainMulAdd, A32Emitter.Dd(i), A32Emitter.Dn(i), m, new VectorKind(0, 2, 4, i.Flag(6), index), false, true);
    }

    private static void Same(A32Emitter e, A32Word i, IrHelper helper, VectorKind kind)
    {
        if (e.HasRegisters(i))
            e.CallLanes(helper, A32Emitter.Dd(i), A32Emitter.Dn(i), A32Emitter.Dm(i), kind, !i.Flag(6));
    }

    private static void Scalar(A32Emitter e, A32Word i, IrHelper helper, int m, VectorKind kind)
    {
        int registers = A32Emitter.Dd(i) | A32Emitter.Dn(i);
        if (i.Flag(6) ? e.HasRegisters(registers, m) : e.HasRegisters(0, registers | m))
            e.CallLanes(helper, A32Emitter.Dd(i), A32Emitter.Dn(i), m, kind, !i.Flag(6), true);
    }
}
