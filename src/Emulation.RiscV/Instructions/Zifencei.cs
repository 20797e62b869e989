using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zifencei": instruction-fetch fence. RISC-V Unprivileged ISA, "Zifencei"; the unused fields are ignored as it says.</summary>
[Extension("Zifencei")]
internal static class Zifencei
{
    [Encoding("imm:12 rs1 001 rd 0001111", "fence.i")]
    public static void FenceI(RvEmitter e, RvWord i)
    {
        e.Ir.Call(RiscVHelpers.FenceI);
        e.ContinueIndirect();
    }
}
