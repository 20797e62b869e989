namespace Emulation.Storage;

/// <summary>Opens and creates disk images.</summary>
public static partial class DiskImage
{
    /// <summary>Whether a name of an image is a URI (<c>nbd://host/export</c>, <c>nbd+unix:///export?socket=PATH</c>) and not a path.</summary>
    /// <param name="name">The name.</param>
    public static bool IsUri(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ImageSchemes.IsUri(name);
    }

    /// <summary>Names of the formats that can be opened and created.</summary>
    public static IEnumerable<string> Formats => DiskFormats.Names;

    /// <summary>Opens an image file of any format, detected by its content.</summary>
    /// <remarks>A file that is raw because nothing else was detected refuses writes that would make it look like another format.</remarks>
    /// <param name="path">An existing, non-empty regular file, or a URI such as <c>nbd://host/export</c>.</param>
    /// <param name="readOnly">Whether changes are refused; the file is then shared with other readers. Otherwise nobody else may have it open.</param>
    /// <returns>The image; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The file is missing, a directory, empty, in use, damaged, or may not be accessed.</exception>
    public static BlockDevice Open(string path, bool readOnly = false) => Open(path, new DiskImageOptions { ReadOnly = readOnly });

    /// <summary>Opens an image file.</summary>
    /// <param name="path">An existing, non-empty regular file, or a URI such as <c>nbd://host/export</c>.</param>
    /// <param name="options">Format, access and resources.</param>
    /// <returns>The image; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The file is missing, a directory, empty, in use, damaged, or may not be accessed.</exception>
    public static BlockDevice Open(string path, DiskImageOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        return Blocking.Wait(new ImageSource(path, options).OpenAsync());
    }

    /// <summary>Opens the image that lies on another device: memory, a file opened before, a device of your own.</summary>
    /// <param name="file">Holds the image; the image owns it, also when opening fails. An image that is written must be able to resize it.</param>
    /// <param name="options">Format, access and resources.</param>
    /// <param name="path">Where relative names of backing files count from: the path the image would have as a file.</param>
    /// <returns>The image; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The image is damaged or needs what is not supported.</exception>
    public static ValueTask<BlockDevice> OpenAsync(IBlockDevice file, DiskImageOptions? options = null, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new DiskImageOptions { ReadOnly = file.ReadOnly };
        return new ImageSource(path, file.ReadOnly ? options with { ReadOnly = true } : options).OpenAsync(file);
    }

    /// <summary>The format that a file's content shows; <c>raw</c> when it shows none.</summary>
    /// <param name="path">An existing, non-empty regular file, or a URI such as <c>nbd://host/export</c>.</param>
    /// <exception cref="DiskImageException">The file is missing, a directory, empty, in use, or may not be read.</exception>
    public static string DetectFormat(string path)
    {
        using BlockDevice file = Blocking.Wait(ImageSchemes.OpenAsync(path, readOnly: true));
        return Blocking.Wait(DiskFormats.DetectAsync(file)).Name;
    }

    /// <summary>What an open image says about itself.</summary>
    /// <param name="image">The image; what is none, such as a layer or a raw disk, counts as <c>raw</c>.</param>
    public static DiskImageInfo Describe(IBlockDevice image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return (image as IDescribed)?.Info ?? new DiskImageInfo { Format = DiskFormats.Raw.Name };
    }

    /// <summary>Creates a raw image of zeros; sparse where the file system knows holes. The file must not exist.</summary>
    /// <param name="path">A path in an existing directory.</param>
    /// <param name="length">Size in bytes; at least 1.</param>
    /// <returns>The image, open for writing; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The file exists or cannot be created.</exception>
    public static BlockDevice Create(string path, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return PlainFile.Create(path, length);
    }

    /// <summary>Creates an image. The file must not exist.</summary>
    /// <param name="path">A path in an existing directory.</param>
    /// <param name="length">Size of the disk in bytes.</param>
    /// <param name="options">Format and its options, such as <see cref="Qcow2CreateOptions"/>.</param>
    /// <param name="finalPath">The path that the file is given afterwards, from which names in the image count and after which its further files are named; null: it stays where it is.</param>
    /// <returns>The image, open for writing; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The file exists or cannot be created, or the backing file cannot be opened.</exception>
    public static BlockDevice Create(string path, long length, DiskCreateOptions options, string? finalPath = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        PlainFile file = PlainFile.Create(path, 0, DiskFormats.Find(options.Format).Reserve(length, options));
        try
        {
            var source = new ImageSource(finalPath ?? path, new DiskImageOptions { Format = options.Format });
            return Blocking.Wait(DiskFormats.Find(options.Format).CreateAsync(file, length, options, source));
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Creates an image on another device.</summary>
    /// <param name="file">Of length 0 and resizable; the image owns it, also when creating fails.</param>
    /// <param name="length">Size of the disk in bytes.</param>
    /// <param name="options">Format and its options, such as <see cref="Qcow2CreateOptions"/>.</param>
    /// <param name="path">Where relative names of backing files count from: the path the image would have as a file.</param>
    /// <returns>The image, open for writing; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The image cannot be created, or the backing file cannot be opened.</exception>
    public static async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        try
        {
            var source = new ImageSource(path, new DiskImageOptions { Format = options.Format });
            return await DiskFormats.Find(options.Format).CreateAsync(file, length, options, source).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Checks an image's own structures, and repairs them if asked to. The disk's content is not looked at.</summary>
    /// <param name="path">An image; nobody may have it open for writing, and to repair it nobody at all.</param>
    /// <param name="repair">What to repair.</param>
    /// <param name="format">The image's format; null detects it by content.</param>
    /// <exception cref="DiskImageException">The image is too damaged to be looked at, or its format has nothing to check.</exception>
    public static DiskCheckResult Check(string path, DiskRepair repair = DiskRepair.None, string? format = null)
    {
        using BlockDevice file = Blocking.Wait(ImageSchemes.OpenAsync(path, readOnly: repair == DiskRepair.None));
        IDiskFormat found = format is null ? Blocking.Wait(DiskFormats.DetectAsync(file)) : DiskFormats.Find(format);
        return Blocking.Wait(found.CheckAsync(file, repair, new ImageSource(path, new DiskImageOptions { Format = found.Name })));
    }

    /// <summary>Checks the structures of an image on another device, and repairs them if asked to.</summary>
    /// <param name="file">Holds the image; stays open.</param>
    /// <param name="repair">What to repair.</param>
    /// <param name="format">The image's format; null detects it by content.</param>
    /// <exception cref="DiskImageException">The image is too damaged to be looked at, or its format has nothing to check.</exception>
    public static async ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair = DiskRepair.None, string? format = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        IDiskFormat found = format is null ? await DiskFormats.DetectAsync(file).ConfigureAwait(false) : DiskFormats.Find(format);
        return await found.CheckAsync(file, repair, new ImageSource(null, new DiskImageOptions { Format = found.Name })).ConfigureAwait(false);
    }

    /// <summary>A disk that lives in memory, initially zero; untouched parts take no memory.</summary>
    /// <param name="length">Size in bytes; at least 1.</param>
    public static MemoryDisk InMemory(long length) => new(length);

    /// <summary>A disk that lives in memory, initially a copy of <paramref name="content"/>.</summary>
    /// <param name="content">At least one byte.</param>
    public static MemoryDisk InMemory(ReadOnlySpan<byte> content) => new(content);

    /// <summary>A layer that keeps all writes in memory and leaves <paramref name="image"/> as it is.</summary>
    /// <param name="image">The image below.</param>
    /// <param name="leaveOpen">Whether disposing the layer leaves the image open.</param>
    public static OverlayDisk Overlay(this IBlockDevice image, bool leaveOpen = false) => new(image, leaveOpen);

    /// <summary>A view of <paramref name="image"/> that refuses changes.</summary>
    /// <param name="image">The image below.</param>
    /// <param name="leaveOpen">Whether disposing the view leaves the image open.</param>
    public static IBlockDevice AsReadOnly(this IBlockDevice image, bool leaveOpen = false) => new ReadOnlyView(image, leaveOpen);

    /// <summary>A part of a disk, for reading.</summary>
    /// <param name="image">The disk.</param>
    /// <param name="start">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="leaveOpen">Whether disposing the part leaves the disk open.</param>
    public static IBlockDevice Slice(this IBlockDevice image, long start, long length, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (start < 0 || length < 0 || start > image.Length - length)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{length} bytes from there leave a disk of {image.Length} bytes");
        return new SliceView(image, start, length, leaveOpen);
    }

    /// <summary>Disks one after the other, as one.</summary>
    /// <param name="disks">At least one.</param>
    /// <param name="leaveOpen">Whether disposing the whole leaves the disks open.</param>
    public static IBlockDevice Join(IReadOnlyList<IBlockDevice> disks, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(disks);
        ArgumentOutOfRangeException.ThrowIfZero(disks.Count);
        return new JoinedDisk(disks, leaveOpen);
    }
}
