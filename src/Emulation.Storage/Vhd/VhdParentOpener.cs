namespace Emulation.Storage;

/// <summary>Finds and opens the parent of a differencing image, and sees that it is the one the image was made for.</summary>
internal static class VhdParentOpener
{
    // file systems keep times more or less exactly
    private const int Tolerance = 2;

    public static async ValueTask<BlockDevice> OpenAsync(VhdParent parent, ImageSource source, ImageName name, long at)
    {
        string reference = NameOf(parent, source, name)
            ?? throw name.At(at + VhdParent.LocatorOffset, $"its parent is not there: {string.Join(", ", parent.Names.Select(n => $"'{n}'"))}");
        BlockDevice disk = await source.OpenBackingAsync(name, reference, "vhd").ConfigureAwait(false);
        try
        {
            VhdFooter footer = FooterOf(disk);
            if (footer.Id != parent.Id)
                throw name.At(at + 40, $"its parent '{reference}' is another disk: its identifier is {footer.Id}, not {parent.Id}");
            long changed = TimeOf(source.Resolve(name, reference, "parent"));
            // some programs record when the parent was made instead
            if (parent.Time != 0 && footer.Time != parent.Time && changed > parent.Time + Tolerance)
            {
                throw name.At(at + 56, $"its parent '{reference}' was changed after the image was made ({Text(changed)}, not {Text(parent.Time)}); "
                    + "if only its time of change differs, set that back");
            }

            return disk;
        }
        catch
        {
            await disk.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The first name of the parent under which there is a file.</summary>
    public static string? NameOf(VhdParent parent, ImageSource source, ImageName name) => parent.Names.FirstOrDefault(n => Exists(source, name, n));

    /// <summary>The footer of a disk that the format has opened.</summary>
    public static VhdFooter FooterOf(BlockDevice disk) => disk is VhdFixedDisk plain ? plain.Footer : ((VhdMap)((BlockDisk)disk).Map).Footer;

    /// <summary>When a file was changed last, in seconds since 2000.</summary>
    public static long TimeOf(string path) => (long)(File.GetLastWriteTimeUtc(path) - VhdFooter.Epoch.UtcDateTime).TotalSeconds;

    private static string Text(long time) => VhdFooter.Epoch.AddSeconds(time).ToString("u", System.Globalization.CultureInfo.InvariantCulture);

    private static bool Exists(ImageSource source, ImageName name, string reference)
    {
        try
        {
            return File.Exists(source.Resolve(name, reference, "parent"));
        }
        catch (DiskImageException)
        {
            return false; // a name of another system
        }
    }
}
