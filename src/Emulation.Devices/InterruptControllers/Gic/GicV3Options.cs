namespace Emulation.Devices;

/// <summary>How a <see cref="GicV3"/> is built.</summary>
public sealed record GicV3Options
{
    /// <summary>CPUs: 1 to 8, or up to 512 where the board has room for their redistributors.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Shared peripheral interrupts, numbered from 32: a multiple of 32, up to 960.</summary>
    public int Spis { get; init; } = 256;

    /// <summary>Whether there are two Security states; if not, GICD_CTLR.DS reads as one.</summary>
    public bool Security { get; init; }

    /// <summary>Whether there are LPIs, interrupts whose configuration is in memory.</summary>
    public bool Lpis { get; init; }

    /// <summary>Whether all interrupts are in non-secure group 1 after reset, as firmware leaves them for a non-secure kernel.</summary>
    public bool ResetToGroup1 { get; init; }

    /// <summary>Aff3.Aff2.Aff1.Aff0 of a CPU, a byte each; the default has 16 CPUs to an Aff1.</summary>
    public Func<int, uint> Affinity { get; init; } = static cpu => ((uint)cpu >> 4 << 8) | ((uint)cpu & 15);
}
