using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.Storage;

/// <summary>The second header of a dynamic VHD image, which tells where its table is; all fields are big-endian.</summary>
internal sealed record VhdSparseHeader
{
    public const int Length = 1024;
    public const int DefaultBlockSize = 2 << 20;

    private const int ChecksumOffset = 36;
    private const uint Version = 0x0001_0000;
    private const int MinBlockSize = 4096;
    private const int MaxBlockSize = 256 << 20;

    private static ReadOnlySpan<byte> Cookie => "cxsparse"u8;

    public required long TableOffset { get; init; }

    public required uint Blocks { get; init; }

    public required int BlockSize { get; init; }

    /// <summary>The image below, of a differencing one.</summary>
    public VhdParent? Parent { get; init; }

    /// <summary>Bytes before each block: a bit for each of its sectors.</summary>
    public int BitmapSize => Math.Max(BlockSize / ImageFields.Sector / 8, ImageFields.Sector);

    public static async ValueTask<VhdSparseHeader> ReadAsync(HostFile file, VhdFooter footer, ImageName name)
    {
        long at = footer.DataOffset;
        byte[] bytes = await ImageFields.ReadAsync(file, at, Length, name).ConfigureAwait(false);
        if (!bytes.AsSpan().StartsWith(Cookie))
            throw name.At(at, "the header of a dynamic image is not there");
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(ChecksumOffset)) != VhdFooter.Checksum(bytes, ChecksumOffset))
            throw name.At(at + ChecksumOffset, "the checksum of the dynamic header is wrong");
        uint blockSize = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(32));
        if (blockSize is < MinBlockSize or > MaxBlockSize || !BitOperations.IsPow2(blockSize))
            throw name.At(at + 32, $"a block size of {blockSize} bytes is not a power of two from 4 KiB to 256 MiB");
        var header = new VhdSparseHeader
        {
            TableOffset = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(16)),
            Blocks = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(28)),
            BlockSize = (int)blockSize,
            Parent = footer.Type == VhdFooter.TypeDifferencing ? await VhdParent.ReadAsync(file, bytes, at, name).ConfigureAwait(false) : null,
        };
        if (header.Blocks > TableLayout.MaxEntries)
            throw name.At(at + 28, $"{header.Blocks} blocks are too many; {TableLayout.MaxEntries} are the most");
        if (header.Blocks < ImageFields.Blocks(footer.DiskSize, blockSize))
            throw name.At(at + 28, $"a disk of {footer.DiskSize} bytes does not fit into {header.Blocks} blocks");
        bool apart = header.TableOffset >= at + Length || header.TableOffset + (header.Blocks * 4L) <= at;
        if (header.TableOffset < VhdFooter.Length || header.TableOffset > file.Length || !apart)
            throw name.At(at + 16, $"the table is said to be at byte 0x{header.TableOffset:x}");
        return header;
    }

    /// <summary>Tells in the header of an image how many blocks it has; the first sector holds all that changes.</summary>
    public static ValueTask WriteBlocksAsync(HostFile file, long at, uint blocks) => WriteAsync(file, at, 28, blocks);

    /// <summary>Records another time of the parent; the first sector holds all that changes.</summary>
    public static ValueTask WriteParentTimeAsync(HostFile file, long at, uint time) => WriteAsync(file, at, VhdParent.TimeOffset, time);

    private static async ValueTask WriteAsync(HostFile file, long at, int field, uint value)
    {
        byte[] bytes = new byte[Length];
        await file.ReadAsync(at, bytes).ConfigureAwait(false);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(field), value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChecksumOffset), VhdFooter.Checksum(bytes, ChecksumOffset));
        await file.WriteAsync(at, bytes.AsMemory(0, ImageFields.Sector)).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    /// <param name="locatorAt">Where the parent's name is in the file.</param>
    public byte[] ToBytes(long locatorAt = 0)
    {
        byte[] bytes = new byte[Length];
        Cookie.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), -1);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(24), Version);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(28), Blocks);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(32), (uint)BlockSize);
        Parent?.Write(bytes, locatorAt);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChecksumOffset), VhdFooter.Checksum(bytes, ChecksumOffset));
        return bytes;
    }

    /// <param name="headerOffset">Where this header is.</param>
    public TableLayout ToLayout(long headerOffset) => new()
    {
        TableOffset = TableOffset,
        Count = (int)Blocks,
        BigEndian = true,
        DataStart = (Math.Max(headerOffset + Length, TableOffset + (Blocks * 4L)) + ImageFields.Sector - 1) & -ImageFields.Sector,
        KeptEnd = Parent?.End ?? 0,
        BlockSize = BlockSize,
        Prefix = BitmapSize,
        Unit = ImageFields.Sector,
        None = uint.MaxValue,
        Zero = uint.MaxValue,
    };
}
