namespace Emulation.Devices;

/// <summary>A target on an I²C bus. NXP UM10204. One that has state implements <see cref="IPart"/>, too (<see cref="I2cPart"/>).</summary>
/// <remarks>Order of calls: Start, any number of Write or Read, then Stop, or RepeatedStart and perhaps Start again. None of them may throw, whatever the order.</remarks>
public interface II2cTarget
{
    /// <summary>How many consecutive addresses it answers at: a power of two, to which its first address is aligned.</summary>
    int AddressSpan => 1;

    /// <summary>Whether it listens to general calls (address 0).</summary>
    bool AnswersGeneralCall => false;

    /// <summary>Whether it holds SCL low until something happens: a controller that looks at <see cref="I2cBus.IsHeld"/> begins no byte meanwhile; for others it is too late.</summary>
    bool HoldsClock => false;

    /// <summary>It is addressed.</summary>
    /// <param name="address">The address, 7 or 10 bits; 0 for a general call.</param>
    /// <param name="direction">Who sends the bytes that follow.</param>
    /// <returns>Whether it acknowledges; a target that does not is not part of the transfer. Converts from bool.</returns>
    I2cAck Start(int address, I2cDirection direction);

    /// <summary>The controller sends a byte.</summary>
    /// <param name="value">The byte.</param>
    I2cAck Write(byte value);

    /// <summary>The controller wants a byte.</summary>
    /// <returns>The byte; converts from byte.</returns>
    I2cByte Read();

    /// <summary>The controller has answered to the byte of the last <see cref="Read"/>: the place to move on.</summary>
    /// <param name="acknowledged">False when it wants no more.</param>
    void ReadDone(bool acknowledged) { }

    /// <summary>A START condition without a STOP before; the target may or may not be addressed again.</summary>
    void RepeatedStart() { }

    /// <summary>The STOP condition.</summary>
    void Stop() { }
}
