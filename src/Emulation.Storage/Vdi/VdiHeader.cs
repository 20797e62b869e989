using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>The header of a VDI image, version 1.1; all fields are little-endian.</summary>
internal sealed record VdiHeader
{
    public const uint Signature = 0xbeda_107f;
    public const int SignatureOffset = 0x40;
    public const int Length = 0x200;
    public const int BlocksAllocatedOffset = 0x184;
    public const int DefaultBlockSize = 1 << 20;

    private const uint Version = 0x0001_0001;
    private const uint TypeDynamic = 1;
    private const uint TypeFixed = 2;
    private const uint HeaderSize = 0x180;
    private const int MinBlockSize = 4096;
    private const int MaxBlockSize = 256 << 20;

    public required bool Fixed { get; init; }

    public required uint TableOffset { get; init; }

    public required uint DataOffset { get; init; }

    public required long DiskSize { get; init; }

    public required int BlockSize { get; init; }

    public required uint Blocks { get; init; }

    public required uint BlocksAllocated { get; init; }

    /// <summary>The bytes, as they are to be written again.</summary>
    public byte[] Bytes { get; init; } = [];

    public static async ValueTask<VdiHeader> ReadAsync(HostFile file, ImageName name)
    {
        byte[] bytes = await ImageFields.ReadAsync(file, 0, Length, name).ConfigureAwait(false);
        uint U32(int at) => ImageFields.U32(bytes, at);
        void Require(bool fine, int at, string what)
        {
            if (!fine)
                throw name.At(at, what);
        }

        Require(U32(SignatureOffset) == Signature, SignatureOffset, "the signature of a VDI image is not there");
        Require(U32(0x44) == Version, 0x44, $"version {U32(0x44) >> 16}.{U32(0x44) & 0xffff} is not supported; 1.1 is");
        uint type = U32(0x4c);
        Require(type is TypeDynamic or TypeFixed, 0x4c, $"an image of type {type} is not supported; 1 (dynamic) and 2 (fixed) are");
        Require(U32(0x168) == ImageFields.Sector, 0x168, $"sectors of {U32(0x168)} bytes are not supported; 512 are");
        uint blockSize = U32(0x178);
        Require(blockSize is >= MinBlockSize and <= MaxBlockSize && BitOperations.IsPow2(blockSize), 0x178,
            $"a block size of {blockSize} bytes is not a power of two from 4 KiB to 256 MiB");
        Require(U32(0x17c) == 0, 0x17c, "blocks with additional data are not supported");
        Require(bytes.AsSpan(0x1a8, 32).IndexOfAnyExcept((byte)0) < 0, 0x1a8, "it is linked to a parent image, which is not supported");
        (uint table, uint data, uint blocks) = (U32(0x154), U32(0x158), U32(0x180));
        Require(table >= Length && table % ImageFields.Sector == 0, 0x154, $"the table is said to be at byte 0x{table:x}");
        Require(blocks <= TableLayout.MaxEntries, 0x180, $"{blocks} blocks are too many; {TableLayout.MaxEntries} are the most");
        Require(data % ImageFields.Sector == 0 && data >= table + ((long)blocks * 4), 0x158, $"the data are said to be at byte 0x{data:x}, before the end of the table");
        ulong size = ImageFields.U64(bytes, 0x170);
        Require(size > 0 && size <= (ulong)blocks * blockSize, 0x170, $"a disk of {size} bytes does not fit into {blocks} blocks");
        // old writers did not round up
        size = (size + ImageFields.Sector - 1) & ~(ulong)(ImageFields.Sector - 1);
        return new VdiHeader
        {
            Fixed = type == TypeFixed,
            TableOffset = table,
            DataOffset = data,
            DiskSize = (long)size,
            BlockSize = (int)blockSize,
            Blocks = blocks,
            BlocksAllocated = U32(BlocksAllocatedOffset),
            Bytes = bytes,
        };
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        Encoding.ASCII.GetBytes("<<< Oracle VM VirtualBox Disk Image >>>\n").CopyTo(bytes, 0);
        U32(SignatureOffset, Signature);
        U32(0x44, Version);
        U32(0x48, HeaderSize);
        U32(0x4c, Fixed ? TypeFixed : TypeDynamic);
        U32(0x168, ImageFields.Sector);
        U32(0x178, (uint)BlockSize);
        WritePlaces(bytes);
        Guid.NewGuid().TryWriteBytes(bytes.AsSpan(0x188));
        Guid.NewGuid().TryWriteBytes(bytes.AsSpan(0x198));
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
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        U32(0x154, TableOffset);
        U32(0x158, DataOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(0x170), DiskSize);
        U32(0x180, Blocks);
        U32(BlocksAllocatedOffset, BlocksAllocated);
    }

    public TableLayout ToLayout() => new()
    {
        TableOffset = TableOffset,
        Count = (int)Blocks,
        DataStart = DataOffset,
        BlockSize = BlockSize,
        Base = DataOffset,
        Unit = BlockSize,
        None = 0xffff_ffff,
        Zero = 0xffff_fffe,
        CanUnmap = !Fixed,
        GapsAreFree = true,
    };
}
