namespace Emulation.Devices;

/// <summary>A byte from a target.</summary>
/// <param name="Value">The byte.</param>
/// <param name="Stretch">Nanoseconds for which the target held SCL low: the byte takes so much longer.</param>
public readonly record struct I2cByte(byte Value, long Stretch = 0)
{
    /// <summary>A byte without stretching.</summary>
    /// <param name="value">The byte.</param>
    public static implicit operator I2cByte(byte value) => new(value);

    /// <summary>A byte without stretching.</summary>
    /// <param name="value">The byte.</param>
    public static I2cByte FromByte(byte value) => value;
}
