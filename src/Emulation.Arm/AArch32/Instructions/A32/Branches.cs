using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Branches to known addresses: they make conditions of their own. Arm DDI 0487, F4.1.5 "Branch (immediate)".</summary>
[Extension(A32Tables.Branches, Requires = "AArch32")]
internal static class Branches
{
    [Encoding("cond!=15 1010 imm24", "b{c}")]
    public static void B(A32Emitter e, A32Word i) => e.BranchStatic(e.PcValue + (uint)(i.Imm24 << 2));
}

/// <summary>Branches that link, exchange, or go to registers. Arm DDI 0487, F4.1.5, F4.1.2 "Miscellaneous".</summary>
[Extension("AArch32")]
internal static class LinkingBranches
{
    [Encoding("cond!=15 1011 imm24", "bl{c}")]
    public static void Bl(A32Emitter e, A32Word i)
    {
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc, IR.IrType.I32));
        e.BranchGuarded(e.PcValue + (uint)(i.Imm24 << 2));
    }

    [Encoding("1111 101 h imm24", "blx", Requires = "V5TE")]
    public static void Blx(A32Emitter e, A32Word i)
    {
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc, IR.IrType.I32));
        e.ExchangeStatic(e.PcValue + (uint)(i.Imm24 << 2) + (i.Flag(24) ? 2u : 0));
    }

    [Encoding("cond!=15 00010010 1111 1111 1111 0001 rm", "bx{c}")]
    public static void Bx(A32Emitter e, A32Word i) => e.BranchExchange(e.R(i.Rm));

    [Encoding("cond!=15 00010010 1111 1111 1111 0010 rm", "bxj{c}", Requires = "V5TEJ")]
    public static void Bxj(A32Emitter e, A32Word i) => e.BranchExchange(e.R(i.Rm));

    [Encoding("cond!=15 00010010 1111 1111 1111 0011 rm", "blx{c}", Requires = "V5TE")]
    public static void BlxRegister(A32Emitter e, A32Word i)
    {
        IR.IrValue target = e.R(i.Rm);
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc, IR.IrType.I32));
        e.BranchExchange(target);
    }
}
