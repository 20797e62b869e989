using Emulation.Core;

namespace Emulation.Cpu;

/// <summary>A translated block: where its operations are, where its code came from, what jumps to it.</summary>
public sealed unsafe class TranslationBlock
{
    private readonly List<nint> _incoming = [];

    internal TranslationBlock(int id, ulong pc, uint mode, BlockHeader* header, Op* ops, RamBlock ram, ulong offset, int bytes)
    {
        (Id, Pc, Mode, Ram, Offset, Bytes) = (id, pc, mode, ram, offset, bytes);
        Header = header;
        Ops = ops;
    }

    /// <summary>Number in its cache.</summary>
    public int Id { get; }

    /// <summary>Virtual address of the first instruction.</summary>
    public ulong Pc { get; }

    /// <summary>Mode bits it was translated for.</summary>
    public uint Mode { get; }

    /// <summary>Memory its code was read from.</summary>
    public RamBlock Ram { get; }

    /// <summary>Byte offset of the code in <see cref="Ram"/>.</summary>
    public ulong Offset { get; }

    /// <summary>Bytes of guest code.</summary>
    public int Bytes { get; }

    /// <summary>Guest instructions.</summary>
    public int Instructions => Header->Instructions;

    /// <summary>For a single instruction that crosses a page: where its second part lies; else null.</summary>
    public RamBlock? SecondRam { get; internal init; }

    /// <summary>Byte offset of the second part in <see cref="SecondRam"/>.</summary>
    public ulong SecondOffset { get; internal init; }

    /// <summary>Whether its code is still what memory holds.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>Tier-1 code that begins here, or null. Set by the tier-1 engine, cleared by invalidation.</summary>
    public object? Region { get; set; }

    internal BlockHeader* Header { get; }

    internal Op* Ops { get; }

    /// <summary>A copy of the guest bytes; none for a block that crosses a page.</summary>
    internal byte* Code { get; init; }

    /// <summary>Remembers a slot that now jumps here, so that it can be reset.</summary>
    internal void AddIncoming(Op* slot) => _incoming.Add((nint)slot);

    /// <summary>Resets everything that jumps here to its unlinked exit.</summary>
    internal void Invalidate()
    {
        IsValid = false;
        foreach (nint slot in _incoming)
            Unlink((Op*)slot);
        _incoming.Clear();
    }

    // A slot's C holds the distance to its exit operation.
    private static void Unlink(Op* slot) => slot->Imm = (long)(slot + slot->C);
}
