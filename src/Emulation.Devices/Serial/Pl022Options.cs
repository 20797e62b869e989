namespace Emulation.Devices;

/// <summary>How a <see cref="Pl022"/> is wired.</summary>
public sealed record Pl022Options
{
    /// <summary>PeriphID3 to PeriphID0, the first in the low byte.</summary>
    public uint PeripheralId { get; init; } = 0x0024_1022;

    /// <summary>Whether there is the register of DMA requests, which are not modelled.</summary>
    public bool HasDma { get; init; } = true;
}
