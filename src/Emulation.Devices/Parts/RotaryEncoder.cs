using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A rotary encoder with two contacts to ground and pull-ups: quadrature, four edges per step.</summary>
public sealed class RotaryEncoder : Part
{
    private ClockTimer? _timer;
    private int _phase;
    private int _left;
    private long _interval = 1_000_000;
    private long _next;

    /// <summary>Creates an encoder at rest: both contacts open.</summary>
    public RotaryEncoder() => (A, B) = (AddTerminal("A"), AddTerminal("B"));

    /// <summary>The contact that leads when it is turned clockwise.</summary>
    public Terminal A { get; }

    /// <summary>The other contact.</summary>
    public Terminal B { get; }

    /// <summary>Quarter steps so far, clockwise positive.</summary>
    public int Position => _phase;

    /// <summary>Turns the knob from now on; the machine has to run for it to move.</summary>
    /// <param name="steps">Whole steps, clockwise positive.</param>
    /// <param name="perStep">Virtual time of each.</param>
    public void Turn(int steps, TimeSpan perStep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(perStep, TimeSpan.Zero);
        _left = checked(4 * steps);
        _interval = perStep.Ticks * 100 / 4;
        _next = Site.Clock.Now + _interval;
        Arm();
    }

    /// <inheritdoc/>
    public override void PowerCycle() { }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        writer.Write(_phase);
        writer.Write(_left);
        writer.Write(_interval);
        writer.Write(_next);
        _timer!.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        _phase = reader.ReadInt32();
        _left = reader.ReadInt32();
        _interval = Math.Max(1, reader.ReadInt64());
        _next = reader.ReadInt64();
        _timer!.Load(reader);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new RotaryEncoder();

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        _timer = CreateTimer("knob", OnTimer);
        Drive();
    }

    private void Arm() => _timer?.Arm(_left == 0 ? long.MaxValue : _next);

    private void OnTimer()
    {
        int step = Math.Sign(_left);
        _phase = unchecked(_phase + step);
        _left -= step;
        _next += _interval;
        Drive();
        Arm();
    }

    private void Drive()
    {
        // Gray code: 00, A, AB, B
        int quarter = _phase & 3;
        A.Set(quarter is 1 or 2 ? PinDrive.Low : PinDrive.PullUp);
        B.Set(quarter is 2 or 3 ? PinDrive.Low : PinDrive.PullUp);
    }
}
