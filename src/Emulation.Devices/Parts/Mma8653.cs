using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Accelerometer NXP MMA8653FC, at I²C address 0x1d. MMA8653FC data sheet, "Register descriptions".</summary>
/// <remarks>Values of 10 bits in the range of XYZ_DATA_CFG; motion, orientation and interrupts are not modelled: their registers keep what is written.</remarks>
public sealed class Mma8653() : I2cRegisterPart(0x40)
{
    private const int Status = 0x00;
    private const int WhoAmI = 0x0d;
    private const int Range = 0x0e;
    private const int Control1 = 0x2a;
    private const byte Active = 1;
    private const byte FastRead = 2;

    /// <summary>Acceleration along x in thousandths of g.</summary>
    public int X { get; set; }

    /// <summary>Acceleration along y in thousandths of g.</summary>
    public int Y { get; set; }

    /// <summary>Acceleration along z in thousandths of g; at rest with the LEDs up, -1 g on the micro:bit.</summary>
    public int Z { get; set; } = -1000;

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write(X);
        writer.Write(Y);
        writer.Write(Z);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        X = reader.ReadInt32();
        Y = reader.ReadInt32();
        Z = reader.ReadInt32();
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Mma8653();

    /// <inheritdoc/>
    protected override bool IsWritable(int register) => register > WhoAmI;

    /// <inheritdoc/>
    protected override int Next(int register)
    {
        // with fast reads the low bytes are left out; behind the last axis it goes on with the status
        bool fast = (Stored(Control1) & FastRead) != 0;
        return register switch { 1 or 3 when fast => register + 2, 5 when fast => Status, 6 => Status, _ => register + 1 };
    }

    /// <inheritdoc/>
    protected override byte ReadRegister(int register)
    {
        const byte DataReady = 0x0f, Identification = 0x5a;
        bool active = (Stored(Control1) & Active) != 0;
        return register switch
        {
            Status => active ? DataReady : (byte)0,
            1 or 2 => Axis(X, register),
            3 or 4 => Axis(Y, register),
            5 or 6 => Axis(Z, register),
            0x0b => (byte)(active ? 1 : 0),
            WhoAmI => Identification,
            _ => Stored(register),
        };
    }

    // 10 bits, left-aligned in two bytes; 256, 128 or 64 counts per g
    private byte Axis(int milli, int register)
    {
        int counts = Math.Clamp((int)((long)milli * (256 >> (Stored(Range) & 3)) / 1000), -512, 511) << 6;
        return (byte)((register & 1) != 0 ? counts >> 8 : counts);
    }
}
