namespace Emulation.Devices;

/// <summary>The answer to a byte that a controller sent.</summary>
/// <param name="IsAcknowledged">Whether SDA was low at the ninth clock.</param>
/// <param name="Stretch">Nanoseconds for which the target held SCL low: the byte takes so much longer.</param>
/// <param name="ArbitrationLost">Whether another controller took the bus during the byte; the controller is out of the transfer.</param>
public readonly record struct I2cAck(bool IsAcknowledged, long Stretch = 0, bool ArbitrationLost = false)
{
    /// <summary>An answer without stretching.</summary>
    /// <param name="acknowledged">Whether it is ACK.</param>
    public static implicit operator I2cAck(bool acknowledged) => new(acknowledged);

    /// <summary>Whether it is ACK.</summary>
    /// <param name="ack">The answer.</param>
    public static implicit operator bool(I2cAck ack) => ack.IsAcknowledged;

    /// <summary>An answer without stretching.</summary>
    /// <param name="acknowledged">Whether it is ACK.</param>
    public static I2cAck FromBoolean(bool acknowledged) => acknowledged;

    /// <summary>Whether it is ACK.</summary>
    public bool ToBoolean() => IsAcknowledged;
}
