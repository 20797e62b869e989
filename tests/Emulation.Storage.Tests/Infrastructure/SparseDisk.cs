namespace Emulation.Storage.Tests;

/// <summary>A growable disk in memory of any size that keeps no sectors of zeros.</summary>
internal sealed class SparseDisk : BlockDevice
{
    private const int Sector = 512;

    private readonly Dictionary<long, byte[]> _sectors = [];
    private long _length;

    public override long Length => _length;

    public override bool ReadOnly => false;

    public override bool CanResize => true;

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (Span<byte> rest = buffer.Span; !rest.IsEmpty;)
        {
            int within = (int)(offset % Sector);
            int count = Math.Min(rest.Length, Sector - within);
            if (_sectors.TryGetValue(offset / Sector, out byte[]? sector))
                sector.AsSpan(within, count).CopyTo(rest);
            else
                rest[..count].Clear();
            offset += count;
            rest = rest[count..];
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        for (ReadOnlySpan<byte> rest = buffer.Span; !rest.IsEmpty;)
        {
            int within = (int)(offset % Sector);
            int count = Math.Min(rest.Length, Sector - within);
            if (!_sectors.TryGetValue(offset / Sector, out byte[]? sector) && rest[..count].ContainsAnyExcept((byte)0))
                _sectors.Add(offset / Sector, sector = new byte[Sector]);
            if (sector is not null)
                rest[..count].CopyTo(sector.AsSpan(within));
            offset += count;
            rest = rest[count..];
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        _length = length;
        return ValueTask.CompletedTask;
    }

    protected override void Close() { }
}
