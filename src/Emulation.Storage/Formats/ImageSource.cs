namespace Emulation.Storage;

/// <summary>Where an image comes from and how it is opened, and from there its backing chain.</summary>
internal sealed class ImageSource
{
    /// <summary>Most images in a chain.</summary>
    public const int MaxDepth = 200;

    private readonly ImageSource? _above;
    private readonly string? _realPath;
    private readonly bool _isUri;
    private readonly int _depth;

    /// <summary>The image that a user names.</summary>
    /// <param name="path">Its file or URI; null when it is neither.</param>
    /// <param name="options">How to open it.</param>
    public ImageSource(string? path, DiskImageOptions options) : this(path, options, above: null) { }

    private ImageSource(string? path, DiskImageOptions options, ImageSource? above)
    {
        Path = path;
        Options = options;
        _above = above;
        _depth = above is null ? 1 : above._depth + 1;
        _isUri = path is not null && ImageSchemes.IsUri(path);
        _realPath = path is null || _isUri ? path : RealPath(path);
    }

    public string? Path { get; }

    public string DisplayName => Path ?? "(no file)";

    public DiskImageOptions Options { get; }

    public bool ReadOnly => Options.ReadOnly;

    /// <summary>The same image, opened with a passphrase.</summary>
    public ImageSource With(string? passphrase) => passphrase is null ? this : new ImageSource(Path, Options with { Passphrase = passphrase }, _above);

    /// <summary>The same image, opened where it cannot record the format of its backing file itself.</summary>
    public ImageSource WithBackingFormat(string? format) => new(Path, Options with { BackingFormat = format }, _above);

    /// <summary>Opens a file and the image in it.</summary>
    public async ValueTask<BlockDevice> OpenAsync()
    {
        BlockDevice file = await ImageSchemes.OpenAsync(Path!, ReadOnly).ConfigureAwait(false);
        return await OpenAsync(file).ConfigureAwait(false);
    }

    /// <summary>Opens the image in a file, which is closed when that fails.</summary>
    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file)
    {
        try
        {
            if (Options.Format is { } name)
                return await DiskFormats.Find(name).OpenAsync(file, this).ConfigureAwait(false);
            IDiskFormat format = await DiskFormats.DetectAsync(file).ConfigureAwait(false);
            BlockDevice image = await format.OpenAsync(file, this).ConfigureAwait(false);
            return format is RawFormat && !image.ReadOnly ? new DetectedRaw(image, DisplayName) : image;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens a backing file, for reading.</summary>
    /// <param name="by">The image that names it.</param>
    /// <param name="reference">Its name there.</param>
    /// <param name="format">The format recorded there, if any.</param>
    public async ValueTask<BlockDevice> OpenBackingAsync(ImageName by, string reference, string? format)
    {
        string path = Resolve(by, reference, "backing file");
        var below = new ImageSource(path, Options with { ReadOnly = _depth > Options.WritableDepth || (_depth < Options.WritableDepth && !Options.WritableAbove), Format = format ?? Options.BackingFormat }, this);
        if (below._depth > MaxDepth)
            throw by.Error($"the chain of backing files has more than {MaxDepth} images");
        for (ImageSource? above = this; above is not null; above = above._above)
        {
            if (above._realPath == below._realPath)
                throw by.Error($"the chain of backing files is a loop: it comes back to '{path}'");
        }

        BlockDevice file;
        try
        {
            file = await ImageSchemes.OpenAsync(path, below.ReadOnly).ConfigureAwait(false);
        }
        catch (DiskImageException e)
        {
            throw new DiskImageException($"{by.Format} image '{by.File}': its backing file cannot be opened: {e.Message}", by.Format, 0, e);
        }

        if (below.Options.Format is not null)
            return await below.OpenAsync(file).ConfigureAwait(false);
        try
        {
            // without a recorded format only what looks raw is safe: what looks like an image may be a raw disk whose guest made it look so
            if (await DiskFormats.DetectAsync(file).ConfigureAwait(false) is not RawFormat and IDiskFormat found)
            {
                throw by.Error($"it does not record the format of its backing file '{reference}', which looks like {found.Name}; "
                    + "record it in the image, or give the format if the file can be trusted");
            }

            return await DiskFormats.Raw.OpenAsync(file, below).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens a data file that belongs to the image.</summary>
    /// <param name="by">The image that names it.</param>
    /// <param name="reference">Its name there.</param>
    public PlainFile OpenDataFile(ImageName by, string reference)
    {
        string path = Resolve(by, reference, "data file");
        if (ImageSchemes.IsUri(path))
            throw by.Error($"its data file '{reference}' is not a local file");
        if (RealPath(path) == _realPath)
            throw by.Error("it names itself as its data file");
        return PlainFile.Open(path, ReadOnly);
    }

    /// <summary>Opens a further file of the image, one of perhaps many.</summary>
    /// <param name="by">The image that names it.</param>
    /// <param name="reference">Its name there.</param>
    /// <param name="readOnly">Whether it is only read.</param>
    public IBlockDevice OpenExtent(ImageName by, string reference, bool readOnly)
    {
        string path = Resolve(by, reference, "extent");
        if (RealPath(path) == _realPath)
            throw by.Error("it names itself as its extent");
        try
        {
            return Options.Files.Open(path, readOnly);
        }
        catch (DiskImageException e)
        {
            throw by.Error($"its extent cannot be opened: {e.Message}");
        }
    }

    /// <summary>The path or URI of what an image names: relative names count from the image's folder.</summary>
    public string Resolve(ImageName by, string reference, string what)
    {
        string name = reference.StartsWith("file:", StringComparison.Ordinal) ? reference["file:".Length..] : reference;
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            throw by.Error($"the name of its {what} is not a file name");
        // a server could make its bytes look like an image that names any file of this host
        if (_isUri && Options.Format is null)
            throw by.Error($"it names '{reference}' as its {what}, which is refused because its format was detected, not given; give the format if the server can be trusted");
        if (ImageSchemes.IsUri(name))
            return name;
        if (name.StartsWith("json:", StringComparison.Ordinal))
            throw by.Error($"its {what} '{reference}' is named by JSON, which is not supported; a path or a URI is");
        // QEMU takes everything up to a colon that comes before any slash for a protocol
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        int slash = name.AsSpan().IndexOfAny('/', '\\');
        if (colon > 1 && (slash < 0 || colon < slash))
            throw by.Error($"its {what} '{reference}' is not a local file: '{name[..colon]}:' is not supported; there are {string.Join(", ", ImageSchemes.Names)}");
        if (!System.IO.Path.IsPathRooted(name) && (Path is null || _isUri))
            throw by.Error($"its {what} '{reference}' is a relative name, but the image itself is not a file");
        return PathBelow(Path ?? "", name);
    }

    /// <summary>The path of a file that an image names.</summary>
    public static string PathBelow(string image, string reference)
    {
        string name = reference.StartsWith("file:", StringComparison.Ordinal) ? reference["file:".Length..] : reference;
        return System.IO.Path.IsPathRooted(name) ? name : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(image))!, name);
    }

    /// <summary>What an image says about itself and the one below it.</summary>
    /// <param name="name">The image.</param>
    /// <param name="clusterSize">Bytes of the unit in which it takes space.</param>
    /// <param name="file">The name of the image below, if there is one.</param>
    /// <param name="format">Its format, if it is recorded.</param>
    /// <param name="backing">That image, if it is open.</param>
    public DiskImageInfo Describe(ImageName name, int clusterSize, string? file = null, string? format = null, IBlockDevice? backing = null)
        => new() { Format = name.Format, ClusterSize = clusterSize, BackingFile = file, BackingFormat = format, BackingPath = PathOf(name, file), Backing = backing };

    /// <summary>Path or URI of what an image names; null where its name is none of either.</summary>
    public string? PathOf(ImageName by, string? reference)
    {
        try
        {
            return reference is null ? null : Resolve(by, reference, "backing file");
        }
        catch (DiskImageException)
        {
            return null; // a name of another system or of another program
        }
    }

    private static string RealPath(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full; // what is wrong with it shows when it is opened
        }
    }
}
