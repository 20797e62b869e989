namespace Emulation.Storage;

/// <summary>What a disk is converted to.</summary>
public sealed record DiskConvertOptions
{
    /// <summary>Format and options of the new image, which must not be there yet.</summary>
    /// <remarks>With a backing file only what the source holds itself is copied: what shows through from below the source must show through from there too.</remarks>
    public required DiskCreateOptions Target { get; init; }

    /// <summary>Whether clusters are compressed, on all cores: of qcow2 and of streamOptimized vmdk images.</summary>
    public bool Compress { get; init; }

    /// <summary>Whether the image is durable at the end. Until then it is not in any case, and after a failure it is deleted.</summary>
    public bool Flush { get; init; } = true;

    /// <summary>The path that the file is given afterwards, from which names in the image count and after which its further files are named; null: it stays where it is.</summary>
    public string? FinalPath { get; init; }

    /// <summary>How the content is copied; what is said there about compression, what the target holds and what the source holds counts for nothing.</summary>
    public DiskCopyOptions Copy { get; init; } = new();
}
