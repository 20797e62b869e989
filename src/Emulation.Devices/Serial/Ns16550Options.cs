using Emulation.Core;

namespace Emulation.Devices;

/// <summary>How an <see cref="Ns16550"/> is wired.</summary>
public sealed record Ns16550Options
{
    /// <summary>log2 of the bytes from one register to the next (device tree: reg-shift).</summary>
    public int RegisterShift { get; init; }

    /// <summary>Legal access widths. A wider access still reaches one register, in its low byte.</summary>
    public AccessSizes Sizes { get; init; } = AccessSizes.All;

    /// <summary>Hertz of the input clock; 16 times the fastest rate.</summary>
    public ulong ClockFrequency { get; init; } = 3_686_400;

    /// <summary>
    /// Whether characters take the time that rate and format say, in both directions. If not, the transmitter is always ready and input waits
    /// until the receiver has room, so that nothing is lost.
    /// </summary>
    public bool Paced { get; init; }
}
