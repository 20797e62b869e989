namespace Emulation.Storage;

/// <summary>What an image says about itself.</summary>
public sealed record DiskImageInfo
{
    /// <summary>The format's name.</summary>
    public required string Format { get; init; }

    /// <summary>Bytes of the unit in which space is taken; 0 where there is none.</summary>
    public int ClusterSize { get; init; }

    /// <summary>Whether the content is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>The image below, by the name that is recorded; null without one.</summary>
    public string? BackingFile { get; init; }

    /// <summary>The format of the image below, where it is recorded or the format leaves no other.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>Path or URI of the image below: relative names count from the image's folder. Null where the name is none of either.</summary>
    public string? BackingPath { get; init; }

    /// <summary>The image below, open; null without one, or when it stayed closed.</summary>
    public IBlockDevice? Backing { get; init; }

    /// <summary>More that only this format has, by the names that qemu-img gives it: texts, numbers, truth values, and lists of such.</summary>
    public IReadOnlyDictionary<string, object> Details { get; init; } = new Dictionary<string, object>();
}
