using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Landing places of indirect branches. What they do is done before the first instruction of a block: see <see cref="A64Emitter.CheckBranchTarget"/>. Arm DDI 0487, C6.2 "BTI".</summary>
[Extension("BTI")]
internal static class BranchTargets
{
    [Encoding("11010101000000110010 0100 imm2:2 0 11111", "bti")]
    public static void Bti(A64Emitter e, A64Word i)
    {
    }
}
