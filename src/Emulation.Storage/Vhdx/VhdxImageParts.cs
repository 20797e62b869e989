namespace Emulation.Storage;

/// <summary>What an image consists of, read and found sound.</summary>
/// <param name="Headers">The headers.</param>
/// <param name="Regions">The region table.</param>
/// <param name="Metadata">What the disk is like.</param>
/// <param name="Layout">How the BAT is arranged.</param>
/// <param name="Space">What of the file is in use.</param>
internal sealed record VhdxImageParts(VhdxHeaders Headers, VhdxRegions Regions, VhdxMetadata Metadata, VhdxLayout Layout, VhdxSpace Space)
{
    /// <summary>Payload blocks that the file has.</summary>
    public long Used { get; private set; }

    /// <summary>Reads everything; what is wrong with single blocks is reported, other errors are thrown.</summary>
    /// <param name="file">The file, with its log replayed.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="name">For messages.</param>
    /// <param name="report">Takes what is wrong with a block.</param>
    public static async ValueTask<VhdxImageParts> ReadAsync(HostFile file, VhdxHeaders headers, ImageName name, Action<DiskImageException> report)
    {
        VhdxRegions regions = await VhdxRegions.ReadAsync(file, headers.Current, name).ConfigureAwait(false);
        VhdxMetadata metadata = await VhdxMetadata.ReadAsync(file, regions.Metadata, name).ConfigureAwait(false);
        var layout = new VhdxLayout(regions.Bat.Offset, regions.Bat.Length, metadata.BlockSize, metadata.LogicalSectorSize);
        if (layout.Entries(metadata.DiskSize, metadata.Parent is not null) * VhdxLayout.EntryLength > layout.TableLength)
            throw name.At(layout.TableOffset, $"a block allocation table of {layout.TableLength} bytes is too small for a disk of {metadata.DiskSize} bytes in blocks of {layout.BlockSize}");
        var parts = new VhdxImageParts(headers, regions, metadata, layout, new VhdxSpace());
        parts.Space.Take(0, VhdxLayout.Unit);
        parts.Space.Take(headers.Current.LogOffset, headers.Current.LogLength);
        foreach (VhdxRegion region in regions.All)
            parts.Space.Take(region.Offset, region.Length);
        parts.Used = await new VhdxScan(file, parts, name, report).RunAsync().ConfigureAwait(false);
        return parts;
    }
}
