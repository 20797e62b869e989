using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.Storage;

/// <summary>What a VHDX image says about its disk. [MS-VHDX] 2.6.</summary>
internal sealed record VhdxMetadata
{
    public const int MinBlockSize = 1 << 20;
    public const int MaxBlockSize = 256 << 20;

    private const ulong Signature = 0x6174_6164_6174_656d;
    private const int HeaderLength = 32;
    private const int EntryLength = 32;
    private const int MaxEntries = 2047;
    private const int TableLength = 1 << 16;
    private const uint FlagUser = 1;
    private const uint FlagVirtualDisk = 2;
    private const uint FlagRequired = 4;
    private const uint LeaveAllocated = 1;
    private const uint HasParent = 2;

    public required int BlockSize { get; init; }

    /// <summary>Whether blocks keep their places.</summary>
    public bool Fixed { get; init; }

    public required long DiskSize { get; init; }

    /// <summary>Where the size of the disk is in the file.</summary>
    public long DiskSizeAt { get; init; }

    /// <summary>What the disk calls itself (SCSI vital product data, page 83h).</summary>
    public required Guid Page83 { get; init; }

    public required int LogicalSectorSize { get; init; }

    public required int PhysicalSectorSize { get; init; }

    /// <summary>The image below.</summary>
    public VhdxParentLocator? Parent { get; init; }

    public static async ValueTask<VhdxMetadata> ReadAsync(HostFile file, VhdxRegion region, ImageName name)
    {
        if (region.Length < TableLength)
            throw name.At(region.Offset, $"a region of {region.Length} bytes is too small for metadata");
        byte[] table = await ImageFields.ReadAsync(file, region.Offset, TableLength, name).ConfigureAwait(false);
        if (ImageFields.U64(table, 0) != Signature)
            throw name.At(region.Offset, "the signature of the metadata is not there");
        Dictionary<Guid, (long At, uint Length)> items = ReadTable(table, region, name);
        async ValueTask<(byte[] Bytes, long At)> ItemAsync(Guid id, string what, int length)
        {
            if (!items.TryGetValue(id, out (long At, uint Length) item))
                throw name.At(region.Offset, $"the metadata do not say the {what}");
            if (length > 0 && item.Length != length)
                throw name.At(item.At, $"the {what} is said to be of {item.Length} bytes");
            return (await ImageFields.ReadAsync(file, item.At, (int)item.Length, name).ConfigureAwait(false), item.At);
        }

        (byte[] parameters, long parametersAt) = await ItemAsync(VhdxIds.FileParameters, "block size", 8).ConfigureAwait(false);
        (byte[] size, long sizeAt) = await ItemAsync(VhdxIds.VirtualDiskSize, "size of the disk", 8).ConfigureAwait(false);
        (byte[] page83, _) = await ItemAsync(VhdxIds.Page83Data, "disk's identity", 16).ConfigureAwait(false);
        (byte[] logical, long logicalAt) = await ItemAsync(VhdxIds.LogicalSectorSize, "logical sector size", 4).ConfigureAwait(false);
        (byte[] physical, long physicalAt) = await ItemAsync(VhdxIds.PhysicalSectorSize, "physical sector size", 4).ConfigureAwait(false);
        (uint block, uint flags) = (ImageFields.U32(parameters, 0), ImageFields.U32(parameters, 4));
        (ulong disk, uint sector, uint physicalSector) = (ImageFields.U64(size, 0), ImageFields.U32(logical, 0), ImageFields.U32(physical, 0));
        if (block is < MinBlockSize or > MaxBlockSize || !BitOperations.IsPow2(block))
            throw name.At(parametersAt, $"a block size of {block} bytes is not a power of two from 1 MiB to 256 MiB");
        if (sector is not (512 or 4096))
            throw name.At(logicalAt, $"a logical sector size of {sector} bytes is not 512 or 4096");
        if (physicalSector is not (512 or 4096))
            throw name.At(physicalAt, $"a physical sector size of {physicalSector} bytes is not 512 or 4096");
        if (disk is 0 or > VhdxLayout.MaxDiskSize || disk % sector != 0)
            throw name.At(sizeAt, $"a disk of {disk} bytes is not possible");
        VhdxParentLocator? parent = null;
        if ((flags & HasParent) != 0)
        {
            (byte[] locator, long locatorAt) = await ItemAsync(VhdxIds.ParentLocator, "parent", 0).ConfigureAwait(false);
            parent = VhdxParentLocator.Read(locator, locatorAt, name);
        }

        return new VhdxMetadata
        {
            BlockSize = (int)block,
            Fixed = (flags & LeaveAllocated) != 0,
            DiskSize = (long)disk,
            DiskSizeAt = sizeAt,
            Page83 = new Guid(page83),
            LogicalSectorSize = (int)sector,
            PhysicalSectorSize = (int)physicalSector,
            Parent = parent,
        };
    }

    /// <summary>The table and the items behind it: the first bytes of the region.</summary>
    public byte[] ToBytes()
    {
        List<(Guid Id, byte[] Bytes, uint Flags)> items =
        [
            (VhdxIds.FileParameters, Bytes((((Fixed ? LeaveAllocated : 0L) | (Parent is null ? 0 : HasParent)) << 32) | (uint)BlockSize), FlagRequired),
            (VhdxIds.VirtualDiskSize, Bytes(DiskSize), FlagRequired | FlagVirtualDisk),
            (VhdxIds.Page83Data, Page83.ToByteArray(), FlagRequired | FlagVirtualDisk),
            (VhdxIds.LogicalSectorSize, Bytes(LogicalSectorSize)[..4], FlagRequired | FlagVirtualDisk),
            (VhdxIds.PhysicalSectorSize, Bytes(PhysicalSectorSize)[..4], FlagRequired | FlagVirtualDisk),
        ];
        if (Parent is not null)
            items.Add((VhdxIds.ParentLocator, Parent.ToBytes(), FlagRequired));
        byte[] region = new byte[TableLength + items.Sum(i => i.Bytes.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(region, Signature);
        BinaryPrimitives.WriteUInt16LittleEndian(region.AsSpan(10), (ushort)items.Count);
        int at = TableLength;
        for (int i = 0; i < items.Count; i++)
        {
            Span<byte> entry = region.AsSpan(HeaderLength + (i * EntryLength), EntryLength);
            items[i].Id.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], at);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], items[i].Bytes.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], items[i].Flags);
            items[i].Bytes.CopyTo(region, at);
            at += items[i].Bytes.Length;
        }

        return region;
    }

    private static byte[] Bytes(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static Dictionary<Guid, (long At, uint Length)> ReadTable(byte[] table, VhdxRegion region, ImageName name)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(10));
        if (count > MaxEntries)
            throw name.At(region.Offset + 10, $"{count} metadata items are too many; {MaxEntries} are the most");
        Guid[] known = [VhdxIds.FileParameters, VhdxIds.VirtualDiskSize, VhdxIds.Page83Data, VhdxIds.LogicalSectorSize, VhdxIds.PhysicalSectorSize, VhdxIds.ParentLocator];
        var items = new Dictionary<Guid, (long At, uint Length)>();
        for (int i = 0; i < count; i++)
        {
            int at = HeaderLength + (i * EntryLength);
            var id = new Guid(table.AsSpan(at, 16));
            (uint offset, uint length, uint flags) = (ImageFields.U32(table, at + 16), ImageFields.U32(table, at + 20), ImageFields.U32(table, at + 24));
            if ((flags & FlagUser) != 0 || !known.Contains(id))
            {
                if ((flags & FlagRequired) != 0)
                    throw name.At(region.Offset + at, $"metadata item {id} is not known, and the image requires that it is");
                continue;
            }

            if (offset < TableLength || length is 0 or > 1 << 20 || offset > region.Length - length)
                throw name.At(region.Offset + at + 16, $"metadata item {id} of {length} bytes is said to be at byte 0x{offset:x} of its region");
            if (!items.TryAdd(id, (region.Offset + offset, length)))
                throw name.At(region.Offset + at, $"metadata item {id} is there twice");
        }

        return items;
    }
}
