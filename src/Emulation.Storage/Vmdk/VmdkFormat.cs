namespace Emulation.Storage;

/// <summary>VMware's format: sparse and flat extents, and descriptors. VMware Virtual Disk Format 5.0.</summary>
internal sealed class VmdkFormat : IDiskFormat
{
    public string Name => "vmdk";

    public bool Probe(ReadOnlySpan<byte> head)
        => head.StartsWith(VmdkHeader.Magic) || head.StartsWith(VmdkHeader.CowdMagic) || head.StartsWith(VmdkDescriptor.Start);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
        => await new VmdkOpener(source, new ImageName(Name, source.DisplayName)).OpenAsync(file, []).ConfigureAwait(false);

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        VmdkCreateOptions vmdk = ImageFields.Options<VmdkCreateOptions>(options, Name);
        var creator = new VmdkCreator(vmdk, source, name);
        if (vmdk.Sequential)
            return await creator.CreateStreamAsync(file, length).ConfigureAwait(false);
        IReadOnlyList<string> created = await creator.CreateAsync(file, length).ConfigureAwait(false);
        try
        {
            return await new VmdkOpener(source, name).OpenAsync(file, created, isNew: true).ConfigureAwait(false);
        }
        catch
        {
            creator.Delete();
            throw;
        }
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
        => new VmdkCreator(ImageFields.Options<VmdkCreateOptions>(options, Name), new ImageSource("disk.vmdk", new DiskImageOptions()), new ImageName(Name, "")).Layout(length);

    public ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
        => new VmdkChecker(source, new ImageName(Name, source.DisplayName)).RunAsync(file, repair);
}
