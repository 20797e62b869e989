namespace Emulation.Storage;

/// <summary>Base of disks that keep what is written in a sparse map of clusters and read the rest from somewhere else.</summary>
public abstract class VolatileDisk : BlockDevice, IVolatileBlockDevice
{
    private readonly ClusterMap _map;

    private protected VolatileDisk(long length, ClusterMap map)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        _map = map;
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override bool ReadOnly => false;

    /// <inheritdoc/>
    public int ClusterSize => ClusterMap.ClusterSize;

    /// <inheritdoc/>
    public int ChangedClusters => _map.Count;

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<long, ReadOnlyMemory<byte>>> Changes
        => _map.Indices.Select(index => KeyValuePair.Create(index, _map.TryGet(index, out byte[]? bytes) ? (ReadOnlyMemory<byte>)bytes : default));

    private protected ClusterMap Map => _map;

    /// <inheritdoc/>
    public void RevertChanges() => _map.Clear();

    /// <inheritdoc/>
    public void RestoreCluster(long index, ReadOnlySpan<byte> content)
    {
        if (index < 0 || index > (Length - 1) >> ClusterMap.ClusterShift)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"the cluster lies outside a device of {Length} bytes");
        if (!content.IsEmpty && content.Length != ClusterSize)
            throw new ArgumentException($"a cluster has {ClusterSize} bytes, not {content.Length}", nameof(content));
        _map.Set(index, content.IsEmpty ? null : content.ToArray());
    }

    /// <inheritdoc/>
    public abstract IVolatileBlockDevice Fork();

    /// <inheritdoc/>
    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            int within = (int)(offset & (ClusterMap.ClusterSize - 1));
            int count = Math.Min(buffer.Length, ClusterMap.ClusterSize - within);
            if (!_map.TryGet(offset >> ClusterMap.ClusterShift, out byte[]? bytes))
                await ReadBelowAsync(offset, buffer[..count], cancellationToken).ConfigureAwait(false);
            else if (bytes is null)
                buffer.Span[..count].Clear();
            else
                bytes.AsSpan(within, count).CopyTo(buffer.Span);
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            long index = offset >> ClusterMap.ClusterShift;
            int within = (int)(offset & (ClusterMap.ClusterSize - 1));
            int count = Math.Min(buffer.Length, ClusterMap.ClusterSize - within);
            if (!_map.TryGetWritable(index, out byte[]? bytes))
            {
                bytes = new byte[ClusterMap.ClusterSize];
                if (count < ClusterMap.ClusterSize)
                    await ReadClusterBelowAsync(index, bytes, cancellationToken).ConfigureAwait(false);
                _map.Set(index, bytes);
            }

            buffer.Span[..count].CopyTo(bytes.AsSpan(within));
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    protected override ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        // whole clusters only: the edges keep their bytes, as the contract allows
        long first = (offset + ClusterMap.ClusterSize - 1) >> ClusterMap.ClusterShift;
        long end = EndOfWholeClusters(offset, length);
        for (long index = first; index < end; index++)
            Zero(index);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        long first = (offset + ClusterMap.ClusterSize - 1) >> ClusterMap.ClusterShift;
        long end = EndOfWholeClusters(offset, length);
        if (first >= end)
        {
            await base.WriteZeroesCoreAsync(offset, length, mayUnmap, cancellationToken).ConfigureAwait(false);
            return;
        }

        long head = (first << ClusterMap.ClusterShift) - offset;
        if (head > 0)
            await base.WriteZeroesCoreAsync(offset, head, mayUnmap, cancellationToken).ConfigureAwait(false);
        for (long index = first; index < end; index++)
            Zero(index);
        long tail = offset + length - (end << ClusterMap.ClusterShift);
        if (tail > 0)
            await base.WriteZeroesCoreAsync(end << ClusterMap.ClusterShift, tail, mayUnmap, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        long end = offset + length;
        if (!TryStatus(offset, out BlockStatus status))
        {
            long stop = NextBoundary(offset);
            while (stop < end && !TryStatus(stop, out _))
                stop = NextBoundary(stop);
            return await GetStatusBelowAsync(offset, Math.Min(stop, end) - offset, cancellationToken).ConfigureAwait(false);
        }

        long next = NextBoundary(offset);
        while (next < end && TryStatus(next, out BlockStatus other) && other == status)
            next = NextBoundary(next);
        return new BlockRun(Math.Min(next, end) - offset, status);
    }

    private protected abstract ValueTask ReadBelowAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    private protected abstract ValueTask<BlockRun> GetStatusBelowAsync(long offset, long length, CancellationToken cancellationToken);

    // Makes a cluster read as zeros at the least cost.
    private protected abstract void Zero(long index);

    private static long NextBoundary(long offset) => (offset | (ClusterMap.ClusterSize - 1)) + 1;

    // the last cluster may be partial: reaching the end of the device covers it whole
    private long EndOfWholeClusters(long offset, long length)
        => offset + length == Length ? ((Length - 1) >> ClusterMap.ClusterShift) + 1 : (offset + length) >> ClusterMap.ClusterShift;

    private bool TryStatus(long offset, out BlockStatus status)
    {
        bool present = _map.TryGet(offset >> ClusterMap.ClusterShift, out byte[]? bytes);
        status = BlockStatus.Allocated | (bytes is null ? BlockStatus.Zero : BlockStatus.None);
        return present;
    }

    private ValueTask ReadClusterBelowAsync(long index, byte[] bytes, CancellationToken cancellationToken)
    {
        long start = index << ClusterMap.ClusterShift;
        return ReadBelowAsync(start, bytes.AsMemory(0, (int)Math.Min(bytes.Length, Length - start)), cancellationToken);
    }
}
