namespace Emulation.Storage;

/// <summary>How a disk is copied.</summary>
public sealed record DiskCopyOptions
{
    /// <summary>Whether all of the target is known to read as zeros, as after its creation without a backing file: zeros are then not written.</summary>
    public bool TargetIsZero { get; init; }

    /// <summary>Whether clusters are compressed, on all cores; the target must be a <see cref="Qcow2Image"/> or a streamOptimized vmdk image.</summary>
    public bool Compress { get; init; }

    /// <summary>Least bytes of a stretch of zeros that is not written as data; a power of two of at least 512, or 0: all is written, zeros too.</summary>
    public int SparseSize { get; init; } = 4096;

    /// <summary>Pieces of the disk that are under way at once; 0 chooses.</summary>
    public int Workers { get; init; }

    /// <summary>Whether the calling thread does its share and is kept until the end: faster to start, for programs that do nothing else. Otherwise the copy has threads of its own.</summary>
    public bool CallerWorks { get; init; }

    /// <summary>Most bytes per second, on average; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Whether only what the source holds itself is copied: what it shows from below shows through from below the target too.</summary>
    public bool OwnOnly { get; init; }

    /// <summary>Told of what cannot be read, which becomes zeros; null: such a failure ends the copy.</summary>
    public IProgress<UnreadableRange>? Unreadable { get; init; }
}
