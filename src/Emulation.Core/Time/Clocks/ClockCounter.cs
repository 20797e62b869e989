namespace Emulation.Core;

/// <summary>Counts the cycles of a clock, exactly from absolute time, also across changes of the clock.</summary>
/// <remarks>
/// The counter is a value and the moment since which it has been counting; its present value is computed, so it costs nothing while nobody looks.
/// Where the clock changes, it is anchored anew; at most the begun cycle is lost, as in a glitch-free clock switch. Used under the device lock.
/// </remarks>
public sealed class ClockCounter
{
    private readonly VirtualClock _clock;
    private readonly ClockSignal _signal;
    private readonly Action? _changed;
    private Frequency _frequency;
    private ulong _value;
    private long _since;
    private bool _running;

    /// <summary>Creates a counter that stands at 0.</summary>
    /// <param name="clock">The machine's time.</param>
    /// <param name="signal">What it counts.</param>
    /// <param name="changed">Called after the frequency changed: deadlines computed before are void.</param>
    public ClockCounter(VirtualClock clock, ClockSignal signal, Action? changed = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(signal);
        (_clock, _signal, _changed) = (clock, signal, changed);
        _frequency = signal.Frequency;
        signal.Changed += OnChanged;
    }

    /// <summary>What it counts.</summary>
    public ClockSignal Signal => _signal;

    /// <summary>Whether it is started; it counts while the clock runs too.</summary>
    public bool IsRunning => _running;

    /// <summary>The present count, in cycles.</summary>
    public ulong Value => At(_clock.Now);

    /// <summary>The count at a time not before the last change of the counter or its clock.</summary>
    /// <param name="time">Virtual time in nanoseconds.</param>
    public ulong At(long time) => _running ? unchecked(_value + _frequency.CyclesIn(time - _since)) : _value;

    /// <summary>Sets the count; it goes on from there if it runs.</summary>
    /// <param name="value">Cycles.</param>
    public void Set(ulong value)
    {
        _value = value;
        _since = _clock.Now;
    }

    /// <summary>Begins or goes on to count.</summary>
    public void Start()
    {
        if (_running)
            return;
        _running = true;
        _since = _clock.Now;
    }

    /// <summary>Stops; the count stays.</summary>
    public void Stop()
    {
        _value = Value;
        _running = false;
    }

    /// <summary>The earliest time at which the count is at least <paramref name="value"/>, in nanoseconds of virtual time; <see cref="long.MaxValue"/> when it does not get there.</summary>
    /// <param name="value">Cycles; one that was reached already gives the time at which it was, or the time of the last change.</param>
    public long TimeOf(ulong value)
    {
        if (value <= _value)
            return _since;
        long passed = _running ? _frequency.TimeOf(value - _value) : long.MaxValue;
        return passed > long.MaxValue - _since ? long.MaxValue : _since + passed;
    }

    /// <summary>Stops it at 0.</summary>
    public void Reset() => (_value, _since, _running, _frequency) = (0, 0, false, _signal.Frequency);

    /// <summary>Writes its state.</summary>
    /// <param name="writer">The owner's section.</param>
    public void Save(StateWriter writer)
    {
        writer.Write(_value);
        writer.Write(_since);
        writer.Write(_running);
        writer.Write(_frequency.Numerator);
        writer.Write(_frequency.Denominator);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">The owner's section.</param>
    public void Load(StateReader reader)
    {
        _value = reader.ReadUInt64();
        _since = reader.ReadInt64();
        _running = reader.ReadBoolean();
        (ulong numerator, ulong denominator) = (reader.ReadUInt64(), reader.ReadUInt64());
        if (denominator == 0)
            throw reader.Damaged("a counter's frequency is divided by 0");
        _frequency = new Frequency(numerator, denominator);
    }

    private void OnChanged()
    {
        if (_running)
            Set(Value);
        _frequency = _signal.Frequency;
        _changed?.Invoke();
    }
}
