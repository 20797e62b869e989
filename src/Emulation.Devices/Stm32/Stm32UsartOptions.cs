namespace Emulation.Devices;

/// <summary>Which kind of USART it is, and its peer.</summary>
public sealed class Stm32UsartOptions
{
    /// <summary>Whether it has flow control, synchronous and smartcard mode: USARTs have, UARTs have not.</summary>
    public bool Synchronous { get; init; } = true;

    /// <summary>The peer's bits per second; 0 for a peer that follows. With another speed than the guest's, both sides sample what the waveform holds at their own times.</summary>
    public uint PeerBaudRate { get; init; }
}
