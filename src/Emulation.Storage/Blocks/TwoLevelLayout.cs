namespace Emulation.Storage;

/// <summary>Where the tables of an image are that has an L1 table of L2 tables of clusters, with entries of 64 bits, and what the entries mean.</summary>
internal sealed record TwoLevelLayout
{
    /// <summary>First byte of the L1 table.</summary>
    public required long L1Offset { get; init; }

    /// <summary>Bytes that the L1 table takes.</summary>
    public required long L1Bytes { get; init; }

    /// <summary>Entries of the L1 table that the disk uses.</summary>
    public required long L1Entries { get; init; }

    /// <summary>Entries of an L2 table.</summary>
    public required long TableEntries { get; init; }

    public required int ClusterSize { get; init; }

    /// <summary>First byte that tables and clusters may occupy.</summary>
    public required long DataStart { get; init; }

    public bool BigEndian { get; init; }

    /// <summary>Bytes of a table that are read and written together; clusters begin at multiples of it.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>The entry of a cluster that is zero; 0 where there is none such.</summary>
    public ulong ZeroEntry { get; init; }

    /// <summary>Where the size of the disk is in the header, if it can be changed.</summary>
    public int? SizeOffset { get; init; }

    /// <summary>Whether the top bit of an entry stands for a compressed cluster.</summary>
    public bool HasPacked { get; init; }

    /// <summary>Bytes of an L2 table.</summary>
    public long TableBytes => TableEntries * 8;
}
