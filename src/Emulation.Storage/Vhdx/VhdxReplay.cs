using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The file of an image as it is once its log is replayed, without a change of the file.</summary>
/// <param name="file">The file, owned.</param>
/// <param name="length">The size that everything fits into.</param>
/// <param name="entries">Entries of the log that are replayed.</param>
internal sealed class VhdxReplay(IBlockDevice file, long length, int entries) : BlockDevice
{
    private const int Sector = VhdxLogEntry.Sector;
    private const int MaxZeroes = 1 << 18;

    private readonly Dictionary<long, Source> _sectors = [];
    private readonly HostFile _file = new(file, leaveOpen: true);
    private long _length = Math.Max(file.Length, length);
    private int _zeroes;

    public override long Length => _length;

    public override bool ReadOnly => true;

    /// <summary>Entries of the log that are replayed.</summary>
    public int Entries => entries;

    /// <summary>Takes a sector that the log writes.</summary>
    /// <param name="offset">Where in the file.</param>
    /// <param name="data">Where in the file the log has its middle; it begins 8 bytes behind.</param>
    /// <param name="leading">Its first bytes.</param>
    /// <param name="trailing">Its last bytes.</param>
    public void Write(long offset, long data, ulong leading, uint trailing)
    {
        _sectors[offset / Sector] = new Source(data, leading, trailing);
        _length = Math.Max(_length, offset + Sector);
    }

    /// <summary>Takes a range that the log makes zero; false when it is too much.</summary>
    public bool Zero(long offset, long count)
    {
        if (count / Sector > MaxZeroes - _zeroes)
            return false;
        _zeroes += (int)(count / Sector);
        for (long sector = offset / Sector; sector < (offset + count) / Sector; sector++)
            _sectors[sector] = default;
        _length = Math.Max(_length, offset + count);
        return true;
    }

    /// <summary>Changes the file to what it is to be, durably.</summary>
    public async ValueTask ApplyAsync()
    {
        if (file.Length < _length)
            await file.ResizeAsync(_length).ConfigureAwait(false);
        byte[] sector = new byte[Sector];
        foreach (long index in _sectors.Keys.Order())
        {
            await ReadSectorAsync(_sectors[index], sector).ConfigureAwait(false);
            await file.WriteAsync(index * Sector, sector).ConfigureAwait(false);
        }

        await file.FlushAsync().ConfigureAwait(false);
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[]? sector = null;
        while (!buffer.IsEmpty)
        {
            long index = offset / Sector;
            int within = (int)(offset % Sector);
            int count = Math.Min(Sector - within, buffer.Length);
            if (_sectors.TryGetValue(index, out Source source))
            {
                sector ??= new byte[Sector];
                await ReadSectorAsync(source, sector).ConfigureAwait(false);
                sector.AsSpan(within, count).CopyTo(buffer.Span);
            }
            else
            {
                while (count < buffer.Length && !_sectors.ContainsKey((offset + count) / Sector))
                    count = Math.Min(count + Sector, buffer.Length);
                await _file.ReadAsync(offset, buffer[..count], cancellationToken).ConfigureAwait(false);
            }

            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => throw new InvalidOperationException("the block device is read-only");

    protected override void Close() => file.Dispose();

    private async ValueTask ReadSectorAsync(Source source, byte[] sector)
    {
        if (source.Data == 0)
        {
            sector.AsSpan().Clear();
            return;
        }

        await file.ReadAsync(source.Data, sector).ConfigureAwait(false);
        BinaryPrimitives.WriteUInt64LittleEndian(sector, source.Leading);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(Sector - VhdxLogEntry.Trailing), source.Trailing);
    }

    // data 0: zeros
    private readonly record struct Source(long Data, ulong Leading, uint Trailing);
}
