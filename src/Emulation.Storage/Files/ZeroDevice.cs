namespace Emulation.Storage;

/// <summary>A device of zeros that cannot be written.</summary>
internal sealed class ZeroDevice(long length) : BlockDevice
{
    public override long Length => length;

    public override bool ReadOnly => true;

    public override bool AllowsConcurrentCalls => true;

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Clear();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => throw new InvalidOperationException("the block device is read-only");

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => new(new BlockRun(length, BlockStatus.Zero));

    protected override void Close() { }
}
