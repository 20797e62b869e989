namespace Emulation.Storage;

/// <summary>The sizes that follow from a header.</summary>
internal sealed class Qcow2Geometry
{
    private const int MaxPageSize = 4096;

    public Qcow2Geometry(int version, int clusterBits, int refcountOrder, bool extendedL2)
    {
        Version = version;
        ClusterBits = clusterBits;
        RefcountOrder = refcountOrder;
        ExtendedL2 = extendedL2;
        ClusterSize = 1 << clusterBits;
        PageSize = Math.Min(MaxPageSize, ClusterSize);
        EntrySize = extendedL2 ? 16 : 8;
        L2Bits = clusterBits - (extendedL2 ? 4 : 3);
        SubclusterBits = extendedL2 ? clusterBits - 5 : clusterBits;
        AllSubclusters = extendedL2 ? uint.MaxValue : 1;
        RefcountBlockBits = clusterBits + 3 - refcountOrder;
        CompressedOffsetBits = 62 - (clusterBits - 8);
    }

    public int Version { get; }

    public int ClusterBits { get; }

    public int ClusterSize { get; }

    public int RefcountOrder { get; }

    public ulong MaxRefcount => RefcountOrder == 6 ? ulong.MaxValue : (1UL << (1 << RefcountOrder)) - 1;

    public bool ExtendedL2 { get; }

    /// <summary>Unit in which tables are read, kept and written; a power of two that divides a cluster.</summary>
    public int PageSize { get; }

    /// <summary>Bytes of an L2 entry.</summary>
    public int EntrySize { get; }

    /// <summary>Log2 of the entries of an L2 table.</summary>
    public int L2Bits { get; }

    /// <summary>Log2 of the guest bytes that one L1 entry covers.</summary>
    public int L1Shift => ClusterBits + L2Bits;

    /// <summary>Log2 of a subcluster's bytes; without extended entries a cluster has one subcluster.</summary>
    public int SubclusterBits { get; }

    public int Subclusters => 1 << (ClusterBits - SubclusterBits);

    /// <summary>One bit for each subcluster of a cluster.</summary>
    public uint AllSubclusters { get; }

    /// <summary>Log2 of the refcounts of a block.</summary>
    public int RefcountBlockBits { get; }

    /// <summary>Bits of a compressed cluster's descriptor that hold its offset.</summary>
    public int CompressedOffsetBits { get; }

    public int Within(long offset) => (int)(offset & (ClusterSize - 1));

    public long ClusterOf(long offset) => offset >> ClusterBits;

    public long RoundUp(long bytes) => (bytes + ClusterSize - 1) & -(long)ClusterSize;

    /// <summary>L1 entries that a disk of so many bytes needs.</summary>
    public long L1Entries(long size) => (size >> L1Shift) + ((size & ((1L << L1Shift) - 1)) != 0 ? 1 : 0);

    /// <summary>Bits of subclusters <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static uint Mask(int first, int last) => (uint)(((1UL << (last - first + 1)) - 1) << first);
}
