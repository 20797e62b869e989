namespace Emulation.Storage;

/// <summary>A Virtual PC and Hyper-V image (VHD).</summary>
public sealed record VhdCreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "vhd";

    /// <summary>Whether the file is the disk's bytes and a footer; otherwise it grows with what is written.</summary>
    /// <remarks>What shows the format lies at the end of a fixed image, where any raw disk may show the same: such images are opened by the name of the format.</remarks>
    public bool Fixed { get; init; }

    /// <summary>Whether the size is rounded up to whole cylinders, for programs that take it from the geometry as Virtual PC does.</summary>
    public bool RoundToGeometry { get; init; }

    /// <summary>The image below, also a VHD, by the name that is recorded; relative names count from the new image's folder. The new one is a
    /// differencing image of its size. The parent must not change afterwards: its identifier and its time of change are recorded.</summary>
    public string? ParentFile { get; init; }
}
