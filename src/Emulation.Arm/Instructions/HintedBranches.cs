using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Conditional branches that mostly go the same way. Arm DDI 0487, "FEAT_HBC".</summary>
[Extension("HBC")]
internal static class HintedBranches
{
    [Encoding("01010100 imm19 1 cond", "bc.{cond}")]
    public static void Bc(A64Emitter e, A64Word i) => Branches.BCond(e, i);
}
