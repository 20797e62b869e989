namespace Emulation.Storage;

/// <summary>Pulls what the images between the top of a chain and a base hold into the top, which then needs them no more.</summary>
internal sealed class StreamJob(Qcow2Image top, IBlockDevice? target, DiskStreamOptions options, IProgress<DiskProgress>? progress)
{
    private const int Piece = 1 << 20;

    private readonly RateLimit _rate = new(options.BytesPerSecond);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<IBlockDevice> chain = DiskChain.Of(top);
        int place = target is null ? chain.Count : chain.IndexOf(target);
        if (place < 1)
            throw new DiskImageException("the base is not below the image");
        if (place == 1)
            return; // right below, or nothing there
        var lowest = chain[place - 1] as Qcow2Image;
        if (target is not null && lowest?.BackingFile is null)
            throw new DiskImageException("the image above the base does not record it");
        await CopyAsync(chain[1..place], cancellationToken).ConfigureAwait(false);
        await top.FlushAsync(cancellationToken).ConfigureAwait(false);
        await top.RecordBackingAsync(target is null ? null : options.BackingFile ?? NameOf(lowest!), target is null ? null : lowest!.BackingFormat).ConfigureAwait(false);
        lowest?.ExchangeBacking(null);
        IBlockDevice? old = top.ExchangeBacking(target);
        if (old is not null)
            await old.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CopyAsync(List<IBlockDevice> layers, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Piece];
        for (long offset = 0; offset < top.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BlockRun run = await DiskChain.StatusAsync([top], offset, top.Length - offset).ConfigureAwait(false);
            if (run.Status == BlockStatus.None)
            {
                run = await DiskChain.StatusAsync(layers, offset, run.Length).ConfigureAwait(false);
                if ((run.Status & BlockStatus.Zero) != 0)
                {
                    await top.ZeroUnchangedAsync(offset, run.Length, cancellationToken).ConfigureAwait(false);
                }
                else if (run.Status != BlockStatus.None)
                {
                    run = run with { Length = Math.Min(run.Length, Piece - (offset % Piece)) };
                    Memory<byte> part = buffer.AsMemory(0, (int)run.Length);
                    await _rate.WaitAsync(part.Length, cancellationToken).ConfigureAwait(false);
                    await top.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
                    await top.WriteUnchangedAsync(offset, part, cancellationToken).ConfigureAwait(false);
                }
            }

            offset += run.Length;
            progress?.Report(new DiskProgress(offset, top.Length));
        }
    }

    // a relative name counts from the folder of the image that has it
    private string NameOf(Qcow2Image image)
    {
        string name = image.BackingFile!;
        return image.Source?.Path is { } path && top.Source?.Path is { } here
            && Path.GetDirectoryName(Path.GetFullPath(path)) != Path.GetDirectoryName(Path.GetFullPath(here))
            ? ImageSource.PathBelow(path, name)
            : name;
    }
}
