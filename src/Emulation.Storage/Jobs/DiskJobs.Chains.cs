namespace Emulation.Storage;

/// <content>Work on chains of images, and what room images take.</content>
public static partial class DiskJobs
{
    /// <summary>Writes what an image holds into an image below it, which then has the content that the disk has.</summary>
    /// <remarks>At any time, also after a crash, the image reads the same. Whatever else has the base below it changes.</remarks>
    /// <param name="path">The top image; nobody may have it or those below it open.</param>
    /// <param name="options">Where to, and what becomes of the top; null for the defaults.</param>
    /// <param name="progress">Told how far it is; may be called on any thread, by one at a time.</param>
    /// <param name="cancellationToken">Stops it; the image still reads the same.</param>
    /// <exception cref="DiskImageException">An image cannot be opened or written, or has nothing below it.</exception>
    public static async Task CommitAsync(string path, DiskCommitOptions? options = null, IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DiskCommitOptions();
        (BlockDevice top, IBlockDevice target, bool keep) = await CommitOpener.OpenAsync(path, options).ConfigureAwait(false);
        await using (top.ConfigureAwait(false))
        {
            await CommitJob.RunAsync(top, target, options with { KeepTop = keep }, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Pulls what the images below a disk hold into the disk's own image. It then has the base right below it, or nothing.</summary>
    /// <remarks>At any time, also after a crash, the image reads the same.</remarks>
    /// <param name="image">Open for writing; nobody else uses it meanwhile.</param>
    /// <param name="baseImage">An image of its chain (see <see cref="Qcow2Image.Backing"/>) that stays below; null: none does. It stays open, the others are closed.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it; the chain then is what it was.</param>
    /// <exception cref="DiskImageException">The base is not in the chain, or an image is damaged.</exception>
    public static Task StreamAsync(
        Qcow2Image image, IBlockDevice? baseImage = null, DiskStreamOptions? options = null, IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new StreamJob(image, baseImage, options ?? new DiskStreamOptions(), progress).RunAsync(cancellationToken);
    }

    /// <summary>Puts an image on another one, or on none, without a change of what it reads as.</summary>
    /// <remarks>At any time, also after a crash, the image reads the same, unless the change is <see cref="DiskRebaseOptions.Unsafe"/>.</remarks>
    /// <param name="path">The image; nobody may have it open.</param>
    /// <param name="options">What comes below.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it; the image then is on the old one.</param>
    /// <exception cref="DiskImageException">An image cannot be opened, is damaged, or is of a format that has nothing below.</exception>
    public static async Task RebaseAsync(string path, DiskRebaseOptions options, IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        if (options.BackingFile is null && options.BackingFormat is not null)
            throw new DiskImageException("there is a format for a backing file, but no backing file");
        var open = new DiskImageOptions { Format = options.Format, Passphrase = options.Passphrase, BackingFormat = options.OldBackingFormat, IgnoreBacking = options.Unsafe };
        await using BlockDevice disk = DiskImage.Open(path, open);
        if (disk is not IRebasable image)
            throw new DiskImageException($"disk image '{path}' is a {DiskImage.Describe(disk).Format} image: only qcow2 and qed images can be put on another image");
        if (!options.Unsafe)
            await RebaseAsync(image, disk, options, progress, cancellationToken).ConfigureAwait(false);
        await image.RecordBackingAsync(options.BackingFile, options.BackingFormat).ConfigureAwait(false);
    }

    /// <summary>What room a disk would take as an image of a format.</summary>
    /// <param name="source">The disk.</param>
    /// <param name="target">The format and its options.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DiskImageException">Such an image is not possible.</exception>
    public static Task<DiskMeasurement> MeasureAsync(IBlockDevice source, DiskCreateOptions target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return MeasureJob.RunAsync(source, target, cancellationToken);
    }

    /// <summary>What room an empty disk would take as an image of a format.</summary>
    /// <param name="length">Size of the disk in bytes.</param>
    /// <param name="target">The format and its options.</param>
    /// <exception cref="DiskImageException">Such an image is not possible.</exception>
    public static DiskMeasurement Measure(long length, DiskCreateOptions target)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return MeasureJob.Empty(length, target);
    }

    private static async Task RebaseAsync(IRebasable image, BlockDevice disk, DiskRebaseOptions options, IProgress<DiskProgress>? progress, CancellationToken cancellationToken)
    {
        BlockDevice? next = options.BackingFile is null
            ? null
            : await image.Source!.OpenBackingAsync(new ImageName(DiskImage.Describe(disk).Format, image.Source.DisplayName), options.BackingFile, options.BackingFormat).ConfigureAwait(false);
        try
        {
            await new RebaseJob(disk, next, progress).RunAsync(cancellationToken).ConfigureAwait(false);
            await disk.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (next is not null)
                await next.DisposeAsync().ConfigureAwait(false);
        }
    }
}
