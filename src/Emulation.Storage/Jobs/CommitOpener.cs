namespace Emulation.Storage;

/// <summary>Opens a chain in which an image below the top can be written.</summary>
internal static class CommitOpener
{
    public static async Task<(BlockDevice Top, IBlockDevice Base)> OpenAsync(string path, DiskCommitOptions options)
    {
        var open = new DiskImageOptions { Format = options.Format, Passphrase = options.Passphrase, ReadOnly = true };
        int depth = 1;
        using (BlockDevice top = DiskImage.Open(path, open))
        {
            if (top is not Qcow2Image { Backing: not null })
                throw new DiskImageException($"disk image '{path}' has no backing file that it could be committed to");
            if (options.Base is { } name)
                depth = Find(path, DiskChain.Of(top), name);
        }

        // the base is opened for writing in its place of the chain; the top too, unless it stays as it is
        bool keep = options.KeepTop || depth > 1;
        var source = new ImageSource(path, open with { ReadOnly = keep, WritableDepth = depth });
        BlockDevice image = await source.OpenAsync().ConfigureAwait(false);
        return (image, DiskChain.Of(image)[depth]);
    }

    private static int Find(string path, List<IBlockDevice> chain, string name)
    {
        string wanted = Path.GetFullPath(name);
        for (int i = 1; i < chain.Count; i++)
        {
            string? recorded = (chain[i - 1] as Qcow2Image)?.BackingFile;
            path = recorded is null ? "" : ImageSource.PathBelow(path, recorded);
            if (recorded == name || (path.Length > 0 && Path.GetFullPath(path) == wanted))
                return i;
        }

        throw new DiskImageException($"'{name}' is not below disk image '{path}'");
    }
}
