using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A buzzer without a driver at a pin: it sounds at the frequency at which the pin changes.</summary>
public sealed class Buzzer() : PinPart("pin")
{
    private long _rise = -1;
    private long _period;

    /// <summary>Rising edges so far.</summary>
    public long Cycles { get; private set; }

    /// <summary>Frequency of the present tone in hertz; 0 when there was no edge for longer than two periods, or 50 ms.</summary>
    public double Frequency
    {
        get
        {
            long quiet = Now - _rise;
            return _period == 0 || quiet > Math.Min(2 * _period, 50_000_000) ? 0 : VirtualClock.Second / (double)_period;
        }
    }

    /// <inheritdoc/>
    public override void PowerCycle() { }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write(_rise);
        writer.Write(_period);
        writer.Write(Cycles);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        _rise = reader.ReadInt64();
        _period = Math.Max(0, reader.ReadInt64());
        Cycles = reader.ReadInt64();
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Buzzer();

    /// <inheritdoc/>
    protected override void OnChanged(bool level)
    {
        if (!level)
            return;
        _period = _rise < 0 ? 0 : Now - _rise;
        _rise = Now;
        Cycles++;
    }
}
