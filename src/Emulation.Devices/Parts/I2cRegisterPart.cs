using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A part on an I²C bus with a file of registers of a byte: a write begins with the number of one, and every byte moves on to the next.</summary>
/// <param name="count">Registers; a power of two.</param>
public abstract class I2cRegisterPart(int count) : I2cPart
{
    private readonly byte[] _registers = new byte[count];
    private int _pointer;
    private bool _addressed;

    private int Mask => _registers.Length - 1;

    /// <inheritdoc/>
    public override I2cAck Start(int address, I2cDirection direction)
    {
        _addressed = direction == I2cDirection.Read;
        return true;
    }

    /// <inheritdoc/>
    public override I2cAck Write(byte value)
    {
        if (!_addressed)
        {
            (_pointer, _addressed) = (value & Mask, true);
            return true;
        }

        if (IsWritable(_pointer))
            _registers[_pointer] = value;
        _pointer = (_pointer + 1) & Mask;
        return true;
    }

    /// <inheritdoc/>
    public override I2cByte Read() => ReadRegister(_pointer);

    /// <inheritdoc/>
    public override void ReadDone(bool acknowledged) => _pointer = Next(_pointer) & Mask;

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        Array.Clear(_registers);
        (_pointer, _addressed) = (0, false);
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRaw(_registers);
        writer.Write(_pointer);
        writer.Write(_addressed);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadRaw(_registers);
        _pointer = reader.ReadInt32() & Mask;
        _addressed = reader.ReadBoolean();
    }

    /// <summary>What was written to a register.</summary>
    /// <param name="register">From 0.</param>
    protected byte Stored(int register) => _registers[register];

    /// <summary>What the controller reads.</summary>
    /// <param name="register">From 0.</param>
    protected virtual byte ReadRegister(int register) => _registers[register];

    /// <summary>Whether a register keeps what is written.</summary>
    /// <param name="register">From 0.</param>
    protected virtual bool IsWritable(int register) => true;

    /// <summary>The register that is read after another.</summary>
    /// <param name="register">From 0.</param>
    protected virtual int Next(int register) => register + 1;
}
