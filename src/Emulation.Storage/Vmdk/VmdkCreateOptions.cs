namespace Emulation.Storage;

/// <summary>A VMware image.</summary>
public sealed record VmdkCreateOptions : DiskCreateOptions
{
    /// <summary>Most bytes of one extent of an image in several.</summary>
    internal const long MaxExtentSize = 1L << 31;

    /// <inheritdoc/>
    public override string Format => "vmdk";

    /// <summary>How the image is laid out; all but monolithicSparse and streamOptimized have more files beside the one that is named.</summary>
    public VmdkSubformat Subformat { get; init; }

    /// <summary>Whether grains that are zero can be marked so (version 2), which hides what is below and gives back their room. Not for compressed and flat ones.</summary>
    public bool ZeroedGrain { get; init; }

    /// <summary>The image below, a vmdk image, by the name that is recorded; relative names count from the new image's folder. Not for flat images.</summary>
    public string? BackingFile { get; init; }

    /// <summary>The format of the image below: <c>vmdk</c>, the only one possible, or null.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>The controller that the disk is said to be for; decides the recorded geometry.</summary>
    public VmdkAdapterType AdapterType { get; init; }

    /// <summary>The virtual hardware's version that is recorded.</summary>
    public int HardwareVersion { get; init; } = 4;

    /// <summary>The version of VMware's tools that is recorded.</summary>
    public uint ToolsVersion { get; init; } = int.MaxValue;

    /// <summary>Bytes of a grain of sparse images: a power of two from 4 KiB to 16 MiB. Other programs may know 64 KiB only.</summary>
    public int GrainSize { get; init; } = 1 << 16;

    /// <summary>
    /// Whether a streamOptimized image is written from its start to its end, as in OVF packages: tables follow the grains, and a footer says where.
    /// Each grain can then be written once, and the file is no image until it is closed. QEMU reads such an image, but must not write to it.
    /// </summary>
    public bool Sequential { get; init; }

    /// <summary>Bytes of each extent but the last of images in several: at most 2 GiB, in whole sectors, of sparse ones in whole grains.</summary>
    public long ExtentSize { get; init; } = MaxExtentSize;
}

/// <summary>How a VMware image is laid out.</summary>
public enum VmdkSubformat
{
    /// <summary>One file that grows with what is written.</summary>
    MonolithicSparse,

    /// <summary>A descriptor, and one file of the disk's size.</summary>
    MonolithicFlat,

    /// <summary>A descriptor, and files that grow, for at most 2 GiB each.</summary>
    TwoGbMaxExtentSparse,

    /// <summary>A descriptor, and files of at most 2 GiB that hold the disk's bytes.</summary>
    TwoGbMaxExtentFlat,

    /// <summary>One file with compressed grains, meant to be written once. What is overwritten keeps its room in the file.</summary>
    StreamOptimized,
}

/// <summary>The controller that a VMware disk is said to be for.</summary>
public enum VmdkAdapterType
{
    /// <summary>IDE.</summary>
    Ide,

    /// <summary>BusLogic SCSI.</summary>
    BusLogic,

    /// <summary>LSI Logic SCSI.</summary>
    LsiLogic,

    /// <summary>SCSI of old ESX servers.</summary>
    LegacyEsx,
}
