using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>VirtualBox's format, version 1.1, dynamic and fixed.</summary>
internal sealed class VdiFormat : IDiskFormat
{
    public string Name => "vdi";

    public bool Probe(ReadOnlySpan<byte> head)
        => head.Length >= VdiHeader.Length && BinaryPrimitives.ReadUInt32LittleEndian(head[VdiHeader.SignatureOffset..]) == VdiHeader.Signature;

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file);
        VdiHeader header = await VdiHeader.ReadAsync(host, name).ConfigureAwait(false);
        VdiMap map = await VdiMap.OpenAsync(host, header, name).ConfigureAwait(false);
        return new BlockDisk(map, header.DiskSize, backing: null, source.ReadOnly || file.ReadOnly) { Info = source.Describe(name, map.BlockSize) };
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        VdiCreateOptions vdi = ImageFields.Options<VdiCreateOptions>(options, Name);
        ImageFields.CheckLength(Name, length, (long)TableLayout.MaxEntries * VdiHeader.DefaultBlockSize);
        uint blocks = (uint)ImageFields.Blocks(length, VdiHeader.DefaultBlockSize);
        uint tableBytes = ((blocks * 4) + ImageFields.Sector - 1) & ~(uint)(ImageFields.Sector - 1);
        var header = new VdiHeader
        {
            Fixed = vdi.Fixed,
            TableOffset = VdiHeader.Length,
            DataOffset = VdiHeader.Length + tableBytes,
            DiskSize = length,
            BlockSize = VdiHeader.DefaultBlockSize,
            Blocks = blocks,
            BlocksAllocated = vdi.Fixed ? blocks : 0,
        };
        byte[] table = new byte[tableBytes];
        for (int i = 0; i < blocks; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(i * 4), vdi.Fixed ? (uint)i : uint.MaxValue);
        await file.ResizeAsync(header.DataOffset + (vdi.Fixed ? (long)blocks * header.BlockSize : 0)).ConfigureAwait(false);
        await file.WriteAsync(header.TableOffset, table).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, header.ToBytes()).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
    {
        long table = ImageFields.Blocks(ImageFields.Blocks(length, VdiHeader.DefaultBlockSize) * 4, ImageFields.Sector) * ImageFields.Sector;
        return new DiskLayout(VdiHeader.DefaultBlockSize, VdiHeader.Length + table, VdiHeader.DefaultBlockSize, ImageFields.Options<VdiCreateOptions>(options, Name).Fixed);
    }

    public async ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        return await TableCheck.RunAsync(file, repair, async host =>
        {
            VdiHeader header = await VdiHeader.ReadAsync(host, name).ConfigureAwait(false);
            return (await VdiMap.OpenAsync(host, header, name).ConfigureAwait(false), header.Blocks);
        }, name).ConfigureAwait(false);
    }
}
