using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>
/// Copying and setting memory. Arm DDI 0487, C6.2 "CPYFP, CPYFM, CPYFE" to "SETPN, SETMN, SETEN". Option A: what remains is the
/// size register. The prologue puts registers in order, the main part does the work in pieces, between which it can be left.
/// </summary>
[Extension("MOPS")]
internal static class MemoryCopies
{
    [Encoding("00 011 o0:1 01 00 0 rs op2:4 01 rn rd", "cpy{f}p{options}")]
    public static void CopyPrologue(A64Emitter e, A64Word i) => Prologue(e, i, MopsHelpers.CopyPrologue);

    [Encoding("00 011 o0:1 01 01 0 rs op2:4 01 rn rd", "cpy{f}m{options}")]
    [Encoding("00 011 o0:1 01 10 0 rs op2:4 01 rn rd", "cpy{f}e{options}")]
    public static void CopyBody(A64Emitter e, A64Word i) => Body(e, i, MopsHelpers.Copy);

    [Encoding("00 011 0 01 11 0 rs 00 op2:2 01 rn rd", "setp{options}")]
    public static void SetPrologue(A64Emitter e, A64Word i) => Prologue(e, i, MopsHelpers.SetPrologue);

    [Encoding("00 011 0 01 11 0 rs 01 op2:2 01 rn rd", "setm{options}")]
    [Encoding("00 011 0 01 11 0 rs 10 op2:2 01 rn rd", "sete{options}")]
    public static void SetBody(A64Emitter e, A64Word i) => Body(e, i, MopsHelpers.Set);

    private static void Prologue(A64Emitter e, A64Word i, IrHelper helper)
    {
        if (!HasRegisters(e, i))
            return;
        e.Ir.Call(helper, e.Ir.Const(i.Bits, IrType.I32));
        e.SetFlags(e.Const(0), e.Const(1), e.Ir.Const(0, IrType.I1), e.Const(0));
    }

    // as long as something remains it is the next instruction again
    private static void Body(A64Emitter e, A64Word i, IrHelper helper)
    {
        if (!HasRegisters(e, i))
            return;
        e.Ir.Call(helper, e.Ir.Const(i.Bits, IrType.I32));
        e.ForgetComparison();
        e.Branch(e.Ir.Compare(IrOp.Ne, e.X(i.Rn), e.Const(0)), e.Pc);
    }

    private static bool HasRegisters(A64Emitter e, A64Word i)
    {
        bool sets = i.Field(22, 2) == 3;
        bool distinct = i.Rd != i.Rn && i.Rd != i.Rs && i.Rn != i.Rs && i.Rd != A64Emitter.R31 && i.Rn != A64Emitter.R31 && (sets || i.Rs != A64Emitter.R31);
        if (!distinct)
            e.Undefined();
        else if ((e.Mode & ArmMode.NoCopies) != 0)
            e.RaiseAndEnd(ArmException.Unknown, 0);
        return !e.Ended;
    }
}
