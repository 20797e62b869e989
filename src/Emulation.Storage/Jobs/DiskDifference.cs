namespace Emulation.Storage;

/// <summary>Where two disks differ first.</summary>
/// <param name="Kind">In what they differ.</param>
/// <param name="Offset">The first byte that differs; of sizes, the smaller one.</param>
public readonly record struct DiskDifference(DiskDifferenceKind Kind, long Offset);

/// <summary>In what two disks differ.</summary>
public enum DiskDifferenceKind
{
    /// <summary>A byte; past the end of the shorter disk, one that is not zero.</summary>
    Content,

    /// <summary>Their sizes; only a strict comparison minds.</summary>
    Length,

    /// <summary>One holds the byte or knows that it is zero, the other does not; only a strict comparison minds.</summary>
    Status,
}
