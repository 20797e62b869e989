using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Conditional comparison and selection. Arm DDI 0487, C4.1.95.</summary>
[Extension("Base")]
internal static class Conditional
{
    [Encoding("sf 0111010010 rm cond 00 rn 0 nzcv", "ccmn")]
    public static void CcmnRegister(A64Emitter e, A64Word i) => Compare(e, i, e.R(i.Sf, i.Rm), adds: true);

    [Encoding("sf 1111010010 rm cond 00 rn 0 nzcv", "ccmp")]
    public static void CcmpRegister(A64Emitter e, A64Word i) => Compare(e, i, e.R(i.Sf, i.Rm), adds: false);

    [Encoding("sf 0111010010 imm5 cond 10 rn 0 nzcv", "ccmn")]
    public static void CcmnImmediate(A64Emitter e, A64Word i) => Compare(e, i, e.Const((ulong)i.Imm5, i.Sf), adds: true);

    [Encoding("sf 1111010010 imm5 cond 10 rn 0 nzcv", "ccmp")]
    public static void CcmpImmediate(A64Emitter e, A64Word i) => Compare(e, i, e.Const((ulong)i.Imm5, i.Sf), adds: false);

    [Encoding("sf 0011010100 rm cond 00 rn rd", "csel")]
    public static void Csel(A64Emitter e, A64Word i) => Select(e, i, e.R(i.Sf, i.Rm));

    [Encoding("sf 0011010100 rm cond 01 rn rd", "csinc")]
    public static void Csinc(A64Emitter e, A64Word i)
    {
        if (i.Rn == A64Emitter.R31 && i.Rm == A64Emitter.R31)
            e.SetX(i.Rd, e.Ir.ZExt(e.Not(e.Condition(i.Cond)), IrType.I64));
        else
            Select(e, i, e.Ir.Add(e.R(i.Sf, i.Rm), 1));
    }

    [Encoding("sf 1011010100 rm cond 00 rn rd", "csinv")]
    public static void Csinv(A64Emitter e, A64Word i) => Select(e, i, e.Ir.Not(e.R(i.Sf, i.Rm)));

    [Encoding("sf 1011010100 rm cond 01 rn rd", "csneg")]
    public static void Csneg(A64Emitter e, A64Word i) => Select(e, i, e.Ir.Neg(e.R(i.Sf, i.Rm)));

    private static void Select(A64Emitter e, A64Word i, IrValue other)
        => e.SetX(i.Rd, e.Ir.Select(e.Condition(i.Cond), e.R(i.Sf, i.Rn), other));

    private static void Compare(A64Emitter e, A64Word i, IrValue b, bool adds)
    {
        IrValue condition = e.Condition(i.Cond), a = e.R(i.Sf, i.Rn);
        IrValue result = adds ? e.Ir.Add(a, b) : e.Ir.Sub(a, b);
        IrValue carry = adds ? e.Ir.Compare(IrOp.LtU, result, a) : e.Ir.Compare(IrOp.LeU, b, a);
        IrValue overflow = adds ? e.Ir.And(e.Ir.Xor(result, a), e.Ir.Xor(result, b)) : e.Ir.And(e.Ir.Xor(a, b), e.Ir.Xor(a, result));
        IrValue wide = e.Ir.SExt(result, IrType.I64);
        const ulong Top = 1UL << 63;
        e.SetFlags(
            e.Ir.Select(condition, wide, e.Const((i.Nzcv & 8) != 0 ? Top : 0)),
            e.Ir.Select(condition, wide, e.Const((i.Nzcv & 4) != 0 ? 0UL : 1)),
            e.Ir.Select(condition, carry, e.Ir.Const((ulong)(i.Nzcv >> 1) & 1, IrType.I1)),
            e.Ir.Select(condition, e.Ir.SExt(overflow, IrType.I64), e.Const((i.Nzcv & 1) != 0 ? Top : 0)));
    }
}
