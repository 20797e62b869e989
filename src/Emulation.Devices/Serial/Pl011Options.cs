namespace Emulation.Devices;

/// <summary>How a <see cref="Pl011"/> is wired.</summary>
public sealed record Pl011Options
{
    /// <summary>Hertz of UARTCLK; 16 times the fastest rate.</summary>
    public ulong ClockFrequency { get; init; } = 24_000_000;

    /// <summary>
    /// Whether characters take the time that rate and format say, in both directions. If not, the transmitter is always ready and input waits
    /// until the receiver has room, so that nothing is lost.
    /// </summary>
    public bool Paced { get; init; }
}
