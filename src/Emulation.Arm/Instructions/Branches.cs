using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Branches. Arm DDI 0487, C4.1.93.</summary>
[Extension("Base")]
internal static class Branches
{
    private const int LinkRegister = 30;

    [Encoding("000101 imm26", "b")]
    public static void B(A64Emitter e, A64Word i) => e.Jump(e.Pc + (ulong)i.Imm26);

    [Encoding("100101 imm26", "bl")]
    public static void Bl(A64Emitter e, A64Word i)
    {
        e.SetX(LinkRegister, e.Const(e.NextPc));
        e.Jump(e.Pc + (ulong)i.Imm26);
    }

    [Encoding("01010100 imm19 0 cond", "b.{cond}")]
    public static void BCond(A64Emitter e, A64Word i) => e.Branch(e.Condition(i.Field(0, 4)), e.Pc + (ulong)i.Imm19);

    [Encoding("sf 0110100 imm19 rt", "cbz")]
    public static void Cbz(A64Emitter e, A64Word i) => Compare(e, i, IrOp.Eq);

    [Encoding("sf 0110101 imm19 rt", "cbnz")]
    public static void Cbnz(A64Emitter e, A64Word i) => Compare(e, i, IrOp.Ne);

    [Encoding("b5 0110110 b40 imm14 rt", "tbz")]
    public static void Tbz(A64Emitter e, A64Word i) => Test(e, i, IrOp.Eq);

    [Encoding("b5 0110111 b40 imm14 rt", "tbnz")]
    public static void Tbnz(A64Emitter e, A64Word i) => Test(e, i, IrOp.Ne);

    [Encoding("1101011 0000 11111 000000 rn 00000", "br")]
    public static void Br(A64Emitter e, A64Word i)
    {
        e.SetJumpType(i.Rn);
        e.JumpIndirect(e.X(i.Rn));
    }

    [Encoding("1101011 0001 11111 000000 rn 00000", "blr")]
    public static void Blr(A64Emitter e, A64Word i)
    {
        IrValue target = e.X(i.Rn);
        e.SetX(LinkRegister, e.Const(e.NextPc));
        e.SetCallType();
        e.JumpIndirect(target);
    }

    [Encoding("1101011 0010 11111 000000 rn 00000", "ret")]
    public static void Ret(A64Emitter e, A64Word i) => e.JumpIndirect(e.X(i.Rn));

    private static void Compare(A64Emitter e, A64Word i, IrOp op)
        => e.Branch(e.Ir.Compare(op, e.R(i.Sf, i.Rt), e.Const(0, i.Sf)), e.Pc + (ulong)i.Imm19);

    private static void Test(A64Emitter e, A64Word i, IrOp op)
    {
        int bit = (i.Field(31, 1) << 5) | i.Field(19, 5);
        e.Branch(e.Ir.Compare(op, e.Ir.And(e.X(i.Rt), e.Const(1UL << bit)), e.Const(0)), e.Pc + (ulong)i.Imm14);
    }
}
