namespace Emulation.Storage;

/// <summary>How a disk is copied.</summary>
public sealed record DiskCopyOptions
{
    /// <summary>Whether all of the target is known to read as zeros, as after its creation without a backing file: zeros are then not written.</summary>
    public bool TargetIsZero { get; init; }

    /// <summary>Whether clusters are compressed, on all cores; the target must be a <see cref="Qcow2Image"/> or a streamOptimized vmdk image.</summary>
    public bool Compress { get; init; }
}
