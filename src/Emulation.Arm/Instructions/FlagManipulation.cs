using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Flags set without arithmetic. Arm DDI 0487, "FEAT_FlagM", "FEAT_FlagM2".</summary>
[Extension("FlagM")]
internal static class FlagManipulation
{
    [Encoding("1 0111010000 imm6 00001 rn 0 m:4", "rmif")]
    public static void Rmif(A64Emitter e, A64Word i)
    {
        IrValue rotated = e.Ir.Binary(IrOp.RotR, e.X(i.Rn), e.Const((ulong)i.Field(15, 6)));
        ulong mask = (ulong)i.Field(0, 4);
        e.SetNzcv(e.Ir.Or(e.Ir.And(rotated, e.Const(mask)), e.Ir.And(e.Nzcv(), e.Const(~mask & 15))));
    }

    [Encoding("0 0111010000 00000 000010 rn 01101", "setf8")]
    public static void Setf8(A64Emitter e, A64Word i) => SetFrom(e, i, 8);

    [Encoding("0 0111010000 00000 010010 rn 01101", "setf16")]
    public static void Setf16(A64Emitter e, A64Word i) => SetFrom(e, i, 16);

    [Encoding("1101010100 0 00 000 0100 0000 000 11111", "cfinv")]
    public static void Cfinv(A64Emitter e, A64Word i)
    {
        e.Ir.Set(e.Registers.C, e.Not(e.Ir.Get(e.Registers.C)));
        e.ForgetComparison();
    }

    [Encoding("1101010100 0 00 000 0100 0000 001 11111", "xaflag", Requires = "FlagM2")]
    public static void Xaflag(A64Emitter e, A64Word i)
    {
        IrValue z = e.Condition(0), c = e.Condition(2);
        IrValue notC = e.Not(c), notZ = e.Not(z);
        e.SetFlags(
            e.Ir.Shl(e.Ir.ZExt(e.Ir.And(notC, notZ), IrType.I64), 63),
            e.Ir.ZExt(e.Not(e.Ir.And(z, c)), IrType.I64),
            e.Ir.Or(c, z),
            e.Ir.Shl(e.Ir.ZExt(e.Ir.And(notC, z), IrType.I64), 63));
    }

    [Encoding("1101010100 0 00 000 0100 0000 010 11111", "axflag", Requires = "FlagM2")]
    public static void Axflag(A64Emitter e, A64Word i)
    {
        IrValue z = e.Condition(0), c = e.Condition(2), v = e.Condition(6);
        e.SetFlags(e.Const(0), e.Ir.ZExt(e.Not(e.Ir.Or(z, v)), IrType.I64), e.Ir.And(c, e.Not(v)), e.Const(0));
    }

    private static void SetFrom(A64Emitter e, A64Word i, int width)
    {
        IrValue value = e.X(i.Rn), placed = e.Ir.Shl(value, 64 - width);
        IrValue overflow = e.Ir.Xor(placed, e.Ir.Shl(value, 63 - width));
        e.SetFlags(placed, placed, e.Ir.Get(e.Registers.C), overflow);
    }
}
