using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Magnetometer NXP MAG3110, at I²C address 0x0e. MAG3110 data sheet, "Register descriptions".</summary>
/// <remarks>Output rates are not modelled: data is always ready while it is active, and in standby after a triggered measurement.</remarks>
public sealed class Mag3110() : I2cRegisterPart(0x20)
{
    private const int Status = 0x00;
    private const int WhoAmI = 0x07;
    private const int SystemMode = 0x08;
    private const int OffsetX = 0x09;
    private const int Temperature = 0x0f;
    private const int Control1 = 0x10;

    /// <summary>Field along x in tenths of a microtesla.</summary>
    public int X { get; set; }

    /// <summary>Field along y in tenths of a microtesla.</summary>
    public int Y { get; set; }

    /// <summary>Field along z in tenths of a microtesla.</summary>
    public int Z { get; set; }

    /// <summary>Temperature of the die in degrees Celsius.</summary>
    public int Celsius { get; set; } = 25;

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write(X);
        writer.Write(Y);
        writer.Write(Z);
        writer.Write(Celsius);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        X = reader.ReadInt32();
        Y = reader.ReadInt32();
        Z = reader.ReadInt32();
        Celsius = reader.ReadInt32();
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Mag3110();

    /// <inheritdoc/>
    protected override bool IsWritable(int register) => register is >= OffsetX and < Temperature or Control1 or Control1 + 1;

    /// <inheritdoc/>
    protected override byte ReadRegister(int register)
    {
        const byte DataReady = 0x0f, Identification = 0xc4;
        bool active = (Stored(Control1) & 3) != 0;
        return register switch
        {
            Status => active ? DataReady : (byte)0,
            1 or 2 => Half(X, register),
            3 or 4 => Half(Y, register),
            5 or 6 => Half(Z, register),
            WhoAmI => Identification,
            SystemMode => (byte)(active ? 2 : 0),
            Temperature => (byte)Celsius,
            _ => Stored(register),
        };
    }

    private static byte Half(int value, int register)
    {
        short counts = (short)Math.Clamp(value, short.MinValue, short.MaxValue);
        return (byte)((register & 1) != 0 ? counts >> 8 : counts);
    }
}
