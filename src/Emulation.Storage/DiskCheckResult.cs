namespace Emulation.Storage;

/// <summary>What a check of an image found; after a repair, what it found first and what is left.</summary>
public sealed record DiskCheckResult
{
    /// <summary>Errors that endanger the content and are still there.</summary>
    public required long Corruptions { get; init; }

    /// <summary>Clusters that are counted as used and are not, still; harmless but for the space.</summary>
    public required long Leaks { get; init; }

    /// <summary>Errors that were repaired.</summary>
    public long RepairedCorruptions { get; init; }

    /// <summary>Lost clusters that were given back.</summary>
    public long RepairedLeaks { get; init; }

    /// <summary>What was found, the first hundred of it, each with its place in the file.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>End of the last cluster in use, in bytes of the image file.</summary>
    public required long ImageEnd { get; init; }

    /// <summary>Clusters of the whole disk.</summary>
    public long TotalClusters { get; init; }

    /// <summary>Clusters of the disk that the image holds.</summary>
    public long AllocatedClusters { get; init; }

    /// <summary>Those of them that are compressed.</summary>
    public long CompressedClusters { get; init; }

    /// <summary>Whether nothing is wrong, lost clusters included.</summary>
    public bool IsClean => Corruptions == 0 && Leaks == 0;
}

/// <summary>What a check may repair.</summary>
public enum DiskRepair
{
    /// <summary>Nothing; the file is only read.</summary>
    None,

    /// <summary>Lost clusters, in an image that has no other errors.</summary>
    Leaks,

    /// <summary>Everything that can be repaired without a guess about the content.</summary>
    All,
}
