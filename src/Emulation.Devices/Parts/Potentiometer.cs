using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A potentiometer between supply and ground whose wiper is at a pin.</summary>
/// <param name="supplyMillivolts">Voltage at its upper end.</param>
public sealed class Potentiometer(int supplyMillivolts = 3300) : PinPart("wiper")
{
    private double _position;

    /// <summary>Position of the wiper: 0 at ground to 1 at the supply.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside.</exception>
    public double Position
    {
        get => _position;
        set
        {
            if (value is not (>= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(value), value, "a potentiometer turns from 0 to 1");
            _position = value;
            Drive();
        }
    }

    /// <summary>Voltage at the wiper.</summary>
    public int Millivolts => (int)Math.Round(_position * supplyMillivolts);

    /// <inheritdoc/>
    public override void PowerCycle() { }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write(BitConverter.DoubleToInt64Bits(_position));
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        double position = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        if (position is not (>= 0 and <= 1))
            throw reader.Damaged("position of a potentiometer out of range");
        _position = position;
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Potentiometer(supplyMillivolts);

    /// <inheritdoc/>
    protected override void OnJoined() => Drive();

    private void Drive() => Line.SetVoltage(Millivolts);
}
