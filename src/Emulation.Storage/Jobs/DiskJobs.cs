namespace Emulation.Storage;

/// <summary>Work on whole disks. The disks stay open and nobody else uses them meanwhile.</summary>
public static partial class DiskJobs
{
    internal const string NotCompressible = "only qcow2 images without encryption and external data file and streamOptimized vmdk images have compressed clusters";

    private const int Sector = 512;

    /// <summary>Copies the content of one disk to another, without what is known or found to be zero.</summary>
    /// <param name="source">Read from; concurrently where it allows that.</param>
    /// <param name="target">At least as long; what it has more becomes zero. It is not flushed.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told how far it is; may be called on any thread, by one at a time.</param>
    /// <param name="cancellationToken">Stops the copy; any part of the target may then have been written.</param>
    /// <exception cref="DiskImageException">The target is too short or cannot hold compressed clusters, or an image is damaged.</exception>
    public static async Task CopyAsync(
        IBlockDevice source, IBlockDevice target, DiskCopyOptions? options = null, IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var job = new CopyJob(source, target, options ?? new DiskCopyOptions(), progress);
        await job.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copies the content of a disk to a new image file, which is deleted again if that fails.</summary>
    /// <param name="source">Read from; concurrently where it allows that.</param>
    /// <param name="path">A path in an existing directory; there must be no such file.</param>
    /// <param name="options">What the new image is.</param>
    /// <param name="progress">Told how far it is; may be called on any thread, by one at a time.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <exception cref="DiskImageException">The new image cannot be created, or the source is damaged.</exception>
    public static async Task ConvertAsync(
        IBlockDevice source, string path, DiskConvertOptions options, IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        Check(source, options);
        long length = options.Target is RawCreateOptions ? source.Length : (source.Length + Sector - 1) & -Sector;
        var file = new LateFlushFile(PlainFile.Create(path, 0, DiskFormats.Find(options.Target.Format).Reserve(length, options.Target)));
        IReadOnlyList<string> more = [];
        try
        {
            await using BlockDevice target = await DiskImage.CreateAsync(file, length, options.Target, options.FinalPath ?? path).ConfigureAwait(false);
            more = (target as IImageOfFiles)?.MoreFiles ?? [];
            bool backed = HasBacking(options.Target);
            await CopyAsync(source, target, options.Copy with { TargetIsZero = !backed, OwnOnly = backed, Compress = options.Compress }, progress, cancellationToken).ConfigureAwait(false);
            file.FlushOnClose = options.Flush;
        }
        catch
        {
            file.Dispose();
            foreach (string created in more.Prepend(path))
                File.Delete(created);
            throw;
        }
    }

    /// <summary>Changes the size of a disk, and takes space for what is added.</summary>
    /// <param name="image">The image, open for writing.</param>
    /// <param name="length">New size in bytes; what is added reads as zeros.</param>
    /// <param name="preallocation">What of the added space is taken at once; other than qcow2 and raw images take none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DiskImageException">The image or its format cannot have that size, or take space.</exception>
    public static Task ResizeAsync(BlockDevice image, long length, DiskPreallocation preallocation = DiskPreallocation.Off, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return ResizeJob.RunAsync(image, length, preallocation, cancellationToken);
    }

    /// <summary>Finds the first difference between two disks.</summary>
    /// <param name="first">One disk.</param>
    /// <param name="second">The other.</param>
    /// <param name="strict">Whether sizes and what is known about the bytes must be the same too; otherwise the shorter disk counts as if zeros followed.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops the comparison.</param>
    /// <returns>The first difference; null when there is none.</returns>
    public static ValueTask<DiskDifference?> CompareAsync(
        IBlockDevice first, IBlockDevice second, bool strict = false, IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new CompareJob(first, second, strict, progress).RunAsync(cancellationToken);
    }

    /// <summary>Lists where the bytes of a disk lie, without a gap from its first to its last byte.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static IAsyncEnumerable<DiskExtent> MapAsync(IBlockDevice disk, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return MapJob.RunAsync(disk, cancellationToken);
    }

    internal static bool HasBacking(DiskCreateOptions options) => options is Qcow2CreateOptions { BackingFile: not null } or QcowCreateOptions { BackingFile: not null }
        or QedCreateOptions { BackingFile: not null } or VmdkCreateOptions { BackingFile: not null } or VhdxCreateOptions { BackingFile: not null } or VhdCreateOptions { ParentFile: not null };

    private static void Check(IBlockDevice source, DiskConvertOptions options)
    {
        if (options.Target is RawCreateOptions && source.Length == 0)
            throw new DiskImageException("a disk of 0 bytes cannot be converted to a raw image");
        bool compressible = options.Target is Qcow2CreateOptions { Passphrase: null, DataFile: null } or VmdkCreateOptions { Subformat: VmdkSubformat.StreamOptimized };
        if (options.Compress && !compressible)
            throw new DiskImageException(NotCompressible);
    }
}
