namespace Emulation.Devices;

/// <summary>Why a frame failed. ISO 11898-1, 10.11; the values are those of Bosch's LEC field.</summary>
public enum CanError
{
    /// <summary>It did not.</summary>
    None = 0,

    /// <summary>More than five equal bits in a row.</summary>
    Stuff = 1,

    /// <summary>A field of fixed form has another one.</summary>
    Form = 2,

    /// <summary>Nobody acknowledged the frame.</summary>
    Acknowledge = 3,

    /// <summary>A transmitter saw a dominant bit where it sent a recessive one.</summary>
    BitRecessive = 4,

    /// <summary>A transmitter saw a recessive bit where it sent a dominant one.</summary>
    BitDominant = 5,

    /// <summary>The CRC of a received frame is wrong.</summary>
    Crc = 6,
}
