using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zcmop" and the compressed forms of "Zihintntl". RISC-V Unprivileged ISA, same chapters.</summary>
[Extension("Zcmop, Zihintntl", Requires = "")]
internal static class CompressedHints
{
    [Encoding("01100 n:3 1 00000 01", "c.mop.{mop}", Requires = "Zcmop")]
    [Encoding("100 1 00000 00010 10", "c.ntl.p1", Requires = "Zca Zihintntl")]
    [Encoding("100 1 00000 00011 10", "c.ntl.pall", Requires = "Zca Zihintntl")]
    [Encoding("100 1 00000 00100 10", "c.ntl.s1", Requires = "Zca Zihintntl")]
    [Encoding("100 1 00000 00101 10", "c.ntl.all", Requires = "Zca Zihintntl")]
    public static void Nothing(RvEmitter e, RvWord i)
    {
        // unlike those of Zimop, compressed may-be-operations write no register
    }
}
