namespace Emulation.Storage;

/// <summary>Opens a chain in which an image below the top can be written.</summary>
internal static class CommitOpener
{
    public static async Task<(BlockDevice Top, IBlockDevice Base, bool Keep)> OpenAsync(string path, DiskCommitOptions options)
    {
        var open = new DiskImageOptions { Format = options.Format, BackingFormat = options.BackingFormat, Passphrase = options.Passphrase, ReadOnly = true };
        int depth = 1;
        bool linked;
        using (BlockDevice top = DiskImage.Open(path, open))
        {
            if (top is not ILayer { Backing: not null })
                throw new DiskImageException($"disk image '{path}' has no backing file that it could be committed to");
            if (options.Base is { } name)
                depth = Find(path, DiskChain.Of(top), name);
            linked = DiskChain.Of(top)[..depth].Exists(static i => i is ILayer { IsLinked: true });
        }

        // the base is opened for writing in its place of the chain; the top too, unless it stays as it is
        // that keep what identifies the one below have to record what it becomes
        bool keep = options.KeepTop || depth > 1;
        var source = new ImageSource(path, open with { ReadOnly = keep && !linked, WritableDepth = depth, WritableAbove = linked });
        BlockDevice image = await source.OpenAsync().ConfigureAwait(false);
        return (image, DiskChain.Of(image)[depth], keep);
    }

    private static int Find(string path, List<IBlockDevice> chain, string name)
    {
        string wanted = Path.GetFullPath(name);
        for (int i = 1; i < chain.Count; i++)
        {
            DiskImageInfo above = DiskImage.Describe(chain[i - 1]);
            if (above.BackingFile == name || (above.BackingPath is { } below && !ImageSchemes.IsUri(below) && Path.GetFullPath(below) == wanted))
                return i;
        }

        throw new DiskImageException($"'{name}' is not below disk image '{path}'");
    }
}
