using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The header of a sparse extent, of hosted products (KDMV) or of ESX servers (COWD); all fields are little-endian.</summary>
/// <remarks>VMware Virtual Disk Format 5.0, "Hosted Sparse Extents" and "ESX Server Sparse Extents".</remarks>
internal sealed record VmdkHeader
{
    public const int Length = 512;
    public const int UncleanOffset = 72;
    public const long FlagRedundant = 1 << 1;
    public const long FlagZeroGrain = 1 << 2;
    public const int DefaultTableEntries = 512;
    public const int MinGrainSize = 4096;
    public const int MaxPackedGrain = 16 << 20;

    /// <summary>Most entries of a grain directory; 16 MiB of it.</summary>
    public const long MaxTables = 4 << 20;

    private const long FlagNewLines = 1;
    private const long FlagCompressed = 1 << 16;
    private const long FlagMarkers = 1 << 17;
    private const long MaxSectors = 1L << 53;
    private const int MaxGrainSectors = 0x20_0000;
    private const int CowdTableEntries = 4096;

    /// <summary>In place of the directory's sector: it is in the footer at the end of the file.</summary>
    private const ulong AtEnd = ulong.MaxValue;

    public static ReadOnlySpan<byte> Magic => "KDMV"u8;

    public static ReadOnlySpan<byte> CowdMagic => "COWD"u8;

    private static ReadOnlySpan<byte> NewLines => "\n \r\n"u8;

    public bool IsCowd { get; init; }

    public uint Version { get; init; } = 1;

    /// <summary>Bytes of the extent; 0 where the file only holds a descriptor.</summary>
    public required long Capacity { get; init; }

    public required int GrainSize { get; init; }

    public int TableEntries { get; init; } = DefaultTableEntries;

    public long DescriptorOffset { get; init; }

    public long DescriptorLength { get; init; }

    public required long DirectoryOffset { get; init; }

    /// <summary>Where the second directory is; 0 without one.</summary>
    public long RedundantOffset { get; init; }

    /// <summary>Where grains begin, as the header says it.</summary>
    public long DataOffset { get; init; }

    public bool HasZeroGrain { get; init; }

    public bool IsCompressed { get; init; }

    public bool HasMarkers { get; init; }

    /// <summary>Whether the last writer did not close it.</summary>
    public bool IsUnclean { get; init; }

    /// <summary>Whether this header is the footer's: the one at the start does not say where the directory is.</summary>
    public bool IsFooter { get; init; }

    public int TableBytes => TableEntries * 4;

    /// <summary>Tables that the extent has.</summary>
    public int Tables => (int)ImageFields.Blocks(Capacity, (long)TableEntries * GrainSize);

    /// <summary>Why a change cannot be made; null when it can.</summary>
    public (long Offset, string What)? WhyReadOnly
        => IsCowd ? (0, "an extent of an ESX server (COWD) can be opened read-only only")
            : Version >= 3 && !IsCompressed ? (4, $"an extent of version {Version} that is not compressed can be opened read-only only")
            : IsCompressed && !HasMarkers ? (8, "a compressed extent without markers can be opened read-only only")
            : null;

    public static async ValueTask<VmdkHeader> ReadAsync(HostFile file, ImageName name)
    {
        byte[] bytes = await ImageFields.ReadAsync(file, 0, Length, name).ConfigureAwait(false);
        if (bytes.AsSpan().StartsWith(CowdMagic))
            return ReadCowd(bytes, file.Length, name);
        if (!bytes.AsSpan().StartsWith(Magic))
            throw name.At(0, "the signature of a sparse extent is not there");
        if (ImageFields.U64(bytes, 56) != AtEnd)
            return Read(bytes, 0, file.Length, name);
        // marker, footer, end of the stream: one sector each
        long footer = file.Length - (2 * Length);
        byte[] end = await ImageFields.ReadAsync(file, footer - Length, 3 * Length, name).ConfigureAwait(false);
        bool marked = ImageFields.U32(end, 8) == 0 && ImageFields.U32(end, 12) == VmdkMarker.Footer
            && ImageFields.U32(end, 1024 + 8) == 0 && ImageFields.U32(end, 1024 + 12) == VmdkMarker.EndOfStream;
        if (!marked || !end.AsSpan(Length).StartsWith(Magic) || ImageFields.U64(end, Length + 56) == AtEnd)
            throw name.At(footer, "the directory is said to be where a footer says, but the file does not end with a footer");
        return Read(end[Length..^Length], footer, file.Length, name) with { IsFooter = true };
    }

    /// <summary>The header as it is written.</summary>
    /// <param name="atEnd">Whether it leaves the place of the directory to the footer.</param>
    public byte[] ToBytes(bool atEnd = false)
    {
        byte[] bytes = new byte[Length];
        void U32(int at, long value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)value);
        void Sectors(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value / ImageFields.Sector);
        Magic.CopyTo(bytes);
        U32(4, Version);
        U32(8, FlagNewLines | (RedundantOffset > 0 ? FlagRedundant : 0) | (HasZeroGrain ? FlagZeroGrain : 0)
            | (IsCompressed ? FlagCompressed : 0) | (HasMarkers ? FlagMarkers : 0));
        Sectors(12, Capacity);
        Sectors(20, GrainSize);
        Sectors(28, DescriptorOffset);
        Sectors(36, DescriptorLength);
        U32(44, TableEntries);
        Sectors(48, RedundantOffset);
        Sectors(56, DirectoryOffset);
        if (atEnd)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), AtEnd);
        Sectors(64, DataOffset);
        bytes[UncleanOffset] = IsUnclean ? (byte)1 : (byte)0;
        NewLines.CopyTo(bytes.AsSpan(73));
        bytes[77] = IsCompressed ? (byte)1 : (byte)0;
        return bytes;
    }

    private static VmdkHeader Read(byte[] bytes, long at, long fileLength, ImageName name)
    {
        void Require(bool fine, int field, string what)
        {
            if (!fine)
                throw name.At(at + field, what);
        }

        long Sectors(int field, string what)
        {
            ulong value = ImageFields.U64(bytes, field);
            Require(value <= MaxSectors, field, $"{what} of 0x{value:x} sectors is not possible");
            return (long)value * ImageFields.Sector;
        }

        uint version = ImageFields.U32(bytes, 4);
        Require(version is >= 1 and <= 3, 4, $"version {version} is not supported; 1 to 3 are");
        uint flags = ImageFields.U32(bytes, 8);
        Require((flags & FlagNewLines) == 0 || bytes.AsSpan(73).StartsWith(NewLines), 73, "the line ends in the header are damaged: it was copied as text");
        int algorithm = bytes[77] | (bytes[78] << 8);
        Require(algorithm <= 1, 77, $"compression {algorithm} is not supported; 0 (none) and 1 (deflate) are");
        var header = new VmdkHeader
        {
            Version = version,
            Capacity = Sectors(12, "a capacity"),
            GrainSize = GrainOf(ImageFields.U64(bytes, 20), algorithm == 1, at + 20, name),
            TableEntries = (int)Math.Min(ImageFields.U32(bytes, 44), int.MaxValue),
            DescriptorOffset = Sectors(28, "a place of the descriptor"),
            DescriptorLength = Sectors(36, "a descriptor"),
            RedundantOffset = (flags & FlagRedundant) == 0 ? 0 : Sectors(48, "a place of the redundant directory"),
            DirectoryOffset = ImageFields.U64(bytes, 12) == 0 ? 0 : Sectors(56, "a place of the directory"),
            DataOffset = Sectors(64, "a start of the grains"),
            HasZeroGrain = (flags & FlagZeroGrain) != 0,
            IsCompressed = algorithm == 1,
            HasMarkers = (flags & FlagMarkers) != 0,
            IsUnclean = bytes[UncleanOffset] != 0,
        };
        int entries = header.TableEntries;
        Require(header.Capacity == 0 || (entries is > 0 and <= CowdTableEntries && entries % 128 == 0), 44, $"tables of {entries} entries are not supported; multiples of 128 up to {CowdTableEntries} are");
        if (header.Capacity > 0)
            header.CheckDirectory(at, 12, 56, fileLength, name);
        Require(header.Capacity == 0 || header.DataOffset <= fileLength, 64, $"the file of {fileLength} bytes ends before its grains begin");
        return header;
    }

    private static VmdkHeader ReadCowd(byte[] bytes, long fileLength, ImageName name)
    {
        if (ImageFields.U32(bytes, 4) != 1)
            throw name.At(4, $"version {ImageFields.U32(bytes, 4)} is not supported; 1 is");
        var header = new VmdkHeader
        {
            IsCowd = true,
            Capacity = (long)ImageFields.U32(bytes, 12) * ImageFields.Sector,
            GrainSize = GrainOf(ImageFields.U32(bytes, 16), false, 16, name),
            TableEntries = CowdTableEntries,
            DirectoryOffset = (long)ImageFields.U32(bytes, 20) * ImageFields.Sector,
        };
        if (header.Capacity == 0)
            throw name.At(12, "a capacity of 0 sectors is not possible");
        if (header.Tables > ImageFields.U32(bytes, 24))
            throw name.At(24, $"a directory of {ImageFields.U32(bytes, 24)} entries is too small for {header.Capacity} bytes");
        header.CheckDirectory(0, 12, 20, fileLength, name);
        return header;
    }

    private static int GrainOf(ulong sectors, bool compressed, long at, ImageName name)
    {
        if (sectors is 0 or > MaxGrainSectors)
            throw name.At(at, $"a grain of {sectors} sectors is not possible");
        if (compressed && sectors * ImageFields.Sector > MaxPackedGrain)
            throw name.At(at, $"a compressed grain of {sectors} sectors is too large; {MaxPackedGrain / ImageFields.Sector} are the most");
        return (int)sectors * ImageFields.Sector;
    }

    private void CheckDirectory(long at, int capacityField, int directoryField, long fileLength, ImageName name)
    {
        long tables = ImageFields.Blocks(Capacity, (long)TableEntries * GrainSize);
        if (tables > MaxTables)
            throw name.At(at + capacityField, $"{tables} grain tables are too many; {MaxTables} are the most");
        if (DirectoryOffset < Length || DirectoryOffset > fileLength - (tables * 4))
            throw name.At(at + directoryField, $"the grain directory of {tables} entries is said to be at byte 0x{DirectoryOffset:x} of a file of {fileLength} bytes");
    }
}
