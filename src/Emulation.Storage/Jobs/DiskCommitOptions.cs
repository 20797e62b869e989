namespace Emulation.Storage;

/// <summary>How a disk is committed to an image below it.</summary>
public sealed record DiskCommitOptions
{
    /// <summary>The image to commit to, by its path or by the name that the image above it records; null: the one right below the top.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the top keeps what it holds, which it does in any case when <see cref="Base"/> is further down; otherwise a qcow2 image is empty afterwards; those of other formats keep it in any case.</summary>
    public bool KeepTop { get; init; }

    /// <summary>Format of the top; null detects it.</summary>
    public string? Format { get; init; }

    /// <summary>The format of images below whose format is not recorded; see <see cref="DiskImageOptions.BackingFormat"/>.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>Opens encrypted images.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Most bytes per second, on average; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }
}
