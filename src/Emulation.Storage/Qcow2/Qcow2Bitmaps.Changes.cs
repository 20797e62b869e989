using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>Adding and removing bitmaps: a new directory takes the place of the old one.</summary>
internal sealed partial class Qcow2Bitmaps
{
    public async ValueTask AddAsync(string name, long granularity, bool enabled)
    {
        if (metadata.Geometry.Version < 3)
            throw metadata.Name.Error("version 2 has no bitmaps");
        if (list.Exists(b => b.Name == name))
            throw metadata.Name.Error($"there is a bitmap '{name}' already");
        if (Encoding.UTF8.GetByteCount(name) > Qcow2BitmapDirectory.MaxName || list.Count >= Qcow2BitmapDirectory.MaxBitmaps)
            throw metadata.Name.Error($"the name of the bitmap has more than {Qcow2BitmapDirectory.MaxName} bytes, or there are too many bitmaps");
        if (!BitOperations.IsPow2(granularity)
            || BitOperations.Log2((ulong)granularity) is < Qcow2BitmapDirectory.MinGranularityBits or > Qcow2BitmapDirectory.MaxGranularityBits)
        {
            throw new ArgumentOutOfRangeException(nameof(granularity), granularity, "not a power of two from 512 to 2 GiB");
        }

        int granularityBits = BitOperations.Log2((ulong)granularity);
        long bytes = Qcow2BitmapDirectory.BytesOf(metadata.Header.Size, granularityBits);
        if (bytes > Qcow2BitmapDirectory.MaxBytes)
            throw metadata.Name.Error($"a bitmap of granularity {granularity} would have {bytes} bytes, more than {Qcow2BitmapDirectory.MaxBytes}");
        await metadata.PrepareAsync().ConfigureAwait(false);
        int entries = (int)(_geometry.RoundUp(bytes) >> _geometry.ClusterBits);
        long table = await AllocateAsync(new byte[entries * 8]).ConfigureAwait(false);
        list.Add(new Qcow2Bitmap
        {
            Name = name,
            GranularityBits = granularityBits,
            Enabled = enabled,
            Consistent = true,
            TableOffset = table,
            TableSize = entries,
            Flags = enabled ? Qcow2BitmapDirectory.Auto : 0,
        });
        try
        {
            await WriteDirectoryAsync().ConfigureAwait(false);
        }
        catch
        {
            list.RemoveAt(list.Count - 1);
            throw;
        }

        IsEmpty = false;
        _prepared = false; // the next write marks it as in use
    }

    public async ValueTask RemoveAsync(string name)
    {
        Qcow2Bitmap bitmap = Find(name);
        ulong[] table = await Qcow2Metadata.ReadL1Async(metadata.File, bitmap.TableOffset, bitmap.TableSize).ConfigureAwait(false);
        await metadata.PrepareAsync().ConfigureAwait(false);
        int place = list.IndexOf(bitmap);
        list.RemoveAt(place);
        try
        {
            await WriteDirectoryAsync().ConfigureAwait(false);
        }
        catch
        {
            list.Insert(place, bitmap);
            throw;
        }

        _recording.Remove(bitmap);
        foreach (ulong entry in bitmap.Table ?? table)
        {
            if ((long)(entry & Qcow2Bits.OffsetMask) is not 0 and long offset && offset < _geometry.RoundUp(metadata.File.Length))
                metadata.Refcounts.Release(offset, _geometry.ClusterSize);
        }

        if (bitmap.TableSize > 0)
            metadata.Refcounts.Release(bitmap.TableOffset, bitmap.TableSize * 8L);
        IsEmpty = list.Count == 0;
        await metadata.FlushAsync().ConfigureAwait(false);
    }

    public ValueTask ClearAsync(string name) => MarkAsync(name, [], clear: true);

    /// <summary>Sets the bits of some ranges, after clearing all others if asked to.</summary>
    public async ValueTask MarkAsync(string name, IReadOnlyList<(long Offset, long Length)> ranges, bool clear)
    {
        Qcow2Bitmap bitmap = FindConsistent(name);
        await metadata.PrepareAsync().ConfigureAwait(false);
        await LoadAsync(bitmap).ConfigureAwait(false);
        if (!_recording.Contains(bitmap))
        {
            await WriteFlagsAsync(bitmap, bitmap.Flags | Qcow2BitmapDirectory.InUse).ConfigureAwait(false);
            await metadata.File.FlushAsync().ConfigureAwait(false);
            _recording.Add(bitmap);
        }

        if (clear)
            bitmap.Bits.AsSpan().Clear();
        foreach ((long offset, long length) in ranges)
            bitmap.Mark(offset, length);
    }

    public async ValueTask EnableAsync(string name, bool enabled)
    {
        Qcow2Bitmap bitmap = FindConsistent(name);
        uint flags = bitmap.Flags & ~Qcow2BitmapDirectory.Auto | (enabled ? Qcow2BitmapDirectory.Auto : 0);
        if (flags == bitmap.Flags)
            return;
        await metadata.PrepareAsync().ConfigureAwait(false);
        await WriteFlagsAsync(bitmap, flags | (_recording.Contains(bitmap) ? Qcow2BitmapDirectory.InUse : 0)).ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
        (bitmap.Flags, bitmap.Enabled) = (flags, enabled);
        _prepared = false; // the next write marks it as in use
    }

    private Qcow2Bitmap FindConsistent(string name)
        => Find(name) is { Consistent: true } bitmap ? bitmap : throw metadata.Name.Error($"bitmap '{name}' cannot be relied on; remove it");

    private async ValueTask WriteDirectoryAsync()
    {
        (long oldOffset, long oldLength) = _directory;
        var extension = new Qcow2ExtensionWriter(metadata);
        if (list.Count == 0)
        {
            await extension.RemoveAsync().ConfigureAwait(false);
            _directory = default;
        }
        else
        {
            byte[] directory = Qcow2BitmapDirectory.ToBytes(list, _recording);
            long offset = await AllocateAsync(directory).ConfigureAwait(false);
            await metadata.Refcounts.WriteAsync().ConfigureAwait(false);
            await metadata.File.FlushAsync().ConfigureAwait(false);
            byte[] data = new byte[24];
            BinaryPrimitives.WriteInt32BigEndian(data, list.Count);
            BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(8), directory.Length);
            BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(16), offset);
            await extension.SetAsync(data).ConfigureAwait(false);
            _directory = (offset, directory.Length);
            Qcow2BitmapDirectory.Place(list, offset);
        }

        if (oldLength > 0)
            metadata.Refcounts.Release(oldOffset, oldLength);
    }

    // whole clusters that begin with some bytes
    private async ValueTask<long> AllocateAsync(byte[] bytes)
    {
        Array.Resize(ref bytes, (int)_geometry.RoundUp(Math.Max(bytes.Length, 1)));
        int clusters = bytes.Length >> _geometry.ClusterBits;
        long offset = await metadata.Refcounts.AllocateAsync(clusters).ConfigureAwait(false);
        await metadata.File.WriteAsync(offset, bytes).ConfigureAwait(false);
        for (int i = 0; i < clusters; i++)
            metadata.Tables.Add(_geometry.ClusterOf(offset) + i);
        return offset;
    }
}
