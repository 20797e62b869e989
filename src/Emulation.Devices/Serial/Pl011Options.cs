using Emulation.Core;

namespace Emulation.Devices;

/// <summary>How a <see cref="Pl011"/> is wired.</summary>
public sealed record Pl011Options
{
    /// <summary>Hertz of UARTCLK; 16 times the fastest rate.</summary>
    public ulong ClockFrequency { get; init; } = 24_000_000;

    /// <summary>UARTCLK where it is a clock of the board's; null for a constant one of <see cref="ClockFrequency"/>. A character that was begun keeps its time when the clock changes.</summary>
    public ClockSignal? Clock { get; init; }

    /// <summary>PeriphID3 to PeriphID0, the first in the low byte.</summary>
    public uint PeripheralId { get; init; } = 0x0014_1011;

    /// <summary>Whether there are modem signals; without them RTS, DTR, Out1 and Out2 and their interrupts and flags read as zero.</summary>
    public bool HasModem { get; init; } = true;

    /// <summary>
    /// Whether characters take the time that rate and format say, in both directions. If not, the transmitter is always ready and input waits
    /// until the receiver has room, so that nothing is lost.
    /// </summary>
    public bool Paced { get; init; }
}
