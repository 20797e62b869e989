using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Vector shifts by constants, and constants. Arm DDI 0487, F4.1.14.</summary>
[Extension("Neon")]
internal static class NeonImmediate
{
    [Encoding("1111001 v 1 d imm6 vd 0000 1 q m 1 vm", "vshr.{u}{imm}")]
    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 0000 0 q m 1 vm", "vshr.{u}{imm}")]
    public static void Vshr(A32Emitter e, A32Word i) => Right(e, i, VecOp.ShrS, VecOp.ShrU);

    [Encoding("1111001 v 1 d imm6 vd 0001 1 q m 1 vm", "vsra.{u}{imm}")]
    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 0001 0 q m 1 vm", "vsra.{u}{imm}")]
    public static void Vsra(A32Emitter e, A32Word i) => Right(e, i, VecOp.SraS, VecOp.SraU);

    [Encoding("1111001 v 1 d imm6 vd 0010 1 q m 1 vm", "vrshr.{u}{imm}")]
    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 0010 0 q m 1 vm", "vrshr.{u}{imm}")]
    public static void Vrshr(A32Emitter e, A32Word i) => Right(e, i, VecOp.RshrS, VecOp.RshrU);

    [Encoding("1111001 v 1 d imm6 vd 0011 1 q m 1 vm", "vrsra.{u}{imm}")]
    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 0011 0 q m 1 vm", "vrsra.{u}{imm}")]
    public static void Vrsra(A32Emitter e, A32Word i) => Right(e, i, VecOp.RsraS, VecOp.RsraU);

    [Encoding("1111001 1 1 d imm6 vd 0100 1 q m 1 vm", "vsri.{imm}")]
    [Encoding("1111001 1 1 d high:3!=0 low:3 vd 0100 0 q m 1 vm", "vsri.{imm}")]
    public static void Vsri(A32Emitter e, A32Word i) => Right(e, i, VecOp.Sri, VecOp.Sri);

    [Encoding("1111001 0 1 d imm6 vd 0101 1 q m 1 vm", "vshl.i{imm}")]
    [Encoding("1111001 0 1 d high:3!=0 low:3 vd 0101 0 q m 1 vm", "vshl.i{imm}")]
    public static void Vshl(A32Emitter e, A32Word i) => Left(e, i, VecOp.ShlImmediate);

    [Encoding("1111001 1 1 d imm6 vd 0101 1 q m 1 vm", "vsli.{imm}")]
    [Encoding("1111001 1 1 d high:3!=0 low:3 vd 0101 0 q m 1 vm", "vsli.{imm}")]
    public static void Vsli(A32Emitter e, A32Word i) => Left(e, i, VecOp.Sli);

    [Encoding("1111001 1 1 d imm6 vd 0110 1 q m 1 vm", "vqshlu.s{imm}")]
    [Encoding("1111001 1 1 d high:3!=0 low:3 vd 0110 0 q m 1 vm", "vqshlu.s{imm}")]
    public static void Vqshlu(A32Emitter e, A32Word i) => Left(e, i, VecOp.QshlSToU);

    [Encoding("1111001 v 1 d imm6 vd 0111 1 q m 1 vm", "vqshl.{u}{imm}")]
    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 0111 0 q m 1 vm", "vqshl.{u}{imm}")]
    public static void Vqshl(A32Emitter e, A32Word i) => Left(e, i, i.Flag(24) ? VecOp.QshlU : VecOp.QshlS);

    [Encoding("1111001 0 1 d high:3!=0 low:3 vd 1000 0 0 m 1 vm", "vshrn.i{immw}")]
    public static void Vshrn(A32Emitter e, A32Word i) => Narrow(e, i, VecOp.ShrNarrow);

    [Encoding("1111001 0 1 d high:3!=0 low:3 vd 1000 0 1 m 1 vm", "vrshrn.i{immw}")]
    public static void Vrshrn(A32Emitter e, A32Word i) => Narrow(e, i, VecOp.RshrNarrow);

    [Encoding("1111001 1 1 d high:3!=0 low:3 vd 1000 0 0 m 1 vm", "vqshrun.s{immw}")]
    public static void Vqshrun(A32Emitter e, A32Word i) => Narrow(e, i, VecOp.ShrNarrowSToU);

    [Encoding("1111001 1 1 d high:3!=0 low:3 vd 1000 0 1 m 1 vm", "vqrshrun.s{immw}")]
    public static void Vqrshrun(A32Emitter e, A32Word i) => Narrow(e, i, VecOp.RshrNarrowSToU);

    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 1001 0 0 m 1 vm", "vqshrn.{u}{immw}")]
    public static void Vqshrn(A32Emitter e, A32Word i) => Narrow(e, i, i.Flag(24) ? VecOp.ShrNarrowU : VecOp.ShrNarrowS);

    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 1001 0 1 m 1 vm", "vqrshrn.{u}{immw}")]
    public static void Vqrshrn(A32Emitter e, A32Word i) => Narrow(e, i, i.Flag(24) ? VecOp.RshrNarrowU : VecOp.RshrNarrowS);

    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 1010 0 0 m 1 vm", "{vshll}.{u}{imm}")]
    public static void Vshll(A32Emitter e, A32Word i)
    {
        if (!TryShift(e, i, out int size, out int value))
            return;
        e.ShiftLong(i, size, value - (8 << size), !i.Flag(24));
    }

    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 1110 0 q m 1 vm", "vcvt.f32.{u}32")]
    public static void VcvtFromFixed(A32Emitter e, A32Word i) => Fixed(e, i, i.Flag(24) ? VecOp.FromU : VecOp.FromS, 2);

    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 1111 0 q m 1 vm", "vcvt.{u}32.f32")]
    public static void VcvtToFixed(A32Emitter e, A32Word i) => Fixed(e, i, i.Flag(24) ? VecOp.ToU : VecOp.ToS, 2);

    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 1100 0 q m 1 vm", "vcvt.f16.{u}16", Requires = "FP16")]
    public static void VcvtFromFixedHalf(A32Emitter e, A32Word i) => Fixed(e, i, i.Flag(24) ? VecOp.FromU : VecOp.FromS, 1);

    [Encoding("1111001 v 1 d high:3!=0 low:3 vd 1101 0 q m 1 vm", "vcvt.{u}16.f16", Requires = "FP16")]
    public static void VcvtToFixedHalf(A32Emitter e, A32Word i) => Fixed(e, i, i.Flag(24) ? VecOp.ToU : VecOp.ToS, 1);

    [Encoding("1111001 i 1 d 000 imm3 vd 0..0 0 q 0 1 imm4", "vmov.i32")]
    [Encoding("1111001 i 1 d 000 imm3 vd 10.0 0 q 0 1 imm4", "vmov.i16")]
    [Encoding("1111001 i 1 d 000 imm3 vd 110. 0 q 0 1 imm4", "vmov.i32")]
    [Encoding("1111001 i 1 d 000 imm3 vd 1110 0 q 0 1 imm4", "vmov.i8")]
    [Encoding("1111001 i 1 d 000 imm3 vd 1110 0 q 1 1 imm4", "vmov.i64")]
    [Encoding("1111001 i 1 d 000 imm3 vd 1111 0 q 0 1 imm4", "vmov.f32")]
    public static void Vmov(A32Emitter e, A32Word i) => Set(e, i, (_, value) => value, false);

    [Encoding("1111001 i 1 d 000 imm3 vd 0..0 0 q 1 1 imm4", "vmvn.i32")]
    [Encoding("1111001 i 1 d 000 imm3 vd 10.0 0 q 1 1 imm4", "vmvn.i16")]
    [Encoding("1111001 i 1 d 000 imm3 vd 110. 0 q 1 1 imm4", "vmvn.i32")]
    public static void Vmvn(A32Emitter e, A32Word i) => Set(e, i, (_, value) => value, true);

    [Encoding("1111001 i 1 d 000 imm3 vd 0..1 0 q 0 1 imm4", "vorr.i32")]
    [Encoding("1111001 i 1 d 000 imm3 vd 10.1 0 q 0 1 imm4", "vorr.i16")]
    public static void Vorr(A32Emitter e, A32Word i) => Set(e, i, (old, value) => e.Ir.Vector(IrOp.VOr, old, value), false);

    [Encoding("1111001 i 1 d 000 imm3 vd 0..1 0 q 1 1 imm4", "vbic.i32")]
    [Encoding("1111001 i 1 d 000 imm3 vd 10.1 0 q 1 1 imm4", "vbic.i16")]
    public static void Vbic(A32Emitter e, A32Word i) => Set(e, i, (old, value) => e.Ir.Vector(IrOp.VAndNot, old, value), false);

    private static void Set(A32Emitter e, A32Word i, Func<IrValue, IrValue, IrValue> operation, bool inverts)
    {
        bool quad = i.Flag(6);
        int d = A32Emitter.Dd(i);
        if (!(quad ? e.HasRegisters(d, 0) : e.HasRegisters(0, d)))
            return;
        int imm8 = (i.Field(24, 1) << 7) | (i.Field(16, 3) << 4) | i.Field(0, 4);
        ulong value = VectorImmediate.Expand(i.Field(8, 4), i.Flag(5), imm8);
        if (inverts)
            value = ~value;
        e.SetVector(d, quad, operation(e.Vector(d, quad), e.Ir.VectorConst(value, value)));
    }

    private static void Right(A32Emitter e, A32Word i, VecOp signed, VecOp unsigned)
    {
        if (TryShift(e, i, out int size, out int value))
            e.ShiftLanes(i, i.Flag(24) ? unsigned : signed, size, (16 << size) - value);
    }

    private static void Left(A32Emitter e, A32Word i, VecOp op)
    {
        if (TryShift(e, i, out int size, out int value))
            e.ShiftLanes(i, op, size, value - (8 << size));
    }

    private static void Narrow(A32Emitter e, A32Word i, VecOp op)
    {
        if (TryShift(e, i, out int size, out int value))
            e.Narrow(i, op, size, (16 << size) - value);
    }

    private static void Fixed(A32Emitter e, A32Word i, VecOp op, int size)
    {
        if (i.Flag(21) && (size == 2 || i.Flag(20)))
            e.FixedPoint(i, op, size);
        else
            e.Undefined();
    }

    // no bit of the size: other encodings, those that are not constants undefined
    private static bool TryShift(A32Emitter e, A32Word i, out int size, out int value)
    {
        (size, value) = A32Emitter.ShiftImmediate(i);
        if (value >= 8)
            return true;
        e.Undefined();
        return false;
    }
}
