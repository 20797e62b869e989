namespace Emulation.Storage;

/// <summary>A disk that lives in memory. Parts that were never written read as zeros and take no memory.</summary>
public sealed class MemoryDisk : VolatileDisk
{
    /// <summary>Creates a disk of zeros.</summary>
    /// <param name="length">Size in bytes; at least 1.</param>
    public MemoryDisk(long length) : base(length, new ClusterMap()) { }

    /// <summary>Creates a disk with a copy of <paramref name="content"/>.</summary>
    /// <param name="content">At least one byte.</param>
    public MemoryDisk(ReadOnlySpan<byte> content) : base(content.Length, new ClusterMap())
    {
        for (int start = 0; start < content.Length; start += ClusterMap.ClusterSize)
        {
            ReadOnlySpan<byte> part = content[start..Math.Min(content.Length, start + ClusterMap.ClusterSize)];
            if (!part.ContainsAnyExcept((byte)0))
                continue;
            byte[] cluster = new byte[ClusterMap.ClusterSize];
            part.CopyTo(cluster);
            Map.Set(start >> ClusterMap.ClusterShift, cluster);
        }
    }

    private MemoryDisk(long length, ClusterMap map) : base(length, map) { }

    /// <inheritdoc/>
    public override IVolatileBlockDevice Fork() => new MemoryDisk(Length, Map.Fork());

    /// <inheritdoc/>
    protected override void Close() => Map.Clear();

    private protected override ValueTask ReadBelowAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Clear();
        return ValueTask.CompletedTask;
    }

    private protected override ValueTask<BlockRun> GetStatusBelowAsync(long offset, long length, CancellationToken cancellationToken)
        => new(new BlockRun(length, BlockStatus.Zero));

    private protected override void Zero(long index) => Map.Remove(index);
}
