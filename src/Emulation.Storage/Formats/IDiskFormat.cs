namespace Emulation.Storage;

/// <summary>One disk image format: how to recognise, open and create images that lie on any block device.</summary>
internal interface IDiskFormat
{
    /// <summary>The name users and backing references give it, lower case.</summary>
    string Name { get; }

    /// <summary>Whether a file that starts with these bytes is an image of this format.</summary>
    /// <param name="head">The first bytes of the file, at most <see cref="DiskFormats.HeadLength"/>.</param>
    bool Probe(ReadOnlySpan<byte> head);

    /// <summary>Whether the last bytes of a file, up to <see cref="DiskFormats.TailLength"/>, show this format. Asked when no head does.</summary>
    bool ProbeTail(ReadOnlySpan<byte> tail) => false;

    /// <summary>Opens an image.</summary>
    /// <param name="file">What the image lies on; the image owns it once it is open.</param>
    /// <param name="source">How it is to be opened and where it comes from.</param>
    ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source);

    /// <summary>Creates an image.</summary>
    /// <param name="file">An empty device that can be resized; the image owns it once it is open.</param>
    /// <param name="length">Size of the virtual disk in bytes.</param>
    /// <param name="options">Options of this format.</param>
    /// <param name="source">Where the image is.</param>
    ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source);

    /// <summary>What room a new image takes.</summary>
    /// <param name="length">Size of the virtual disk in bytes.</param>
    /// <param name="options">Options of this format.</param>
    DiskLayout Layout(long length, DiskCreateOptions options)
        => throw new DiskImageException($"what room {Name} images take cannot be told");

    /// <summary>Bytes that the host is to keep free for a new file.</summary>
    /// <param name="length">Size of the virtual disk in bytes.</param>
    /// <param name="options">Options of this format.</param>
    long Reserve(long length, DiskCreateOptions options) => 0;

    /// <summary>Checks the image's own structures.</summary>
    /// <param name="file">Holds the image; stays open.</param>
    /// <param name="repair">What to repair.</param>
    /// <param name="source">Where the image is.</param>
    ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
        => throw new DiskImageException($"{Name} image '{source.DisplayName}': the format has no structures that could be checked");
}
