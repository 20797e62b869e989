namespace Emulation.Storage;

/// <summary>An internal snapshot of a qcow2 image.</summary>
public sealed class Qcow2Snapshot
{
    internal Qcow2Snapshot() { }

    /// <summary>Unique within the image; a number in those made here and by QEMU.</summary>
    public required string Id { get; init; }

    /// <summary>The name it was given.</summary>
    public required string Name { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>How long the guest had been running, in nanoseconds.</summary>
    public ulong GuestNanoseconds { get; init; }

    /// <summary>Size of the machine's state saved with it, in bytes; 0 without one.</summary>
    public long StateSize { get; init; }

    /// <summary>Size of the disk at that time, in bytes.</summary>
    public required long DiskSize { get; init; }

    internal long L1Offset { get; init; }

    internal int L1Size { get; init; }

    // what follows the two fields of extra data that are known
    internal byte[] MoreExtra { get; init; } = [];
}
