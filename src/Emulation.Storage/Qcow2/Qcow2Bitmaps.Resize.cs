namespace Emulation.Storage;

/// <content>Bitmaps of a disk whose size changes. While it does, the header says that there are no valid ones, so that none of another size is found after a power cut.</content>
internal sealed partial class Qcow2Bitmaps
{
    /// <summary>Changes the size of the disk and of all bitmaps. Bits of new bytes are clear.</summary>
    /// <param name="length">Bytes the disk will have.</param>
    /// <param name="resize">Changes the disk's.</param>
    public async ValueTask ResizeAsync(long length, Func<ValueTask> resize)
    {
        foreach (Qcow2Bitmap bitmap in list)
        {
            if (!bitmap.Consistent)
                throw metadata.Name.Error($"bitmap '{bitmap.Name}' cannot be relied on; remove it before the size is changed");
            if (Qcow2BitmapDirectory.BytesOf(length, bitmap.GranularityBits) > Qcow2BitmapDirectory.MaxBytes)
                throw metadata.Name.Error($"bitmap '{bitmap.Name}' would have more than {Qcow2BitmapDirectory.MaxBytes} bytes");
        }

        await metadata.PrepareAsync().ConfigureAwait(false);
        foreach (Qcow2Bitmap bitmap in list)
            await LoadAsync(bitmap).ConfigureAwait(false);
        await new Qcow2ExtensionWriter(metadata).RemoveAsync().ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
        try
        {
            await resize().ConfigureAwait(false);
        }
        finally
        {
            // of the size that the disk has now
            await FitAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask FitAsync()
    {
        var former = new List<(long Offset, long Length)>();
        foreach (Qcow2Bitmap bitmap in list)
        {
            byte[] bits = bitmap.Bits!;
            Array.Resize(ref bits, (int)Qcow2BitmapDirectory.BytesOf(metadata.Header.Size, bitmap.GranularityBits));
            bitmap.Bits = bits;
            ClearPadding(bits, bitmap);
            ulong[] table = bitmap.Table!;
            int entries = (int)(_geometry.RoundUp(bits.Length) >> _geometry.ClusterBits);
            foreach (ulong entry in table.AsSpan(Math.Min(entries, table.Length)))
            {
                if ((entry & Qcow2Bits.OffsetMask) != 0)
                    former.Add(((long)(entry & Qcow2Bits.OffsetMask), _geometry.ClusterSize));
            }

            Array.Resize(ref table, entries);
            bitmap.Table = table;
            await WriteBitsAsync(bitmap).ConfigureAwait(false);
            if (entries != bitmap.TableSize)
            {
                former.Add((bitmap.TableOffset, bitmap.TableSize * 8L));
                bitmap.TableOffset = await AllocateAsync(new byte[entries * 8]).ConfigureAwait(false);
                bitmap.TableSize = entries;
            }

            await WriteTableAsync(bitmap).ConfigureAwait(false);
        }

        await WriteDirectoryAsync().ConfigureAwait(false);
        foreach ((long offset, long length) in former)
            metadata.Refcounts.Release(offset, length);
        await metadata.FlushAsync().ConfigureAwait(false);
    }
}
