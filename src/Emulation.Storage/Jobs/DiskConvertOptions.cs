namespace Emulation.Storage;

/// <summary>What a disk is converted to.</summary>
public sealed record DiskConvertOptions
{
    /// <summary>Format and options of the new image, which has no backing file.</summary>
    public required DiskCreateOptions Target { get; init; }

    /// <summary>Whether clusters are compressed, on all cores: of qcow2 and of streamOptimized vmdk images.</summary>
    public bool Compress { get; init; }

    /// <summary>Whether the image is durable at the end. Until then it is not in any case, and after a failure it is deleted.</summary>
    public bool Flush { get; init; } = true;
}
