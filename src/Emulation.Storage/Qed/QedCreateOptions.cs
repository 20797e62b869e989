namespace Emulation.Storage;

/// <summary>A QED image: QEMU's format between qcow2 versions 2 and 3.</summary>
public sealed record QedCreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "qed";

    /// <summary>Bytes of a cluster: a power of two from 4 KiB to 64 MiB.</summary>
    public int ClusterSize { get; init; } = 1 << 16;

    /// <summary>Clusters of a table: 1, 2, 4, 8 or 16. It bounds the size of the disk. QEMU creates tables of one cluster, but does not open them.</summary>
    public int TableSize { get; init; } = 4;

    /// <summary>The image below, by the name that is recorded; relative names count from the new image's folder. Needs <see cref="BackingFormat"/>.</summary>
    public string? BackingFile { get; init; }

    /// <summary>The format of the image below. Only <c>raw</c> can be recorded: of others <see cref="DiskImageOptions.BackingFormat"/> reminds.</summary>
    public string? BackingFormat { get; init; }
}
