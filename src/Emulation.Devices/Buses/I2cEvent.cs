namespace Emulation.Devices;

/// <summary>What happened on an I²C bus.</summary>
public enum I2cEventKind
{
    /// <summary>A START condition.</summary>
    Start,

    /// <summary>A START condition without a STOP before.</summary>
    RepeatedStart,

    /// <summary>An address byte, or the second byte of a 10-bit address.</summary>
    Address,

    /// <summary>A byte from the controller.</summary>
    Write,

    /// <summary>A byte from the target.</summary>
    Read,

    /// <summary>A STOP condition.</summary>
    Stop,
}

/// <summary>One event on an I²C bus.</summary>
/// <param name="Time">Virtual time in nanoseconds.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Value">The byte, of an address with the R/W bit.</param>
/// <param name="Acknowledged">Whether the byte was acknowledged, by whoever receives it.</param>
/// <param name="Controller">Name of the controller that owns the bus.</param>
public readonly record struct I2cEvent(long Time, I2cEventKind Kind, byte Value, bool Acknowledged, string Controller)
{
    /// <summary>The event in a transcript: <c>S</c>, <c>48w A</c>, <c>1f N</c>, <c>P</c>.</summary>
    public override string ToString() => Kind switch
    {
        I2cEventKind.Start => "S",
        I2cEventKind.RepeatedStart => "Sr",
        I2cEventKind.Stop => "P",
        I2cEventKind.Address => $"{Value >> 1:x2}{((Value & 1) != 0 ? 'r' : 'w')} {(Acknowledged ? 'A' : 'N')}",
        _ => $"{Value:x2} {(Acknowledged ? 'A' : 'N')}",
    };
}

/// <summary>Is told what happens on an I²C bus, at the moment at which it happens.</summary>
/// <param name="e">The event.</param>
public delegate void I2cObserver(in I2cEvent e);
