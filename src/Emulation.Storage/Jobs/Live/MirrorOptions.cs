namespace Emulation.Storage;

/// <summary>How a disk in use is mirrored.</summary>
public sealed record MirrorOptions
{
    /// <summary>Bytes of the parts in which writes are followed; a power of two from 512 to 64 MiB.</summary>
    public int Granularity { get; init; } = 64 << 10;

    /// <summary>Whether all of the target is known to read as zeros.</summary>
    public bool TargetIsZero { get; init; }

    /// <summary>Most bytes per second, on average; 0 for no limit. The end goes as fast as it can.</summary>
    public long BytesPerSecond { get; init; }
}
