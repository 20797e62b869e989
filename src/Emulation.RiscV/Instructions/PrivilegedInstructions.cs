using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>Privileged instructions. RISC-V Privileged Architecture, "Machine-Level ISA" and "Supervisor Instructions".</summary>
[Extension("Privileged", Requires = "Zicsr")]
internal static class PrivilegedInstructions
{
    [Encoding("0001000 00010 00000 000 00000 1110011", "sret")]
    public static void Sret(RvEmitter e, RvWord i)
    {
        if (!e.Isa.HasSupervisorMode || e.Privilege == 0 || (e.Privilege == 1 && (e.Mode & RiscVMode.TrapSret) != 0))
            e.Illegal();
        else
            e.ContinueIndirect(e.Ir.Call(RiscVHelpers.Sret));
    }

    [Encoding("0011000 00010 00000 000 00000 1110011", "mret")]
    public static void Mret(RvEmitter e, RvWord i)
    {
        if (e.Privilege != 3)
            e.Illegal();
        else
            e.ContinueIndirect(e.Ir.Call(RiscVHelpers.Mret));
    }

    [Encoding("0001000 00101 00000 000 00000 1110011", "wfi")]
    public static void Wfi(RvEmitter e, RvWord i)
    {
        if ((e.Mode & RiscVMode.TrapWfi) != 0)
        {
            e.Illegal();
            return;
        }

        e.Ir.Call(RiscVHelpers.Wfi);
        e.ContinueInRunLoop();
    }

    [Encoding("0001001 rs2 rs1 000 00000 1110011", "sfence.vma {rs1}, {rs2}")]
    [Encoding("0001011 rs2 rs1 000 00000 1110011", "sinval.vma {rs1}, {rs2}", Requires = "Svinval")]
    public static void SfenceVma(RvEmitter e, RvWord i)
    {
        if (!e.Isa.HasSupervisorMode || e.Privilege == 0 || (e.Privilege == 1 && (e.Mode & RiscVMode.TrapVm) != 0))
        {
            e.Illegal();
            return;
        }

        IrValue flags = e.Ir.Const((i.Rs1 != 0 ? 1UL : 0) | (i.Rs2 != 0 ? 2UL : 0));
        e.Ir.Call(RiscVHelpers.SfenceVma, e.Address(i.Rs1), e.Address(i.Rs2), flags);
        e.ContinueIndirect();
    }

    // SINVAL.VMA acts at once, so the fences around it have nothing left to order; TVM does not trap them
    [Encoding("0001100 00000 00000 000 00000 1110011", "sfence.w.inval", Requires = "Svinval")]
    [Encoding("0001100 00001 00000 000 00000 1110011", "sfence.inval.ir", Requires = "Svinval")]
    public static void SfenceInval(RvEmitter e, RvWord i)
    {
        if (!e.Isa.HasSupervisorMode || e.Privilege == 0)
            e.Illegal();
        else
            e.Ir.Fence();
    }
}
