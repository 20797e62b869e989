namespace Emulation.Storage.Tests;

/// <summary>A growable disk in memory of any size that keeps no sectors of zeros.</summary>
internal sealed class SparseDisk : BlockDevice
{
    private const int Sector = 512;

    private readonly Dictionary<long, byte[]> _sectors = [];
    private long _length;

    public SparseDisk() { }

    public SparseDisk(byte[] content)
    {
        _length = content.Length;
        Store(0, content);
    }

    /// <summary>Writes and resizes so far.</summary>
    public long Operations { get; private set; }

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
        Operations++;
        Store(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        Operations++;
        _length = length;
        foreach (long sector in _sectors.Keys.Where(s => s >= (length + Sector - 1) / Sector).ToArray())
            _sectors.Remove(sector);
        if (length % Sector is > 0 and long kept && _sectors.TryGetValue(length / Sector, out byte[]? last))
            last.AsSpan((int)kept).Clear();
        return ValueTask.CompletedTask;
    }

    protected override void Close() { }

    private void Store(long offset, ReadOnlySpan<byte> rest)
    {
        for (; !rest.IsEmpty;)
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
    }
}
