namespace Emulation.Storage;

/// <summary>A part of another device, which stays open and is at least so long.</summary>
internal sealed class DeviceSlice(IBlockDevice inner, long start, long length) : BlockDevice
{
    public override long Length => length;

    public override BlockHints Hints => inner.Hints;

    public override bool ReadOnly => IsView || inner.ReadOnly;

    /// <summary>Whether changes are refused, even where the device takes them.</summary>
    public bool IsView { get; init; }

    public override bool AllowsConcurrentCalls => inner.AllowsConcurrentCalls;

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => inner.ReadAsync(start + offset, buffer, cancellationToken);

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => inner.WriteAsync(start + offset, buffer, cancellationToken);

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    protected override ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => inner.DiscardAsync(start + offset, length, cancellationToken);

    protected override ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
        => inner.WriteZeroesAsync(start + offset, length, mayUnmap, cancellationToken);

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => inner.GetStatusAsync(start + offset, length, cancellationToken);

    protected override void Close() { }
}
