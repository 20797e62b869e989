namespace Emulation.Storage;

/// <summary>Hyper-V's format, version 2: dynamic, fixed and differencing. Microsoft [MS-VHDX].</summary>
internal sealed class VhdxFormat : IDiskFormat
{
    public static ReadOnlySpan<byte> Signature => "vhdxfile"u8;

    public string Name => "vhdx";

    public bool Probe(ReadOnlySpan<byte> head) => head.StartsWith(Signature);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        bool readOnly = source.ReadOnly || file.ReadOnly;
        VhdxHeaders headers = await VhdxHeaders.ReadAsync(file, name).ConfigureAwait(false);
        VhdxReplay? replay = await new VhdxLogReader(file, headers.Current, name).ReadAsync().ConfigureAwait(false);
        VhdxImageParts parts = await VhdxImageParts.ReadAsync(new HostFile(replay ?? file, leaveOpen: true), headers, name, e => throw e).ConfigureAwait(false);
        if (!readOnly && headers.Current.LogLength == 0)
            throw name.At(headers.Place + 68, "it has no log, so it can be opened read-only only");
        BlockDevice? parent = parts.Metadata.Parent is null || source.Options.IgnoreBacking ? null : await VhdxParent.OpenAsync(parts.Metadata, name, source).ConfigureAwait(false);
        try
        {
            if (!readOnly && replay is not null)
                await ReplayAsync(headers, replay).ConfigureAwait(false);
            IBlockDevice device = readOnly ? replay ?? file : new VhdxSessionFile(file, headers);
            var map = new VhdxMap(new HostFile(device), parts, name, source.Options.CacheSize);
            VhdxParentLocator? locator = parts.Metadata.Parent;
            DiskImageInfo info = source.Describe(name, map.BlockSize, locator?.Paths.FirstOrDefault(), locator is null ? null : Name, parent);
            return locator is null ? new BlockDisk(map, map.Length, backing: null, readOnly) { Info = info } : new VhdxDifferencingDisk(map, parent, readOnly) { Info = info };
        }
        catch
        {
            parent?.Dispose();
            throw;
        }
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        await new VhdxCreator(ImageFields.Options<VhdxCreateOptions>(options, Name), length, source).RunAsync(file).ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
        => new VhdxCreator(ImageFields.Options<VhdxCreateOptions>(options, Name), length, new ImageSource(null, new DiskImageOptions())).Layout();

    public ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
        => new VhdxChecker(file, new ImageName(Name, source.DisplayName)).RunAsync(repair);

    /// <summary>Brings what the log holds to its place, for good.</summary>
    public static async ValueTask ReplayAsync(VhdxHeaders headers, VhdxReplay replay)
    {
        await headers.BeginAsync(data: false).ConfigureAwait(false);
        await replay.ApplyAsync().ConfigureAwait(false);
        await headers.UpdateBothAsync(headers.Current with { Log = Guid.Empty }).ConfigureAwait(false);
    }
}
