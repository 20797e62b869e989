namespace Emulation.Storage;

/// <summary>A range of a snapshot, for reading.</summary>
internal sealed class Qcow2SnapshotView(Qcow2Mapper mapper, Qcow2Reader reader, ulong[] l1, long start, long length) : BlockDevice
{
    public override long Length => length;

    public override bool ReadOnly => true;

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => reader.ReadAsync(l1, start + offset, buffer, cancellationToken);

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => throw new InvalidOperationException("the block device is read-only");

    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        Qcow2Run run = await mapper.MapAsync(l1, start + offset, length).ConfigureAwait(false);
        return await reader.StatusAsync(run, start + offset, cancellationToken).ConfigureAwait(false);
    }

    protected override void Close() { }
}
