namespace Emulation.Storage;

/// <summary>Another device, with every change refused.</summary>
internal sealed class ReadOnlyView(IBlockDevice inner, bool leaveOpen) : BlockDevice
{
    public override long Length => inner.Length;

    public override BlockHints Hints => inner.Hints;

    public override bool ReadOnly => true;

    public override bool AllowsConcurrentCalls => inner.AllowsConcurrentCalls;

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => inner.ReadAsync(offset, buffer, cancellationToken);

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => throw new InvalidOperationException("the block device is read-only");

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => inner.GetStatusAsync(offset, length, cancellationToken);

    protected override void Close()
    {
        if (!leaveOpen)
            inner.Dispose();
    }
}
