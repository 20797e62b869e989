using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>What came of a translation.</summary>
public enum TranslationResult
{
    /// <summary>The block holds at least one instruction.</summary>
    Done,

    /// <summary>The first instruction continues on the next page: call again with its bytes.</summary>
    NeedsNextPage,
}

/// <summary>The instruction set: turns guest bytes into IR. Stateless after construction: several threads translate at once.</summary>
public interface IFrontend
{
    /// <summary>Layout of the guest registers.</summary>
    RegisterFile Registers { get; }

    /// <summary>Number of software TLBs (translation regimes) it uses, at most 16.</summary>
    int MmuIndexCount { get; }

    /// <summary>Whether programs use the first pages of memories that begin at multiples of large powers of two, as microcontrollers have them: the software TLBs look at higher bits of an address then.</summary>
    bool FoldsTlb => false;

    /// <summary>Translates instructions until one ends the block, the bytes end or the limit is reached; always ends with a terminal.</summary>
    /// <param name="ir">Begun at <paramref name="pc"/> and <paramref name="mode"/>.</param>
    /// <param name="code">Guest bytes from <paramref name="pc"/> to the end of the page (or a few more for one instruction that crosses it).</param>
    /// <param name="pc">Virtual address of the first byte.</param>
    /// <param name="mode">Mode bits of the block key.</param>
    /// <param name="maxInstructions">At least 1.</param>
    /// <param name="hooks">Called before each instruction with its PC so that the runtime can add instrumentation.</param>
    TranslationResult Translate(IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, uint mode, int maxInstructions, IInstrumentation? hooks);

    /// <summary>Whether code of a mode has the halfwords of each word in exchanged places in memory (T32 of Arm's BE-32). <see cref="Translate"/> gets them in order.</summary>
    /// <param name="mode">Mode bits of the block key.</param>
    bool ExchangesHalfwords(uint mode) => false;

    /// <summary>One line of assembly for the instruction at <paramref name="pc"/>.</summary>
    /// <param name="code">Its bytes and maybe more.</param>
    /// <param name="pc">Its virtual address.</param>
    /// <param name="mode">Mode bits.</param>
    /// <param name="length">Its length in bytes.</param>
    string Disassemble(ReadOnlySpan<byte> code, ulong pc, uint mode, out int length);
}

/// <summary>Adds calls to a block while it is translated.</summary>
public interface IInstrumentation
{
    /// <summary>Called after <see cref="IrBuilder.Instruction"/>, before the instruction's own operations.</summary>
    /// <param name="ir">The builder.</param>
    /// <param name="pc">Address of the instruction.</param>
    /// <param name="first">Whether it is the first of its block.</param>
    void BeforeInstruction(IrBuilder ir, ulong pc, bool first);
}
