namespace Emulation.Storage;

/// <summary>A map whose blocks begin with a bit for each sector; a sector without its bit lies below, or is zero. New blocks have all bits.</summary>
internal abstract class SectorBitmapMap : TableMap
{
    private const int MaxCache = 8 << 20;

    private readonly bool _highBitFirst;
    private readonly IBlockDevice? _below;

    // bits of blocks that were looked at; null where all are set
    private readonly Dictionary<long, byte[]?> _bitmaps = [];
    private readonly byte[] _all;

    protected SectorBitmapMap(HostFile file, ImageName name, TableLayout layout, AllocationTable table, bool highBitFirst, IBlockDevice? below)
        : base(file, name, layout, table)
    {
        (_highBitFirst, _below) = (highBitFirst, below);
        _all = new byte[layout.Prefix];
        _all.AsSpan().Fill(byte.MaxValue);
    }

    /// <summary>Whether the bits mean anything.</summary>
    protected virtual bool HasBitmaps => true;

    private int BitmapBytes => Math.Max(BlockSize / ImageFields.Sector / 8, 1);

    public override async ValueTask<BlockEntry> GetAsync(long index)
    {
        BlockEntry entry = await base.GetAsync(index).ConfigureAwait(false);
        return entry.Kind == BlockKind.Data && HasBitmaps && await BitmapAsync(index, entry.Host).ConfigureAwait(false) is not null
            ? entry with { Kind = BlockKind.Indirect } : entry;
    }

    public override ValueTask SetAsync(long index, BlockEntry entry)
    {
        _bitmaps.Remove(index);
        return base.SetAsync(index, entry);
    }

    public override async ValueTask ReadIndirectAsync(long index, BlockEntry entry, int within, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[]? bitmap = await BitmapAsync(index, entry.Host).ConfigureAwait(false);
        while (!buffer.IsEmpty)
        {
            bool here = IsHere(bitmap, within / ImageFields.Sector);
            int end = (within & -ImageFields.Sector) + ImageFields.Sector;
            while (end - within < buffer.Length && IsHere(bitmap, end / ImageFields.Sector) == here)
                end += ImageFields.Sector;
            Memory<byte> part = buffer[..Math.Min(buffer.Length, end - within)];
            if (here)
                await File.ReadAsync(entry.Host + within, part, cancellationToken).ConfigureAwait(false);
            else
                await ReadBelowAsync((index * BlockSize) + within, part, cancellationToken).ConfigureAwait(false);
            within += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    protected override ValueTask PrepareAsync(long place) => File.WriteAsync(place, _all);

    private bool IsHere(byte[]? bitmap, int sector)
        => bitmap is null || (bitmap[sector / 8] >> (_highBitFirst ? 7 - (sector % 8) : sector % 8) & 1) != 0;

    private async ValueTask<byte[]?> BitmapAsync(long index, long host)
    {
        if (_bitmaps.TryGetValue(index, out byte[]? known))
            return known;
        byte[] bitmap = new byte[BitmapBytes];
        await File.ReadAsync(host - Layout.Prefix, bitmap).ConfigureAwait(false);
        if (!bitmap.AsSpan().ContainsAnyExcept(byte.MaxValue))
            bitmap = null!;
        if ((long)_bitmaps.Count * BitmapBytes >= MaxCache)
            _bitmaps.Clear();
        _bitmaps[index] = bitmap;
        return bitmap;
    }

    private async ValueTask ReadBelowAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int present = (int)Math.Clamp((_below?.Length ?? 0) - offset, 0, buffer.Length);
        buffer.Span[present..].Clear();
        if (present > 0)
            await _below!.ReadAsync(offset, buffer[..present], cancellationToken).ConfigureAwait(false);
    }
}
