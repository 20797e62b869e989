namespace Emulation.Storage;

/// <summary>An expanding Parallels image (version 2).</summary>
public sealed record ParallelsCreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "parallels";

    /// <summary>Bytes of a cluster: a power of two from 4 KiB to 256 MiB.</summary>
    public int ClusterSize { get; init; } = 1 << 20;
}
