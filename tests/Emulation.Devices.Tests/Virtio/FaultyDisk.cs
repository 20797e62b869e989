using Emulation.Storage;

namespace Emulation.Devices.Tests.Virtio;

/// <summary>A disk whose medium fails, or answers on another thread, when told to.</summary>
internal sealed class FaultyDisk(long length) : BlockDevice
{
    private readonly MemoryDisk _disk = new(length);

    public bool Failing { get; set; }

    public bool Delayed { get; set; }

    public int Flushes { get; private set; }

    public override long Length => _disk.Length;

    public override bool ReadOnly => false;

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await Answer();
        await _disk.ReadAsync(offset, buffer, cancellationToken);
    }

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await Answer();
        await _disk.WriteAsync(offset, buffer, cancellationToken);
    }

    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        await Answer();
        Flushes++;
    }

    protected override void Close() => _disk.Dispose();

    private async ValueTask Answer()
    {
        if (Delayed)
            await Task.Delay(1);
        if (Failing)
            throw new IOException("medium error");
    }
}
