namespace Emulation.Storage;

/// <summary>Which image comes below another one.</summary>
public sealed record DiskRebaseOptions
{
    /// <summary>The new image below, by the name that is recorded; null: none.</summary>
    public string? BackingFile { get; init; }

    /// <summary>Its format.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>The format of images below so far whose format is not recorded; see <see cref="DiskImageOptions.BackingFormat"/>.</summary>
    public string? OldBackingFormat { get; init; }

    /// <summary>Whether only the name is changed, without a look at either image: the content changes unless both hold the same.</summary>
    public bool Unsafe { get; init; }

    /// <summary>Format of the image; null detects it.</summary>
    public string? Format { get; init; }

    /// <summary>Opens encrypted images.</summary>
    public string? Passphrase { get; init; }
}
