namespace Emulation.Storage;

/// <summary>The format of Virtual PC and Hyper-V, dynamic, differencing and fixed. Virtual Hard Disk Image Format Specification.</summary>
internal sealed class VhdFormat : IDiskFormat
{
    private const long MaxSearch = 64 << 20;

    public string Name => "vhd";

    public bool Probe(ReadOnlySpan<byte> head) => head.StartsWith(VhdFooter.Cookie);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file);
        bool readOnly = source.ReadOnly || file.ReadOnly;
        VhdFooter footer = await ReadFooterAsync(host, name).ConfigureAwait(false);
        if (footer.Type == VhdFooter.TypeFixed)
            return new VhdFixedDisk(file, footer, readOnly);
        VhdSparseHeader header = await VhdSparseHeader.ReadAsync(host, footer, name).ConfigureAwait(false);
        BlockDevice? parent = header.Parent is null || source.Options.IgnoreBacking ? null
            : await VhdParentOpener.OpenAsync(header.Parent, source, name, footer.DataOffset).ConfigureAwait(false);
        try
        {
            string? below = header.Parent is null ? null : VhdParentOpener.NameOf(header.Parent, source, name) ?? (header.Parent.Names is [var first, ..] ? first : null);
            return new BlockDisk(await VhdMap.OpenAsync(host, footer, header, parent, name).ConfigureAwait(false), footer.DiskSize, parent, readOnly)
            {
                Info = source.Describe(name, header.BlockSize, below, below is null ? null : Name, parent),
            };
        }
        catch
        {
            parent?.Dispose();
            throw;
        }
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        VhdCreateOptions vhd = ImageFields.Options<VhdCreateOptions>(options, Name);
        VhdParent? parent = vhd.ParentFile is null ? null : await FindParentAsync(vhd, length, source).ConfigureAwait(false);
        ImageFields.CheckLength(Name, length, VhdFooter.MaxDiskSize);
        VhdGeometry geometry = vhd.RoundToGeometry && parent is null ? VhdGeometry.Holding(length / ImageFields.Sector) : VhdGeometry.Max;
        if (geometry != VhdGeometry.Max)
            length = geometry.TotalSectors * ImageFields.Sector;
        byte[] footer = new VhdFooter
        {
            Type = vhd.Fixed ? VhdFooter.TypeFixed : parent is null ? VhdFooter.TypeDynamic : VhdFooter.TypeDifferencing,
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
            await CreateDynamicAsync(file, length, footer, parent).ConfigureAwait(false);
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

    private static async ValueTask CreateDynamicAsync(IBlockDevice file, long length, byte[] footer, VhdParent? parent)
    {
        const long LocatorAt = VhdFooter.Length + VhdSparseHeader.Length;
        var header = new VhdSparseHeader
        {
            TableOffset = LocatorAt + (parent is null ? 0 : VhdParent.LocatorSpace),
            Parent = parent,
            Blocks = (uint)ImageFields.Blocks(length, VhdSparseHeader.DefaultBlockSize),
            BlockSize = VhdSparseHeader.DefaultBlockSize,
        };
        TableLayout layout = header.ToLayout(VhdFooter.Length);
        byte[] table = new byte[layout.DataStart - layout.TableOffset];
        table.AsSpan().Fill(0xff);
        await file.ResizeAsync(layout.DataStart + VhdFooter.Length).ConfigureAwait(false);
        await file.WriteAsync(VhdFooter.Length, header.ToBytes(LocatorAt)).ConfigureAwait(false);
        if (parent is not null)
            await file.WriteAsync(LocatorAt, parent.LocatorName()).ConfigureAwait(false);
        await file.WriteAsync(layout.TableOffset, table).ConfigureAwait(false);
        await file.WriteAsync(layout.DataStart, footer).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, footer).ConfigureAwait(false);
    }

    private static async ValueTask<VhdMap> OpenMapAsync(HostFile file, VhdFooter footer, ImageName name)
        => await VhdMap.OpenAsync(file, footer, await VhdSparseHeader.ReadAsync(file, footer, name).ConfigureAwait(false), parent: null, name).ConfigureAwait(false);

    private static async ValueTask<VhdParent> FindParentAsync(VhdCreateOptions options, long length, ImageSource source)
    {
        var name = new ImageName("vhd", source.DisplayName);
        await using BlockDevice disk = await source.OpenBackingAsync(name, options.ParentFile!, "vhd").ConfigureAwait(false);
        if (options.Fixed || disk.Length != length)
            throw new DiskImageException($"vhd image cannot be created: one with a parent is not fixed, and has its size of {disk.Length} bytes");
        return new VhdParent
        {
            Id = VhdParentOpener.FooterOf(disk).Id,
            Time = (uint)VhdParentOpener.TimeOf(source.Resolve(name, options.ParentFile!, "parent")),
            Names = [options.ParentFile!],
        };
    }

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

        if (atEnd is null && await FindFooterAsync(file, name).ConfigureAwait(false) is { } before)
            return before;
        byte[] first = await ImageFields.ReadAsync(file, 0, VhdFooter.Length, name).ConfigureAwait(false);
        if (VhdFooter.IsSound(first) && VhdFooter.Read(first, 0, name) is { Type: not VhdFooter.TypeFixed } atStart)
            return atStart;
        return atEnd ?? throw name.At(end, "neither the end nor the start of the file is a sound footer");
    }

    // a fixed image that was growing when the host stopped: its footer, then zeros to the end
    private static async ValueTask<VhdFooter?> FindFooterAsync(HostFile file, ImageName name)
    {
        byte[] piece = new byte[1 << 16];
        long stop = Math.Max(0, file.Length - MaxSearch);
        for (long end = file.Length & -ImageFields.Sector; end > stop;)
        {
            int count = (int)Math.Min(piece.Length, end);
            await file.ReadAsync(end - count, piece.AsMemory(0, count)).ConfigureAwait(false);
            int last = piece.AsSpan(0, count).LastIndexOfAnyExcept((byte)0);
            end -= count;
            if (last < 0)
                continue;
            long at = (end + last) & -ImageFields.Sector;
            byte[] bytes = new byte[VhdFooter.Length];
            await file.ReadAsync(at, bytes).ConfigureAwait(false);
            // the last byte that is not zero is one of the footer's fields, all in its first sector
            return VhdFooter.IsSound(bytes) && VhdFooter.Read(bytes, at, name) is { Type: VhdFooter.TypeFixed } footer && footer.DiskSize == at ? footer : null;
        }

        return null;
    }
}
