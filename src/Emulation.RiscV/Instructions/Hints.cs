using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zihintpause", "Zihintntl": hints. RISC-V Unprivileged ISA, same chapters.</summary>
[Extension("Zihintpause, Zihintntl", Requires = "")]
internal static class Hints
{
    [Encoding("0000 0001 0000 00000 000 00000 0001111", "pause", Requires = "Zihintpause")]
    [Encoding("0000000 00010 00000 000 00000 0110011", "ntl.p1", Requires = "Zihintntl")]
    [Encoding("0000000 00011 00000 000 00000 0110011", "ntl.pall", Requires = "Zihintntl")]
    [Encoding("0000000 00100 00000 000 00000 0110011", "ntl.s1", Requires = "Zihintntl")]
    [Encoding("0000000 00101 00000 000 00000 0110011", "ntl.all", Requires = "Zihintntl")]
    public static void Hint(RvEmitter e, RvWord i)
    {
        // nothing: time is counted in instructions
    }
}
