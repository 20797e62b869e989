using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Images of the compressed loopback device, version 2 with zlib, for reading. All fields are big-endian.</summary>
internal sealed class CloopFormat : IDiskFormat
{
    private const int SizesOffset = 128;
    private const int TableOffset = 136;
    private const int MaxBlocks = 4 << 20;

    public string Name => "cloop";

    private static ReadOnlySpan<byte> Magic => "#!/bin/sh\n#V2.0 Format\n"u8;

    public bool Probe(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        if (!source.ReadOnly && !file.ReadOnly)
            throw name.Error("it can be opened read-only only");
        var host = new HostFile(file);
        byte[] head = await ImageFields.ReadAsync(host, 0, TableOffset, name).ConfigureAwait(false);
        if (!Probe(head))
            throw name.At(0, "the signature of a cloop image of version 2 is not there");
        uint blockSize = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(SizesOffset));
        uint blocks = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(SizesOffset + 4));
        if (blockSize == 0 || blockSize % ImageFields.Sector != 0 || blockSize > PackedDisk.MaxChunk)
            throw name.At(SizesOffset, $"a block of {blockSize} bytes is not a multiple of 512 up to 64 MiB");
        if (blocks is 0 or > MaxBlocks)
            throw name.At(SizesOffset + 4, $"{blocks} blocks are not possible; 1 to {MaxBlocks} are");
        long[] offsets = await ReadTableAsync(host, (int)blocks + 1, blockSize, name).ConfigureAwait(false);
        return new CloopDisk(host, offsets, (int)blockSize, name);
    }

    public ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
        => throw ImageFields.CannotCreate(Name);

    private static async ValueTask<long[]> ReadTableAsync(HostFile file, int entries, uint blockSize, ImageName name)
    {
        if (TableOffset + (entries * 8L) > file.Length)
            throw name.At(TableOffset, $"the table of {entries} entries is not inside the file of {file.Length} bytes");
        long[] offsets = new long[entries];
        byte[] piece = new byte[1 << 16];
        long before = TableOffset + (entries * 8L);
        for (int i = 0; i < entries; i++)
        {
            long at = TableOffset + (i * 8L);
            int within = i * 8 % piece.Length;
            if (within == 0)
                await file.ReadAsync(at, piece).ConfigureAwait(false);
            offsets[i] = BinaryPrimitives.ReadInt64BigEndian(piece.AsSpan(within));
            // what does not compress takes little more room than it has bytes
            if (offsets[i] < before || offsets[i] > file.Length || (i > 0 && offsets[i] - before > (2L * blockSize) + ImageFields.Sector))
                throw name.At(at, $"a block is said to begin or end at byte 0x{offsets[i]:x}");
            before = offsets[i];
        }

        return offsets;
    }

    private sealed class CloopDisk(HostFile file, long[] offsets, int blockSize, ImageName name)
        : PackedDisk(file, (offsets.Length - 1L) * blockSize, name)
    {
        protected override PackedChunk Find(long offset)
        {
            long block = offset / blockSize;
            return new(block * blockSize, blockSize, PackedKind.Packed, offsets[block], offsets[block + 1] - offsets[block]);
        }

        protected override bool Unpack(PackedChunk chunk, ReadOnlyMemory<byte> packed, Memory<byte> target) => Unpacker.Zlib(packed, target);
    }
}
