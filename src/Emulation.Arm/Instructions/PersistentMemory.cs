using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Cleaning lines to memory that keeps its contents: caches are not modelled, so only the address is looked at. Arm DDI 0487, "FEAT_DPB", "FEAT_DPB2".</summary>
[Extension("DPB")]
internal static class PersistentMemory
{
    [Encoding("1101010100 0 01 011 0111 1100 001 rt", "dc")]
    public static void DcCvap(A64Emitter e, A64Word i) => SystemInstructions.DcClean(e, i);

    [Encoding("1101010100 0 01 011 0111 1101 001 rt", "dc", Requires = "DPB2")]
    public static void DcCvadp(A64Emitter e, A64Word i) => SystemInstructions.DcClean(e, i);
}
