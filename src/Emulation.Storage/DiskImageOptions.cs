namespace Emulation.Storage;

/// <summary>How an image is opened.</summary>
public sealed record DiskImageOptions
{
    /// <summary>The image's format, such as <c>raw</c> or <c>qcow2</c>; null detects it by content.</summary>
    public string? Format { get; init; }

    /// <summary>Whether changes are refused. The file is then shared with other readers; otherwise nobody else may have it open.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The format of a backing file whose format the image does not record; without it such a backing file must look raw.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>Whether the images below stay closed, so that what they hold reads as zeros: for looking at an image and changing what it is, whether or not they are there.</summary>
    public bool IgnoreBacking { get; init; }

    /// <summary>Opens an encrypted image, and those below it.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Most bytes of memory for the tables of one image; at least 64 KiB are taken.</summary>
    public int CacheSize { get; init; } = 16 << 20;

    /// <summary>Where the further files of an image of several are.</summary>
    internal IImageFiles Files { get; init; } = HostImageFiles.Instance;

    /// <summary>The image of the chain, 1 for the one right below the top, that can be written although it is below; 0 for none.</summary>
    internal int WritableDepth { get; init; }

    /// <summary>Whether those above it can be written too.</summary>
    internal bool WritableAbove { get; init; }
}
