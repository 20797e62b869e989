using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.Storage;

/// <summary>The header of a Parallels image; all fields are little-endian. QEMU docs/interop/parallels.</summary>
internal sealed record ParallelsHeader
{
    public const int Length = 64;
    public const int InUseOffset = 44;

    private const uint Version = 2;
    private const uint InUseMark = 0x746f_6e59;
    private const int MinClusterSize = ImageFields.Sector;
    private const int MaxClusterSize = 256 << 20;
    private const int Heads = 16;
    private const int SectorsPerTrack = 32;

    // entries count sectors in images of the first kind, clusters in those of the second
    private static ReadOnlySpan<byte> SectorMagic => "WithoutFreeSpace"u8;

    private static ReadOnlySpan<byte> ClusterMagic => "WithouFreSpacExt"u8;

    public required bool CountsSectors { get; init; }

    public required int ClusterSize { get; init; }

    public required uint Blocks { get; init; }

    public required long DiskSize { get; init; }

    /// <summary>First byte of data.</summary>
    public required long DataOffset { get; init; }

    /// <summary>Whether the last writer did not close it.</summary>
    public bool InUse { get; init; }

    /// <summary>Where more structures are; 0 without any.</summary>
    public long ExtensionOffset { get; init; }

    /// <summary>The bytes, as they are to be written again.</summary>
    public byte[] Bytes { get; init; } = [];

    public static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith(SectorMagic) || head.StartsWith(ClusterMagic);

    public static async ValueTask<ParallelsHeader> ReadAsync(HostFile file, ImageName name)
    {
        byte[] bytes = await ImageFields.ReadAsync(file, 0, Length, name).ConfigureAwait(false);
        void Require(bool fine, int at, string what)
        {
            if (!fine)
                throw name.At(at, what);
        }

        Require(IsMagic(bytes), 0, "the signature of a Parallels image is not there");
        bool countsSectors = bytes.AsSpan().StartsWith(SectorMagic);
        Require(ImageFields.U32(bytes, 16) == Version, 16, $"version {ImageFields.U32(bytes, 16)} is not supported; 2 is");
        long cluster = ImageFields.U32(bytes, 28) * (long)ImageFields.Sector;
        Require(cluster is >= MinClusterSize and <= MaxClusterSize, 28, $"a cluster of {cluster} bytes is not possible");
        uint blocks = ImageFields.U32(bytes, 32);
        Require(blocks <= TableLayout.MaxEntries, 32, $"{blocks} clusters are too many; {TableLayout.MaxEntries} are the most");
        // the upper half means something only in images of the second kind
        ulong sectors = countsSectors ? ImageFields.U32(bytes, 36) : ImageFields.U64(bytes, 36);
        Require(sectors > 0 && sectors <= (ulong)(blocks * cluster / ImageFields.Sector), 36, $"a disk of {sectors} sectors does not fit into {blocks} clusters of {cluster} bytes");
        long tableEnd = (Length + (blocks * 4L) + ImageFields.Sector - 1) & -ImageFields.Sector;
        long data = ImageFields.U32(bytes, 48) * (long)ImageFields.Sector;
        if (data == 0 && countsSectors)
            data = tableEnd;
        Require(data >= Length + (blocks * 4L), 48, $"the data are said to be at byte 0x{data:x}, before the end of the table");
        return new ParallelsHeader
        {
            CountsSectors = countsSectors,
            ClusterSize = (int)cluster,
            Blocks = blocks,
            DiskSize = (long)sectors * ImageFields.Sector,
            DataOffset = data,
            InUse = ImageFields.U32(bytes, InUseOffset) == InUseMark,
            Bytes = bytes,
            ExtensionOffset = (long)Math.Min(ImageFields.U64(bytes, 56), long.MaxValue / ImageFields.Sector) * ImageFields.Sector,
        };
    }

    public static ParallelsHeader Create(long length, ParallelsCreateOptions options)
    {
        if (!BitOperations.IsPow2(options.ClusterSize) || options.ClusterSize is < 4096 or > MaxClusterSize)
            throw new DiskImageException($"parallels image cannot be created: a cluster size of {options.ClusterSize} bytes is not a power of two from 4 KiB to 256 MiB");
        ImageFields.CheckLength("parallels", length, (long)TableLayout.MaxEntries * options.ClusterSize);
        uint blocks = (uint)ImageFields.Blocks(length, options.ClusterSize);
        return new ParallelsHeader
        {
            CountsSectors = false,
            ClusterSize = options.ClusterSize,
            Blocks = blocks,
            DiskSize = length,
            DataOffset = (Length + (blocks * 4L) + options.ClusterSize - 1) & -(long)options.ClusterSize,
        };
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        (CountsSectors ? SectorMagic : ClusterMagic).CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), Heads);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(28), (uint)(ClusterSize / ImageFields.Sector));
        WritePlaces(bytes);
        return bytes;
    }

    /// <summary>The bytes that were read, with other places and sizes.</summary>
    public byte[] ToChangedBytes()
    {
        byte[] bytes = [.. Bytes];
        WritePlaces(bytes);
        return bytes;
    }

    private void WritePlaces(byte[] bytes)
    {
        void U32(int at, long value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)value);
        long sectors = DiskSize / ImageFields.Sector;
        U32(24, Math.Min(ImageFields.Blocks(sectors, Heads * SectorsPerTrack), uint.MaxValue));
        U32(32, Blocks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(36), sectors);
        U32(48, DataOffset / ImageFields.Sector);
    }

    public TableLayout ToLayout() => new()
    {
        TableOffset = Length,
        Count = (int)Blocks,
        DataStart = DataOffset,
        BlockSize = ClusterSize,
        Unit = CountsSectors ? ImageFields.Sector : ClusterSize,
        None = 0,
        Zero = 0,
        GapsAreFree = ExtensionOffset == 0,
        CanUnmap = ExtensionOffset == 0,
    };
}
