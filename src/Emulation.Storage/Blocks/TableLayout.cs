namespace Emulation.Storage;

/// <summary>Where the allocation table and the data of an image are, and what the table's entries of 32 bits mean.</summary>
internal sealed record TableLayout
{
    /// <summary>Most entries of a table: bounds the memory that an untrusted header can ask for (32 MiB).</summary>
    public const int MaxEntries = 8 << 20;

    /// <summary>First byte of the table.</summary>
    public required long TableOffset { get; init; }

    /// <summary>Entries.</summary>
    public required int Count { get; init; }

    public bool BigEndian { get; init; }

    /// <summary>First byte that blocks may occupy.</summary>
    public required long DataStart { get; init; }

    /// <summary>End of what lies in the file besides the table and the blocks, wherever; new blocks come behind it.</summary>
    public long KeptEnd { get; init; }

    /// <summary>Guest bytes of a block.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Bytes that lie before those of the guest in each block.</summary>
    public int Prefix { get; init; }

    /// <summary>Byte of the file that the value 0 stands for.</summary>
    public long Base { get; init; }

    /// <summary>Bytes of the file by which the value 1 is further.</summary>
    public required int Unit { get; init; }

    /// <summary>The entry of a block that was never written.</summary>
    public required uint None { get; init; }

    /// <summary>The entry of a block that is zero.</summary>
    public required uint Zero { get; init; }

    /// <summary>Whether blocks can be given back.</summary>
    public bool CanUnmap { get; init; } = true;

    /// <summary>Whether what no entry points to, between the blocks, is free for certain.</summary>
    public bool GapsAreFree { get; init; }

    /// <summary>Bytes a block takes in the file.</summary>
    public long Stride => (long)Prefix + BlockSize;

    public bool IsData(uint entry) => entry != None && entry != Zero;

    /// <summary>Where a block begins in the file, its prefix first.</summary>
    public long Place(uint entry) => Base + ((long)entry * Unit);

    /// <summary>The entry for a place; null where entries cannot reach.</summary>
    public uint? Entry(long place)
    {
        long entry = (place - Base) / Unit;
        return entry >= 0 && entry < 0xffff_fff0 && IsData((uint)entry) ? (uint)entry : null;
    }

    /// <summary>The first place from a byte on that an entry can express.</summary>
    public long Align(long place) => Base + ((place - Base + Unit - 1) / Unit * Unit);
}
