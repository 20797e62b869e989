namespace Emulation.Devices;

/// <summary>What is wrong with a frame that arrives at a USART.</summary>
[Flags]
public enum UsartErrors
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The parity bit is inverted.</summary>
    Parity = 1,

    /// <summary>The stop bit is low.</summary>
    Framing = 2,

    /// <summary>The samples of a bit differ.</summary>
    Noise = 4,
}
