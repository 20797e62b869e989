namespace Emulation.Storage;

/// <summary>Opens and creates disk images by path.</summary>
public static class DiskImage
{
    /// <summary>Opens an image file.</summary>
    /// <param name="path">An existing, non-empty regular file.</param>
    /// <param name="readOnly">Whether changes are refused; the file is then shared with other readers. Otherwise nobody else may have it open.</param>
    /// <returns>The image; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The file is missing, a directory, empty, in use, or may not be accessed.</exception>
    public static BlockDevice Open(string path, bool readOnly = false) => RawImage.Open(path, readOnly);

    /// <summary>Creates a raw image of zeros; sparse where the file system knows holes. The file must not exist.</summary>
    /// <param name="path">A path in an existing directory.</param>
    /// <param name="length">Size in bytes; at least 1.</param>
    /// <returns>The image, open for writing; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The file exists or cannot be created.</exception>
    public static BlockDevice Create(string path, long length) => RawImage.Create(path, length);

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
}
