namespace Emulation.Storage;

/// <summary>Finds the image below a differencing one. [MS-VHDX] 2.6.2.6.3.</summary>
internal static class VhdxParent
{
    /// <summary>Opens the first of the files that the image names that is its parent.</summary>
    public static async ValueTask<BlockDevice> OpenAsync(VhdxMetadata metadata, ImageName name, ImageSource source)
    {
        VhdxParentLocator locator = metadata.Parent!;
        string wrong = "it names no file that could be there";
        foreach (string path in locator.Paths)
        {
            try
            {
                BlockDevice parent = await source.OpenBackingAsync(name, path, name.Format).ConfigureAwait(false);
                if (locator.IsParent(IdentityOf(parent)) && parent.Hints.LogicalBlockSize == metadata.LogicalSectorSize)
                    return parent;
                wrong = locator.IsParent(IdentityOf(parent)) ? $"'{path}' has other sectors" : $"'{path}' is not the image it was: it was written since";
                await parent.DisposeAsync().ConfigureAwait(false);
            }
            catch (DiskImageException e)
            {
                wrong = e.Message;
            }
        }

        throw name.At(locator.At, $"its parent cannot be opened: {wrong}");
    }

    /// <summary>What children know a VHDX image by.</summary>
    public static Guid IdentityOf(BlockDevice image) => MapOf(image).Header.DataWrite;

    /// <summary>The tables of a VHDX image.</summary>
    public static VhdxMap MapOf(BlockDevice image) => image switch
    {
        BlockDisk { Map: VhdxMap map } => map,
        VhdxDifferencingDisk disk => disk.Map,
        _ => throw new ArgumentException("not a VHDX image", nameof(image)),
    };
}
