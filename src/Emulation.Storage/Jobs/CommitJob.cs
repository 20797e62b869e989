namespace Emulation.Storage;

/// <summary>Writes what the images of a chain hold above one of them into that one.</summary>
/// <remarks>Until the base is durable, all that goes there is held above it: the top reads the same at any time, whatever of the base was written.</remarks>
internal static class CommitJob
{
    /// <param name="top">The top of the chain.</param>
    /// <param name="target">The base, open for writing.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task RunAsync(IBlockDevice top, IBlockDevice target, DiskCommitOptions options, IProgress<DiskProgress>? progress, CancellationToken cancellationToken)
    {
        List<IBlockDevice> chain = DiskChain.Of(top);
        int place = chain.IndexOf(target);
        if (place < 1)
            throw new DiskImageException("the image to commit to is not below the top");
        // from below: what is recorded of an image holds after its own change too. Before anything of the content changes,
        // so that only a crash between two of these writes leaves an image that does not know the one below
        for (int i = place - 1; i >= 0; i--)
            await ((ILayer)chain[i]).RelinkAsync().ConfigureAwait(false);
        if (target.Length < top.Length)
        {
            if (!target.CanResize)
                throw new DiskImageException($"the disk of {top.Length} bytes does not fit into the image below of {target.Length} bytes, whose size cannot change");
            await target.ResizeAsync(top.Length, cancellationToken).ConfigureAwait(false);
        }

        List<IBlockDevice> layers = chain[..place];
        var copy = new DiskCopyOptions { BytesPerSecond = options.BytesPerSecond };
        var job = new CopyJob(top, target, copy, progress, (offset, length) => DiskChain.StatusAsync(layers, offset, length));
        await job.RunAsync(cancellationToken).ConfigureAwait(false);
        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (options.KeepTop)
            return;
        if (place > 1)
            throw new DiskImageException("the top can be emptied only when it is committed to the image right below");
        if (top is Qcow2Image image)
            await image.MakeEmptyAsync(cancellationToken).ConfigureAwait(false);
    }
}
