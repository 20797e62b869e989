using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zawrs": wait on reservation set. RISC-V Unprivileged ISA, "Zawrs".</summary>
[Extension("Zawrs")]
internal static class Zawrs
{
    [Encoding("000000001101 00000 000 00000 1110011", "wrs.nto")]
    public static void WrsNto(RvEmitter e, RvWord i)
    {
        if ((e.Mode & RiscVMode.TrapWrs) != 0)
            e.Illegal();
        else
            Wait(e, RiscVHelpers.WrsNto);
    }

    [Encoding("000000011101 00000 000 00000 1110011", "wrs.sto")]
    public static void WrsSto(RvEmitter e, RvWord i) => Wait(e, RiscVHelpers.WrsSto);

    private static void Wait(RvEmitter e, IrHelper helper)
    {
        e.Ir.Call(helper);
        e.ContinueInRunLoop();
    }
}
