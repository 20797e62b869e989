using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>What compilers used several instructions for. Arm DDI 0487, "FEAT_CSSC".</summary>
[Extension("CSSC")]
internal static class ShortSequences
{
    [Encoding("sf 1011010110 00000 001000 rn rd", "abs")]
    public static void Abs(A64Emitter e, A64Word i)
    {
        IrValue value = e.R(i.Sf, i.Rn);
        e.SetX(i.Rd, e.Ir.Select(e.Ir.Compare(IrOp.LtS, value, e.Const(0, i.Sf)), e.Ir.Neg(value), value));
    }

    [Encoding("sf 1011010110 00000 000111 rn rd", "cnt")]
    public static void Cnt(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.PopCount, e.R(i.Sf, i.Rn)));

    [Encoding("sf 1011010110 00000 000110 rn rd", "ctz")]
    public static void Ctz(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.Ctz, e.R(i.Sf, i.Rn)));

    [Encoding("sf 0011010110 rm 011000 rn rd", "smax")]
    public static void Smax(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtS, true, e.R(i.Sf, i.Rm));

    [Encoding("sf 0011010110 rm 011001 rn rd", "umax")]
    public static void Umax(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtU, true, e.R(i.Sf, i.Rm));

    [Encoding("sf 0011010110 rm 011010 rn rd", "smin")]
    public static void Smin(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtS, false, e.R(i.Sf, i.Rm));

    [Encoding("sf 0011010110 rm 011011 rn rd", "umin")]
    public static void Umin(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtU, false, e.R(i.Sf, i.Rm));

    [Encoding("sf 00 100011 1 0000 imm8 rn rd", "smax")]
    public static void SmaxImmediate(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtS, true, e.Const((ulong)(long)i.Signed(10, 8), i.Sf));

    [Encoding("sf 00 100011 1 0001 imm8 rn rd", "umax")]
    public static void UmaxImmediate(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtU, true, e.Const((ulong)i.Field(10, 8), i.Sf));

    [Encoding("sf 00 100011 1 0010 imm8 rn rd", "smin")]
    public static void SminImmediate(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtS, false, e.Const((ulong)(long)i.Signed(10, 8), i.Sf));

    [Encoding("sf 00 100011 1 0011 imm8 rn rd", "umin")]
    public static void UminImmediate(A64Emitter e, A64Word i) => Choose(e, i, IrOp.LtU, false, e.Const((ulong)i.Field(10, 8), i.Sf));

    private static void Choose(A64Emitter e, A64Word i, IrOp less, bool greater, IrValue b)
    {
        IrValue a = e.R(i.Sf, i.Rn);
        e.SetX(i.Rd, e.Ir.Select(e.Ir.Compare(less, a, b), greater ? b : a, greater ? a : b));
    }
}
