using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The footer of a VHD image, a copy of which also starts a dynamic one; all fields are big-endian.</summary>
internal sealed record VhdFooter
{
    public const int Length = 512;
    public const uint TypeFixed = 2;
    public const uint TypeDynamic = 3;
    public const uint TypeDifferencing = 4;

    /// <summary>Size of the largest disk: the sectors that 32 bits can count, less what tables need.</summary>
    public const long MaxDiskSize = 0xff00_0000L * ImageFields.Sector;

    private const int ChecksumOffset = 64;
    private const uint Version = 0x0001_0000;
    private const uint FeatureReserved = 2;

    public static ReadOnlySpan<byte> Cookie => "conectix"u8;

    public required uint Type { get; init; }

    public required long DataOffset { get; init; }

    public required long CurrentSize { get; init; }

    public required VhdGeometry Geometry { get; init; }

    /// <summary>The disk's own identifier.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>When the disk was made, in seconds since 2000.</summary>
    public uint Time { get; init; } = (uint)(DateTimeOffset.UtcNow - Epoch).TotalSeconds;

    /// <summary>What times count from.</summary>
    public static DateTimeOffset Epoch { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether the program that made the image takes the size from the geometry.</summary>
    public bool SizeFromGeometry { get; init; }

    /// <summary>The bytes, as they are to be written again.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>Size of the disk.</summary>
    public long DiskSize => SizeFromGeometry && Geometry != VhdGeometry.Max ? Geometry.TotalSectors * ImageFields.Sector : CurrentSize;

    /// <summary>Whether the bytes begin and sum up as a footer.</summary>
    public static bool IsSound(ReadOnlySpan<byte> bytes)
        => bytes.Length >= Length && bytes.StartsWith(Cookie)
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[ChecksumOffset..]) == Checksum(bytes[..Length], ChecksumOffset);

    /// <summary>Reads a sound footer.</summary>
    public static VhdFooter Read(byte[] bytes, long at, ImageName name)
    {
        uint version = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(12));
        if (version >> 16 != Version >> 16)
            throw name.At(at + 12, $"version {version >> 16}.{version & 0xffff} is not supported; 1.0 is");
        ReadOnlySpan<byte> creator = bytes.AsSpan(28, 4);
        var footer = new VhdFooter
        {
            DataOffset = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(16)),
            CurrentSize = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(48)),
            Geometry = new(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(56)), bytes[58], bytes[59]),
            Type = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(60)),
            Time = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(24)),
            Id = new Guid(bytes.AsSpan(68, 16), bigEndian: true),
            SizeFromGeometry = creator.SequenceEqual("vpc "u8) || creator.SequenceEqual("qemu"u8),
            Bytes = bytes,
        };
        if (footer.Type is not (TypeFixed or TypeDynamic or TypeDifferencing))
            throw name.At(at + 60, $"an image of type {footer.Type} is not supported; 2 (fixed), 3 (dynamic) and 4 (differencing) are");

        if (footer.DiskSize <= 0 || footer.DiskSize > MaxDiskSize || footer.DiskSize % ImageFields.Sector != 0)
            throw name.At(at + 48, $"a disk of {footer.DiskSize} bytes is not possible");
        return footer;
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
        void I64(int at, long value) => BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), value);
        Cookie.CopyTo(bytes);
        U32(8, FeatureReserved);
        U32(12, Version);
        I64(16, DataOffset);
        U32(24, Time);
        "emu "u8.CopyTo(bytes.AsSpan(28));
        U32(32, Version);
        "Wi2k"u8.CopyTo(bytes.AsSpan(36));
        I64(40, CurrentSize);
        I64(48, CurrentSize);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(56), Geometry.Cylinders);
        bytes[58] = Geometry.Heads;
        bytes[59] = Geometry.Sectors;
        U32(60, Type);
        Id.TryWriteBytes(bytes.AsSpan(68), bigEndian: true, out _);
        U32(ChecksumOffset, Checksum(bytes, ChecksumOffset));
        return bytes;
    }

    /// <summary>The same with another size, which then is not that of the geometry.</summary>
    public VhdFooter WithSize(long length)
    {
        byte[] bytes = [.. Bytes];
        // the one by which every program takes the size from its field
        VhdGeometry geometry = VhdGeometry.Max;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(48), length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(56), geometry.Cylinders);
        (bytes[58], bytes[59]) = (geometry.Heads, geometry.Sectors);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChecksumOffset), Checksum(bytes, ChecksumOffset));
        return this with { CurrentSize = length, Geometry = geometry, Bytes = bytes };
    }

    /// <summary>The ones' complement of the sum of all bytes but those of the sum itself.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes, int at)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
            sum += i >= at && i < at + 4 ? 0u : bytes[i];
        return ~sum;
    }
}
