namespace Emulation.Storage;

/// <summary>A part of another device, for reading.</summary>
internal sealed class SliceView(IBlockDevice inner, long start, long length, bool leaveOpen) : BlockDevice
{
    public override long Length => length;

    public override BlockHints Hints => inner.Hints;

    public override bool ReadOnly => true;

    public override bool AllowsConcurrentCalls => inner.AllowsConcurrentCalls;

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => inner.ReadAsync(start + offset, buffer, cancellationToken);

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => throw new InvalidOperationException("the block device is read-only");

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => inner.GetStatusAsync(start + offset, length, cancellationToken);

    protected override void Close()
    {
        if (!leaveOpen)
            inner.Dispose();
    }
}
