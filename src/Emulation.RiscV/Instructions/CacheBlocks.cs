using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zicbom", "Zicboz", "Zicbop": cache-block management, zeroing and prefetch. RISC-V Unprivileged ISA, "CMO". Blocks are 64 bytes.</summary>
[Extension("Zicbom, Zicboz, Zicbop", Requires = "")]
internal static class CacheBlocks
{
    [Encoding("000000000000 rs1 010 00000 0001111", "cbo.inval ({rs1})", Requires = "Zicbom")]
    public static void CboInval(RvEmitter e, RvWord i) => Manage(e, i, RiscVMode.Cbie(e.Mode) != 0, RiscVMode.Cbie(e.Mode) == 1 ? RiscVHelpers.CboFlush : RiscVHelpers.CboInval);

    [Encoding("000000000001 rs1 010 00000 0001111", "cbo.clean ({rs1})", Requires = "Zicbom")]
    public static void CboClean(RvEmitter e, RvWord i) => Manage(e, i, (e.Mode & RiscVMode.Cbcfe) != 0, RiscVHelpers.CboClean);

    [Encoding("000000000010 rs1 010 00000 0001111", "cbo.flush ({rs1})", Requires = "Zicbom")]
    public static void CboFlush(RvEmitter e, RvWord i) => Manage(e, i, (e.Mode & RiscVMode.Cbcfe) != 0, RiscVHelpers.CboFlush);

    [Encoding("000000000100 rs1 010 00000 0001111", "cbo.zero ({rs1})", Requires = "Zicboz")]
    public static void CboZero(RvEmitter e, RvWord i)
    {
        if ((e.Mode & RiscVMode.Cbze) != 0)
            e.Ir.Call(RiscVHelpers.CboZero, e.Address(i.Rs1));
        else
            e.Illegal();
    }

    [Encoding("imm:7 00000 rs1 110 00000 0010011", "prefetch.i {immprefetch}({rs1})", Requires = "Zicbop")]
    [Encoding("imm:7 00001 rs1 110 00000 0010011", "prefetch.r {immprefetch}({rs1})", Requires = "Zicbop")]
    [Encoding("imm:7 00011 rs1 110 00000 0010011", "prefetch.w {immprefetch}({rs1})", Requires = "Zicbop")]
    public static void Prefetch(RvEmitter e, RvWord i)
    {
        // a hint that never faults
    }

    // memory is coherent: only permissions are checked
    private static void Manage(RvEmitter e, RvWord i, bool enabled, int kind)
    {
        if (enabled)
            e.Ir.Call(RiscVHelpers.Cbo, e.Address(i.Rs1), e.Ir.Const((ulong)kind));
        else
            e.Illegal();
    }
}
