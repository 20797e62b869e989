namespace Emulation.Cpu;

/// <summary>A translation that <see cref="SecondLevelTlb"/> keeps. Half a line of the host's cache.</summary>
internal unsafe struct SecondLevelEntry
{
    /// <summary>Bit of <see cref="Physical"/>: the host's bytes may be written with nothing else to do.</summary>
    public const ulong HostWritable = 8;

    /// <summary>Virtual address of the page; its regime in the low bits.</summary>
    public ulong Tag;

    /// <summary>Physical address of the page; <see cref="PageRights"/> and <see cref="HostWritable"/> in the low bits.</summary>
    public ulong Physical;

    /// <summary>The page's bytes.</summary>
    public byte* Host;

    /// <summary>Flushes before it was added; 0 for none.</summary>
    public uint Generation;

    /// <summary>Changes of the host's memory before it was added.</summary>
    public uint HostEpoch;

    /// <summary>Virtual address of the page.</summary>
    public readonly ulong Page => Tag & ~(StateLayout.PageSize - 1);

    /// <summary>The translation.</summary>
    public readonly PageTranslation Translation => new(Physical & ~(StateLayout.PageSize - 1), (PageRights)Physical & PageRights.All);

    /// <summary>Whether <see cref="Host"/> can be used for an access.</summary>
    /// <param name="right">What the access needs.</param>
    public readonly bool Allows(PageRights right)
        => ((PageRights)Physical & right) != 0 && (right != PageRights.Write || (Physical & HostWritable) != 0);
}
