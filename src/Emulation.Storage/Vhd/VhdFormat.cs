namespace Emulation.Storage;

/// <summary>The format of Virtual PC and Hyper-V, dynamic and fixed. Virtual Hard Disk Image Format Specification.</summary>
internal sealed class VhdFormat : IDiskFormat
{
    public string Name => "vhd";

    public bool Probe(ReadOnlySpan<byte> head) => head.StartsWith(VhdFooter.Cookie);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file);
        bool readOnly = source.ReadOnly || file.ReadOnly;
        VhdFooter footer = await ReadFooterAsync(host, name).ConfigureAwait(false);
        if (footer.Type == VhdFooter.TypeFixed)
            return new VhdFixedDisk(file, footer.DiskSize, readOnly);
        return new BlockDisk(await OpenMapAsync(host, footer, name).ConfigureAwait(false), footer.DiskSize, backing: null, readOnly);
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        VhdCreateOptions vhd = ImageFields.Options<VhdCreateOptions>(options, Name);
        ImageFields.CheckLength(Name, length, VhdFooter.MaxDiskSize);
        VhdGeometry geometry = vhd.RoundToGeometry ? VhdGeometry.Holding(length / ImageFields.Sector) : VhdGeometry.Max;
        if (geometry != VhdGeometry.Max)
            length = geometry.TotalSectors * ImageFields.Sector;
        byte[] footer = new VhdFooter
        {
            Type = vhd.Fixed ? VhdFooter.TypeFixed : VhdFooter.TypeDynamic,
            DataOffset = vhd.Fixed ? -1 : VhdFooter.Length,
            CurrentSize = length,
            Geometry = geometry,
        }.ToBytes();
        if (vhd.Fixed)
        {
            await file.ResizeAsync(length + VhdFooter.Length).ConfigureAwait(false);
            await file.WriteAsync(length, footer).ConfigureAwait(false);
        }
        else
        {
            await CreateDynamicAsync(file, length, footer).ConfigureAwait(false);
        }

        await file.FlushAsync().ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
    {
        if (ImageFields.Options<VhdCreateOptions>(options, Name).Fixed)
            return new DiskLayout(1, VhdFooter.Length, 1, Whole: true);
        long table = ImageFields.Blocks(ImageFields.Blocks(length, VhdSparseHeader.DefaultBlockSize) * 4, ImageFields.Sector) * ImageFields.Sector;
        const int Bitmap = VhdSparseHeader.DefaultBlockSize / ImageFields.Sector / 8;
        return new DiskLayout(VhdSparseHeader.DefaultBlockSize, (2 * VhdFooter.Length) + VhdSparseHeader.Length + table, VhdSparseHeader.DefaultBlockSize + Bitmap);
    }

    public async ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        return await TableCheck.RunAsync(file, repair, async host =>
        {
            VhdFooter footer = await ReadFooterAsync(host, name).ConfigureAwait(false);
            long blocks = ImageFields.Blocks(footer.DiskSize, VhdSparseHeader.DefaultBlockSize);
            return (footer.Type == VhdFooter.TypeFixed ? null : await OpenMapAsync(host, footer, name).ConfigureAwait(false), blocks);
        }, name).ConfigureAwait(false);
    }

    private static async ValueTask CreateDynamicAsync(IBlockDevice file, long length, byte[] footer)
    {
        var header = new VhdSparseHeader
        {
            TableOffset = VhdFooter.Length + VhdSparseHeader.Length,
            Blocks = (uint)ImageFields.Blocks(length, VhdSparseHeader.DefaultBlockSize),
            BlockSize = VhdSparseHeader.DefaultBlockSize,
        };
        TableLayout layout = header.ToLayout(VhdFooter.Length);
        byte[] table = new byte[layout.DataStart - layout.TableOffset];
        table.AsSpan().Fill(0xff);
        await file.ResizeAsync(layout.DataStart + VhdFooter.Length).ConfigureAwait(false);
        await file.WriteAsync(VhdFooter.Length, header.ToBytes()).ConfigureAwait(false);
        await file.WriteAsync(layout.TableOffset, table).ConfigureAwait(false);
        await file.WriteAsync(layout.DataStart, footer).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, footer).ConfigureAwait(false);
    }

    private static async ValueTask<VhdMap> OpenMapAsync(HostFile file, VhdFooter footer, ImageName name)
        => await VhdMap.OpenAsync(file, footer, await VhdSparseHeader.ReadAsync(file, footer, name).ConfigureAwait(false), name).ConfigureAwait(false);

    // the guest of a fixed disk may write anything to its first sector, so what lies behind its last is looked at first
    private static async ValueTask<VhdFooter> ReadFooterAsync(HostFile file, ImageName name)
    {
        long end = file.Length - VhdFooter.Length;
        byte[] last = await ImageFields.ReadAsync(file, end, VhdFooter.Length, name).ConfigureAwait(false);
        VhdFooter? atEnd = VhdFooter.IsSound(last) ? VhdFooter.Read(last, end, name) : null;
        if (atEnd?.Type == VhdFooter.TypeFixed)
        {
            if (atEnd.DiskSize > end)
                throw name.At(end + 48, $"the file of {file.Length} bytes is too short for a disk of {atEnd.DiskSize} bytes");
            return atEnd;
        }

        byte[] first = await ImageFields.ReadAsync(file, 0, VhdFooter.Length, name).ConfigureAwait(false);
        if (VhdFooter.IsSound(first) && VhdFooter.Read(first, 0, name) is { Type: not VhdFooter.TypeFixed } atStart)
            return atStart;
        return atEnd ?? throw name.At(end, "neither the end nor the start of the file is a sound footer");
    }
}
