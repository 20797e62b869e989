namespace Emulation.Storage;

/// <summary>A VirtualBox image (VDI 1.1).</summary>
public sealed record VdiCreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "vdi";

    /// <summary>Whether all blocks exist from the start and stay; otherwise the file grows with what is written.</summary>
    public bool Fixed { get; init; }
}
