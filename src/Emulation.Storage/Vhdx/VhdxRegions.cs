using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The region table of a VHDX image: where the BAT and the metadata are. [MS-VHDX] 2.2.3.</summary>
internal sealed class VhdxRegions
{
    public const int Length = 1 << 16;
    public const int Copies = 2;

    private const uint Signature = 0x6967_6572;
    private const int HeaderLength = 16;
    private const int EntryLength = 32;
    private const int MaxEntries = 2047;

    private VhdxRegions(VhdxRegion bat, VhdxRegion metadata, IReadOnlyList<VhdxRegion> all, byte[] bytes, int wrong)
        => (Bat, Metadata, All, Bytes, WrongCopy) = (bat, metadata, all, bytes, wrong);

    public VhdxRegion Bat { get; }

    public VhdxRegion Metadata { get; }

    /// <summary>Every region, known or not; apart from each other and the log.</summary>
    public IReadOnlyList<VhdxRegion> All { get; }

    /// <summary>The table as it is in the file.</summary>
    public byte[] Bytes { get; }

    /// <summary>The copy that is not what the other one is; -1 when both agree.</summary>
    public int WrongCopy { get; }

    /// <summary>Where the first or second table is.</summary>
    public static long Place(int copy) => (copy + 3) << 16;

    public static async ValueTask<VhdxRegions> ReadAsync(HostFile file, VhdxHeader header, ImageName name)
    {
        byte[]? sound = null;
        int wrong = -1;
        for (int copy = Copies - 1; copy >= 0; copy--)
        {
            byte[] bytes = new byte[Length];
            await file.ReadAsync(Place(copy), bytes).ConfigureAwait(false);
            if (ImageFields.U32(bytes, 0) != Signature || !VhdxChecksum.IsRight(bytes))
                wrong = copy;
            else if (sound is not null && !sound.AsSpan().SequenceEqual(bytes))
                (sound, wrong) = (bytes, 1);
            else
                sound = bytes;
        }

        if (sound is null)
            throw name.At(Place(0), "neither of the two region tables is sound");
        return Parse(sound, Place(wrong == 0 ? 1 : 0), wrong, file.Length, header, name);
    }

    public static byte[] ToBytes(params ReadOnlySpan<VhdxRegion> regions)
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Signature);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), regions.Length);
        for (int i = 0; i < regions.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(HeaderLength + (i * EntryLength), EntryLength);
            regions[i].Id.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], regions[i].Offset);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], (uint)regions[i].Length);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], 1);
        }

        VhdxChecksum.Write(bytes);
        return bytes;
    }

    private static VhdxRegions Parse(byte[] bytes, long place, int wrong, long fileLength, VhdxHeader header, ImageName name)
    {
        uint count = ImageFields.U32(bytes, 8);
        if (count > MaxEntries)
            throw name.At(place + 8, $"{count} regions are too many; {MaxEntries} are the most");
        var all = new List<VhdxRegion>();
        (VhdxRegion? bat, VhdxRegion? metadata) = (null, null);
        for (int at = HeaderLength; all.Count < count; at += EntryLength)
        {
            var region = new VhdxRegion(new Guid(bytes.AsSpan(at, 16)), (long)ImageFields.U64(bytes, at + 16), ImageFields.U32(bytes, at + 24));
            if (region.Offset % VhdxLayout.Unit != 0 || region.Length % VhdxLayout.Unit != 0 || region.Offset < VhdxLayout.Unit || region.Offset > fileLength - region.Length)
                throw name.At(place + at + 16, $"region {region.Id} of {region.Length} bytes is said to be at byte 0x{region.Offset:x}");
            if (all.Exists(r => r.Id == region.Id))
                throw name.At(place + at, $"region {region.Id} is there twice");
            if (region.Id == VhdxIds.BatRegion)
                bat = region;
            else if (region.Id == VhdxIds.MetadataRegion)
                metadata = region;
            else if ((ImageFields.U32(bytes, at + 28) & 1) != 0)
                throw name.At(place + at, $"region {region.Id} is not known, and the image requires that it is");
            all.Add(region);
        }

        CheckApart(all, header, place, name);
        if (bat is null || metadata is null)
            throw name.At(place, $"the region table has no {(bat is null ? "block allocation table" : "metadata")}");
        return new VhdxRegions(bat, metadata, all, bytes, wrong);
    }

    private static void CheckApart(List<VhdxRegion> regions, VhdxHeader header, long place, ImageName name)
    {
        List<VhdxRegion> sorted = [.. regions, new VhdxRegion(header.Log, header.LogOffset, header.LogLength)];
        sorted.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        for (int i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].Offset < sorted[i - 1].Offset + sorted[i - 1].Length)
                throw name.At(place, $"a region is said to be at byte 0x{sorted[i].Offset:x}, where another or the log is");
        }
    }
}
