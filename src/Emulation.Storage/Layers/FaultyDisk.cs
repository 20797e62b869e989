namespace Emulation.Storage;

/// <summary>A device whose requests fail as it is told, to test what lies over it.</summary>
internal sealed class FaultyDisk(IBlockDevice inner, IReadOnlyList<DiskFault> faults, int seed, bool leaveOpen) : PassThrough(inner, leaveOpen)
{
    private const int Sector = 512;

    private readonly Random _random = new(seed);
    private readonly long[] _seen = new long[faults.Count];
    private readonly Lock _lock = new();

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Check(DiskOperations.Read, offset, buffer.Length);
        return Inner.ReadAsync(offset, buffer, cancellationToken);
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => Find(DiskOperations.Write, offset, buffer.Length) is { } fault
            ? FailWriteAsync(fault, offset, buffer, cancellationToken) : Inner.WriteAsync(offset, buffer, cancellationToken);

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        Check(DiskOperations.Flush, 0, long.MaxValue);
        return Inner.FlushAsync(cancellationToken);
    }

    protected override ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        Check(DiskOperations.Discard, offset, length);
        return Inner.DiscardAsync(offset, length, cancellationToken);
    }

    protected override ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        Check(DiskOperations.Zero, offset, length);
        return Inner.WriteZeroesAsync(offset, length, mayUnmap, cancellationToken);
    }

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        Check(DiskOperations.Status, offset, length);
        return Inner.GetStatusAsync(offset, length, cancellationToken);
    }

    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        Check(DiskOperations.Resize, 0, long.MaxValue);
        return Inner.ResizeAsync(length, cancellationToken);
    }

    // each fault counts all requests that it is about, whether or not another one makes them fail
    private DiskFault? Find(DiskOperations operation, long offset, long length)
    {
        DiskFault? found = null;
        lock (_lock)
        {
            for (int i = 0; i < faults.Count; i++)
            {
                DiskFault fault = faults[i];
                bool touches = fault.Offset - offset < length && offset - fault.Offset < fault.Length;
                if ((fault.Operations & operation) == 0 || !touches)
                    continue;
                long nth = _seen[i]++;
                if (nth >= fault.After && nth - fault.After < fault.Count)
                    found ??= fault;
            }
        }

        return found;
    }

    private void Check(DiskOperations operation, long offset, long length)
    {
        if (Find(operation, offset, length) is { } fault)
            throw Error(fault, operation, offset);
    }

    private async ValueTask FailWriteAsync(DiskFault fault, long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        for (int at = 0; fault.Torn && at < buffer.Length;)
        {
            int count = (int)Math.Min(Sector - ((offset + at) % Sector), buffer.Length - at);
            bool written;
            lock (_lock)
                written = _random.Next(2) == 0;
            if (written)
                await Inner.WriteAsync(offset + at, buffer.Slice(at, count), cancellationToken).ConfigureAwait(false);
            at += count;
        }

        throw Error(fault, DiskOperations.Write, offset);
    }

    private static Exception Error(DiskFault fault, DiskOperations operation, long offset)
        => fault.Error?.Invoke() ?? new IOException($"injected fault: {operation} at byte 0x{offset:x}");
}
