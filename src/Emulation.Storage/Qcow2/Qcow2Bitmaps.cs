using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The persistent bitmaps of an open image: read when they are asked for, kept up to date while the disk is written, saved when it is closed.</summary>
/// <remarks>From the first write on they are marked as in use in the file, so that after a crash nobody relies on them.</remarks>
internal sealed partial class Qcow2Bitmaps(Qcow2Metadata metadata, List<Qcow2Bitmap> list, long directoryOffset, long directoryLength)
{
    private readonly Qcow2Geometry _geometry = metadata.Geometry;

    // those that record the writes of this session
    private readonly List<Qcow2Bitmap> _recording = [];
    private (long Offset, long Length) _directory = (directoryOffset, directoryLength);
    private bool _prepared;

    public IReadOnlyList<Qcow2Bitmap> List => list;

    public bool IsEmpty { get; private set; } = list.Count == 0;

    /// <summary>Directory and tables.</summary>
    public IEnumerable<(long Offset, long Length)> Tables
    {
        get
        {
            foreach (Qcow2Bitmap bitmap in list)
            {
                if (bitmap.TableSize > 0)
                    yield return (bitmap.TableOffset, bitmap.TableSize * 8L);
            }

            if (list.Count > 0)
                yield return _directory;
        }
    }

    /// <summary>Called before a range of the disk changes.</summary>
    public async ValueTask RecordAsync(long offset, long length)
    {
        if (!_prepared)
            await PrepareAsync().ConfigureAwait(false);
        foreach (Qcow2Bitmap bitmap in _recording)
        {
            if (bitmap.Enabled)
                bitmap.Mark(offset, length);
        }
    }

    /// <summary>The run of equal bits that starts at an offset of the disk.</summary>
    public async ValueTask<BitmapRun> GetAsync(string name, long offset, long length)
    {
        Qcow2Bitmap bitmap = Find(name);
        if (!bitmap.Consistent)
            throw metadata.Name.Error($"bitmap '{name}' cannot be relied on: a writer did not come to save it");
        await LoadAsync(bitmap).ConfigureAwait(false);
        byte[] bits = bitmap.Bits!;
        long bit = offset >> bitmap.GranularityBits;
        long last = (offset + length - 1) >> bitmap.GranularityBits;
        bool written = (bits[bit >> 3] >> (int)(bit & 7) & 1) != 0;
        while (bit < last)
        {
            long next = bit + 1;
            if ((next & 7) == 0 && next + 7 <= last && bits[next >> 3] == (written ? byte.MaxValue : 0))
                bit += 8;
            else if ((bits[next >> 3] >> (int)(next & 7) & 1) != 0 == written)
                bit++;
            else
                break;
        }

        return new BitmapRun(Math.Min(((bit + 1) << bitmap.GranularityBits) - offset, length), written);
    }

    /// <summary>Saves what was recorded; called when everything else is durable.</summary>
    public async ValueTask SaveAsync()
    {
        if (_recording.Count == 0)
            return;
        foreach (Qcow2Bitmap bitmap in _recording)
            await WriteBitsAsync(bitmap).ConfigureAwait(false);
        await metadata.Refcounts.WriteAsync().ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
        foreach (Qcow2Bitmap bitmap in _recording)
            await WriteTableAsync(bitmap).ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
        foreach (Qcow2Bitmap bitmap in _recording)
            await WriteFlagsAsync(bitmap, bitmap.Flags).ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
        _recording.Clear();
        _prepared = false;
    }

    private Qcow2Bitmap Find(string name) => list.Find(b => b.Name == name) ?? throw metadata.Name.Error($"there is no bitmap '{name}'");

    private async ValueTask PrepareAsync()
    {
        foreach (Qcow2Bitmap bitmap in list)
        {
            if (!bitmap.Enabled || !bitmap.Consistent || _recording.Contains(bitmap))
                continue;
            await LoadAsync(bitmap).ConfigureAwait(false);
            await WriteFlagsAsync(bitmap, bitmap.Flags | Qcow2BitmapDirectory.InUse).ConfigureAwait(false);
            _recording.Add(bitmap);
        }

        if (_recording.Count > 0)
            await metadata.File.FlushAsync().ConfigureAwait(false);
        _prepared = true;
    }

    private async ValueTask LoadAsync(Qcow2Bitmap bitmap)
    {
        if (bitmap.Bits is not null)
            return;
        ulong[] table = await Qcow2Metadata.ReadL1Async(metadata.File, bitmap.TableOffset, bitmap.TableSize).ConfigureAwait(false);
        byte[] bits = new byte[Qcow2BitmapDirectory.BytesOf(metadata.Header.Size, bitmap.GranularityBits)];
        for (int i = 0; i < table.Length; i++)
        {
            int start = i << _geometry.ClusterBits;
            Memory<byte> part = bits.AsMemory(start, Math.Min(_geometry.ClusterSize, bits.Length - start));
            long offset = (long)(table[i] & Qcow2Bits.OffsetMask);
            bool reserved = (table[i] & ~(Qcow2Bits.OffsetMask | 1)) != 0 || (offset != 0 && (table[i] & 1) != 0);
            if (reserved || _geometry.Within(offset) != 0 || offset >= _geometry.RoundUp(metadata.File.Length))
                throw metadata.Name.At(bitmap.TableOffset + (i * 8L), $"entry 0x{table[i]:x16} of the table of bitmap '{bitmap.Name}' is not possible");
            if (offset != 0)
                await metadata.File.ReadAsync(offset, part).ConfigureAwait(false);
            else
                part.Span.Fill((table[i] & 1) != 0 ? byte.MaxValue : (byte)0);
        }

        ClearPadding(bits, bitmap);
        (bitmap.Table, bitmap.Bits) = (table, bits);
    }

    // clusters of zeros and of ones need no room; others keep their place, which nobody relies on while the bitmap is in use
    private async ValueTask WriteBitsAsync(Qcow2Bitmap bitmap)
    {
        (ulong[] table, byte[] bits) = (bitmap.Table!, bitmap.Bits!);
        byte[] cluster = new byte[_geometry.ClusterSize];
        for (int i = 0; i < table.Length; i++)
        {
            int start = i << _geometry.ClusterBits;
            ReadOnlyMemory<byte> part = bits.AsMemory(start, Math.Min(_geometry.ClusterSize, bits.Length - start));
            long offset = (long)(table[i] & Qcow2Bits.OffsetMask);
            if (!part.Span.ContainsAnyExcept((byte)0))
            {
                if (offset != 0)
                    metadata.Refcounts.Release(offset, _geometry.ClusterSize);
                table[i] = 0;
                continue;
            }

            if (offset == 0)
                offset = await metadata.Refcounts.AllocateAsync().ConfigureAwait(false);
            else if (metadata.Tables.Contains(_geometry.ClusterOf(offset)))
                throw metadata.Damaged(offset, $"bits of bitmap '{bitmap.Name}' are said to be where a table is");
            cluster.AsSpan().Clear();
            part.CopyTo(cluster);
            await metadata.File.WriteAsync(offset, cluster).ConfigureAwait(false);
            table[i] = (ulong)offset;
        }
    }

    private async ValueTask WriteTableAsync(Qcow2Bitmap bitmap)
    {
        byte[] bytes = new byte[bitmap.TableSize * 8];
        for (int i = 0; i < bitmap.TableSize; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), bitmap.Table![i]);
        await metadata.File.WriteAsync(bitmap.TableOffset, bytes).ConfigureAwait(false);
    }

    private ValueTask WriteFlagsAsync(Qcow2Bitmap bitmap, uint flags)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, flags);
        return metadata.File.WriteAsync(bitmap.FlagsPosition, bytes);
    }

    private void ClearPadding(byte[] bits, Qcow2Bitmap bitmap)
    {
        long used = (metadata.Header.Size + bitmap.Granularity - 1) >> bitmap.GranularityBits;
        if ((used & 7) != 0)
            bits[^1] &= (byte)((1 << (int)(used & 7)) - 1);
    }
}
