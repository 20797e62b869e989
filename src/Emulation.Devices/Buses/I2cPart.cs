namespace Emulation.Devices;

/// <summary>A part on an I²C bus.</summary>
public abstract class I2cPart : Part, II2cTarget
{
    /// <inheritdoc/>
    public virtual int AddressSpan => 1;

    /// <inheritdoc/>
    public virtual bool AnswersGeneralCall => false;

    /// <inheritdoc/>
    public abstract I2cAck Start(int address, I2cDirection direction);

    /// <inheritdoc/>
    public abstract I2cAck Write(byte value);

    /// <inheritdoc/>
    public abstract I2cByte Read();

    /// <inheritdoc/>
    public virtual void ReadDone(bool acknowledged) { }

    /// <inheritdoc/>
    public virtual void RepeatedStart() { }

    /// <inheritdoc/>
    public virtual void Stop() { }
}
