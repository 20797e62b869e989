namespace Emulation.Storage;

/// <summary>The images that make up a disk.</summary>
internal static class DiskChain
{
    /// <summary>An image and those below it, from the top down.</summary>
    public static List<IBlockDevice> Of(IBlockDevice top)
    {
        var images = new List<IBlockDevice>();
        for (IBlockDevice? image = top; image is not null; image = (image as ILayer)?.Backing)
            images.Add(image);
        return images;
    }

    /// <summary>What some layers hold, one over the other, above what is below them all.</summary>
    /// <param name="layers">From the top down.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Most bytes to report on.</param>
    /// <returns>One run: <see cref="BlockStatus.None"/> where none holds anything. Past the end of a layer nothing below shows through: there are zeros, which it holds.</returns>
    public static async ValueTask<BlockRun> StatusAsync(IReadOnlyList<IBlockDevice> layers, long offset, long length)
    {
        foreach (IBlockDevice layer in layers)
        {
            if (offset >= layer.Length)
                return new BlockRun(length, BlockStatus.Allocated | BlockStatus.Zero);
            long inside = Math.Min(length, layer.Length - offset);
            BlockRun run = layer is ILayer image
                ? await image.GetOwnStatusAsync(offset, inside).ConfigureAwait(false)
                : await layer.GetStatusAsync(offset, inside).ConfigureAwait(false);
            if ((run.Status & BlockStatus.Allocated) != 0)
                return run;
            length = run.Length;
        }

        return new BlockRun(length, BlockStatus.None);
    }
}
