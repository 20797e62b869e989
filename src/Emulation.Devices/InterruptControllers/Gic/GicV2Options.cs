namespace Emulation.Devices;

/// <summary>How a <see cref="GicV2"/> is built.</summary>
public sealed record GicV2Options
{
    /// <summary>CPU interfaces: 1 to 8.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Shared peripheral interrupts, numbered from 32: a multiple of 32, up to 960.</summary>
    public int Spis { get; init; } = 256;

    /// <summary>Whether the Security Extensions are implemented: non-secure accesses see another set of registers.</summary>
    public bool Security { get; init; }

    /// <summary>Whether the Virtualization Extensions are implemented: a virtual interface for each CPU.</summary>
    public bool Virtualization { get; init; }

    /// <summary>Whether all interrupts are in group 1 after reset, as firmware leaves them for a non-secure kernel. May be set until the first reset.</summary>
    public bool ResetToGroup1 { get; set; }
}
