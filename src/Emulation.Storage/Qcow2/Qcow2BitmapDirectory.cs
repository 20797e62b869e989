using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>Reads and checks the list of bitmaps. QEMU docs/interop/qcow2, "Bitmap directory".</summary>
internal static class Qcow2BitmapDirectory
{
    public const uint InUse = 1 << 0;
    public const uint Auto = 1 << 1;
    public const uint ExtraDataCompatible = 1 << 2;

    public const int MaxBitmaps = 65535;
    public const long MaxBytes = 64 << 20;
    public const int MaxName = 1023;
    public const int MinGranularityBits = 9;
    public const int MaxGranularityBits = 31;

    private const int FixedLength = 24;

    /// <summary>The bitmaps of an image; none unless its header says that they are valid.</summary>
    public static async ValueTask<Qcow2BitmapList> ReadAsync(HostFile file, Qcow2Header header, ImageName name)
    {
        if ((header.Autoclear & Qcow2Bits.AutoclearBitmaps) == 0)
            return new Qcow2BitmapList([], 0, 0);
        if (header.Find(Qcow2Bits.ExtensionBitmaps) is not { Data.Length: >= 24 } extension)
            throw name.At(88, "bitmaps are said to be valid, but there are none");
        uint count = BinaryPrimitives.ReadUInt32BigEndian(extension.Data);
        ulong length = BinaryPrimitives.ReadUInt64BigEndian(extension.Data.AsSpan(8));
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(extension.Data.AsSpan(16));
        Qcow2Geometry geometry = header.Geometry();
        if (count is 0 or > MaxBitmaps || length < count * (ulong)FixedLength || length > MaxBytes
            || !IsInside(geometry, file, offset, length))
        {
            throw name.Error($"its directory of {count} bitmaps, {length} bytes at 0x{offset:x}, is not possible");
        }

        byte[] directory = new byte[length];
        await file.ReadAsync((long)offset, directory).ConfigureAwait(false);
        var bitmaps = new List<Qcow2Bitmap>();
        int position = 0;
        for (uint i = 0; i < count; i++)
            bitmaps.Add(Parse(directory, ref position, (long)offset, header, geometry, file, name));
        return new Qcow2BitmapList(bitmaps, (long)offset, (long)length);
    }

    /// <summary>The directory of some bitmaps.</summary>
    /// <param name="bitmaps">The bitmaps.</param>
    /// <param name="inUse">Those that are being recorded.</param>
    public static byte[] ToBytes(List<Qcow2Bitmap> bitmaps, List<Qcow2Bitmap> inUse)
    {
        var bytes = new MemoryStream();
        byte[] entry = new byte[FixedLength];
        foreach (Qcow2Bitmap bitmap in bitmaps)
        {
            byte[] label = Encoding.UTF8.GetBytes(bitmap.Name);
            BinaryPrimitives.WriteInt64BigEndian(entry, bitmap.TableOffset);
            BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(8), bitmap.TableSize);
            BinaryPrimitives.WriteUInt32BigEndian(entry.AsSpan(12), bitmap.Flags | (inUse.Contains(bitmap) ? InUse : 0));
            entry[16] = 1;
            entry[17] = (byte)bitmap.GranularityBits;
            BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(18), (ushort)label.Length);
            BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(20), bitmap.Extra.Length);
            bytes.Write(entry);
            bytes.Write(bitmap.Extra);
            bytes.Write(label);
            bytes.SetLength((bytes.Length + 7) & ~7);
            bytes.Position = bytes.Length;
        }

        return bytes.ToArray();
    }

    /// <summary>Tells bitmaps where their flags are in a directory at <paramref name="start"/>.</summary>
    public static void Place(List<Qcow2Bitmap> bitmaps, long start)
    {
        foreach (Qcow2Bitmap bitmap in bitmaps)
        {
            bitmap.FlagsPosition = start + 12;
            start += (FixedLength + bitmap.Extra.Length + Encoding.UTF8.GetByteCount(bitmap.Name) + 7) & ~7;
        }
    }

    /// <summary>Bytes of the bits of a bitmap.</summary>
    public static long BytesOf(long size, int granularityBits)
        => (((size + (1L << granularityBits) - 1) >> granularityBits) + 7) >> 3;

    private static Qcow2Bitmap Parse(
        byte[] directory, ref int position, long start, Qcow2Header header, Qcow2Geometry geometry, HostFile file, ImageName name)
    {
        long at = start + position;
        ReadOnlySpan<byte> rest = directory.AsSpan(position);
        if (rest.Length < FixedLength)
            throw name.At(at, "the directory of bitmaps ends too early");
        uint flags = BinaryPrimitives.ReadUInt32BigEndian(rest[12..]);
        int nameLength = BinaryPrimitives.ReadUInt16BigEndian(rest[18..]);
        uint extra = BinaryPrimitives.ReadUInt32BigEndian(rest[20..]);
        int granularity = rest[17];
        if (nameLength == 0 || extra > rest.Length - FixedLength || nameLength > rest.Length - FixedLength - extra)
            throw name.At(at, "a bitmap's directory entry leaves the directory");
        string label = Encoding.UTF8.GetString(rest.Slice(FixedLength + (int)extra, nameLength));
        if (rest[16] != 1 || granularity is < MinGranularityBits or > MaxGranularityBits || flags >> 3 != 0
            || (extra > 0 && (flags & ExtraDataCompatible) == 0))
        {
            throw name.At(at, $"bitmap '{label}' (type {rest[16]}, granularity 2^{granularity}, flags 0x{flags:x}) is not supported");
        }

        if (nameLength > MaxName)
            throw name.At(at, $"the name of a bitmap has {nameLength} bytes, more than {MaxName}");
        ulong table = BinaryPrimitives.ReadUInt64BigEndian(rest);
        uint entries = BinaryPrimitives.ReadUInt32BigEndian(rest[8..]);
        long bytes = BytesOf(header.Size, granularity);
        if (entries != geometry.RoundUp(bytes) >> geometry.ClusterBits || !IsInside(geometry, file, table, entries * 8UL))
            throw name.At(at, $"the table of bitmap '{label}', {entries} entries at 0x{table:x}, does not fit the disk or the file");
        if (bytes > MaxBytes)
            throw name.At(at, $"bitmap '{label}' has {bytes} bytes, more than {MaxBytes}");
        position = (int)Math.Min((position + FixedLength + extra + nameLength + 7) & ~7L, directory.Length);
        return new Qcow2Bitmap
        {
            Name = label,
            GranularityBits = granularity,
            Enabled = (flags & Auto) != 0,
            Consistent = (flags & InUse) == 0,
            TableOffset = (long)table,
            TableSize = (int)entries,
            FlagsPosition = at + 12,
            Flags = flags,
            Extra = rest.Slice(FixedLength, (int)extra).ToArray(),
        };
    }

    private static bool IsInside(Qcow2Geometry geometry, HostFile file, ulong offset, ulong length)
    {
        ulong end = (ulong)geometry.RoundUp(file.Length);
        return offset != 0 && offset % (ulong)geometry.ClusterSize == 0 && offset < end && length <= end - offset;
    }
}
