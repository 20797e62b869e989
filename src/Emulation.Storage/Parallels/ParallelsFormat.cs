namespace Emulation.Storage;

/// <summary>The format of expanding Parallels disks. QEMU docs/interop/parallels.</summary>
internal sealed class ParallelsFormat : IDiskFormat
{
    public string Name => "parallels";

    public bool Probe(ReadOnlySpan<byte> head) => ParallelsHeader.IsMagic(head);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file);
        ParallelsHeader header = await ParallelsHeader.ReadAsync(host, name).ConfigureAwait(false);
        bool readOnly = source.ReadOnly || file.ReadOnly;
        if (!readOnly && header.ExtensionOffset != 0)
            throw name.At(56, "it has extensions, such as bitmaps, that a change would invalidate; it can be opened read-only only");
        ParallelsMap map = await ParallelsMap.OpenAsync(host, header, name).ConfigureAwait(false);
        return new BlockDisk(map, header.DiskSize, backing: null, readOnly) { Info = source.Describe(name, map.BlockSize) };
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        ParallelsHeader header = ParallelsHeader.Create(length, ImageFields.Options<ParallelsCreateOptions>(options, Name));
        await file.ResizeAsync(header.DataOffset).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, header.ToBytes()).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
    {
        ParallelsHeader header = ParallelsHeader.Create(length, ImageFields.Options<ParallelsCreateOptions>(options, Name));
        return new DiskLayout(header.ClusterSize, header.DataOffset, header.ClusterSize);
    }

    public async ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        return await TableCheck.RunAsync(file, repair, async host =>
        {
            ParallelsHeader header = await ParallelsHeader.ReadAsync(host, name).ConfigureAwait(false);
            return (await ParallelsMap.OpenAsync(host, header, name).ConfigureAwait(false), header.Blocks);
        }, name).ConfigureAwait(false);
    }
}
