namespace Emulation.Storage;

/// <summary>Which sectors of partially present blocks the file has. [MS-VHDX] 2.4: bit 0 of byte 0 is the first sector of a chunk.</summary>
internal sealed class VhdxSectorBitmap(VhdxMap map)
{
    private readonly VhdxLayout _layout = map.Layout;

    /// <summary>The sectors from a byte of a block on that are all present, or all not; in bytes, at most those asked for.</summary>
    public async ValueTask<(bool Present, long Length)> FindRunAsync(long block, int within, int count)
    {
        (long byteAt, int bit) = await PlaceAsync(block, within).ConfigureAwait(false);
        bool? kind = null;
        // from the middle of a sector on
        long found = -(within % _layout.SectorSize);
        while (found < count)
        {
            TablePage page = await map.GetPageAsync(byteAt).ConfigureAwait(false);
            for (int at = (int)(byteAt - page.Offset); at < VhdxLayout.Page && found < count; at++, byteAt++, bit = 0)
            {
                byte bits = page.Data[at];
                kind ??= (bits & (1 << bit)) != 0;
                if (bit == 0 && bits == (kind.Value ? 0xff : 0))
                {
                    found += 8L * _layout.SectorSize;
                    continue;
                }

                for (; bit < 8 && found < count; bit++, found += _layout.SectorSize)
                {
                    if ((bits & (1 << bit)) != 0 != kind.Value)
                        return (kind.Value, found);
                }
            }
        }

        return (kind!.Value, count);
    }

    /// <summary>Says of whole sectors of a block whether the file has them. The chunk has its bitmap; room was made.</summary>
    public async ValueTask SetAsync(long block, int within, int count, bool present)
    {
        (long byteAt, int bit) = await PlaceAsync(block, within).ConfigureAwait(false);
        for (int left = count / _layout.SectorSize; left > 0;)
        {
            TablePage page = await map.GetPageAsync(byteAt).ConfigureAwait(false);
            bool changed = false;
            for (int at = (int)(byteAt - page.Offset); at < VhdxLayout.Page && left > 0; at++, byteAt++, bit = 0)
            {
                int bits = Math.Min(8 - bit, left);
                int mask = ((1 << bits) - 1) << bit;
                byte old = page.Data[at];
                page.Data[at] = (byte)(present ? old | mask : old & ~mask);
                changed |= page.Data[at] != old;
                left -= bits;
            }

            if (changed)
                map.MarkDirty(page);
        }
    }

    // the byte of the file and the bit in it that are a sector's
    private async ValueTask<(long ByteAt, int Bit)> PlaceAsync(long block, int within)
    {
        long chunk = block / _layout.ChunkRatio;
        long bitmap = await map.GetBitmapAsync(chunk).ConfigureAwait(false);
        long sector = (((block % _layout.ChunkRatio) * _layout.BlockSize) + within) / _layout.SectorSize;
        return (bitmap + (sector >> 3), (int)(sector & 7));
    }
}
