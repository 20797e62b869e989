using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.Storage;

/// <summary>Growing images of the Bochs emulator, for reading. Bochs user manual, "Harddisk images"; all fields are little-endian.</summary>
internal sealed class BochsFormat : IDiskFormat
{
    private const int HeaderLength = 512;
    private const uint Version1 = 0x0001_0000;
    private const uint Version2 = 0x0002_0000;
    private const int MaxExtent = 8 << 20;
    private const int MaxCatalog = 1 << 20;

    public string Name => "bochs";

    private static ReadOnlySpan<byte> Magic => "Bochs Virtual HD Image\0"u8;

    public bool Probe(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        if (!source.ReadOnly && !file.ReadOnly)
            throw name.Error("it can be opened read-only only");
        var host = new HostFile(file);
        (TableLayout layout, long size) = await ReadHeaderAsync(host, name).ConfigureAwait(false);
        return new BlockDisk(await BochsMap.OpenAsync(host, layout, name).ConfigureAwait(false), size, backing: null, readOnly: true) { Info = source.Describe(name, layout.BlockSize) };
    }

    public ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
        => throw ImageFields.CannotCreate(Name);

    private static async ValueTask<(TableLayout Layout, long Size)> ReadHeaderAsync(HostFile file, ImageName name)
    {
        byte[] bytes = await ImageFields.ReadAsync(file, 0, HeaderLength, name).ConfigureAwait(false);
        void Require(bool fine, int at, string what)
        {
            if (!fine)
                throw name.At(at, what);
        }

        Require(bytes.AsSpan().StartsWith(Magic), 0, "the signature of a Bochs image is not there");
        Require(bytes.AsSpan(32).StartsWith("Redolog\0"u8), 32, "it is not a redolog");
        Require(bytes.AsSpan(48).StartsWith("Growing\0"u8), 48, "it is not a growing image; other redologs belong to a disk that they do not name");
        uint version = ImageFields.U32(bytes, 64);
        Require(version is Version1 or Version2, 64, $"version 0x{version:x} is not supported; 1.0 and 2.0 are");
        (uint header, uint catalog) = (ImageFields.U32(bytes, 68), ImageFields.U32(bytes, 72));
        (uint bitmap, uint extent) = (ImageFields.U32(bytes, 76), ImageFields.U32(bytes, 80));
        Require(header >= HeaderLength && header <= file.Length, 68, $"a header of {header} bytes is not possible");
        Require(catalog is > 0 and <= MaxCatalog, 72, $"a catalog of {catalog} entries is not possible; at most {MaxCatalog} are");
        Require(extent is >= ImageFields.Sector and <= MaxExtent && BitOperations.IsPow2(extent), 80, $"an extent of {extent} bytes is not a power of two from 512 to 8 MiB");
        Require(bitmap >= (extent / ImageFields.Sector + 7) / 8 && bitmap <= MaxExtent, 76, $"a bitmap of {bitmap} bytes does not fit extents of {extent} bytes");
        int sizeAt = version == Version1 ? 84 : 88;
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(sizeAt)) & ~(ulong)(ImageFields.Sector - 1);
        Require(size > 0 && size <= (ulong)catalog * extent, sizeAt, $"a disk of {size} bytes does not fit into {catalog} extents of {extent} bytes");
        int prefix = (int)(bitmap + ImageFields.Sector - 1) & -ImageFields.Sector;
        long data = header + (catalog * 4L);
        return (new TableLayout
        {
            TableOffset = header,
            Count = (int)catalog,
            DataStart = data,
            BlockSize = (int)extent,
            Prefix = prefix,
            Base = data,
            Unit = prefix + (int)extent,
            None = uint.MaxValue,
            Zero = uint.MaxValue,
        }, (long)size);
    }

    private sealed class BochsMap : SectorBitmapMap
    {
        private BochsMap(HostFile file, ImageName name, TableLayout layout, AllocationTable table)
            : base(file, name, layout, table, highBitFirst: false, below: null) { }

        public static async ValueTask<BochsMap> OpenAsync(HostFile file, TableLayout layout, ImageName name)
            => new(file, name, layout, await AllocationTable.ReadAsync(file, layout, name).ConfigureAwait(false));
    }
}
