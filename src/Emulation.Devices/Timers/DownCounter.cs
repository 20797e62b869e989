using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A counter that a clock decrements, and that tells when it reaches zero. Its value comes from absolute time.</summary>
internal sealed class DownCounter
{
    private readonly VirtualClock _clock;
    private readonly ulong _frequency;
    private readonly ClockTimer _timer;
    private ulong _anchor;
    private uint _value;
    private bool _running;

    /// <summary>Creates a counter that stands at zero.</summary>
    /// <param name="name">Shown in diagnostics.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="frequency">Hertz of the clock before <see cref="Divider"/>.</param>
    /// <param name="reachedZero">Called under the device lock when it reaches zero for the first time after <see cref="Set"/> or <see cref="Watch"/>.</param>
    public DownCounter(string name, VirtualClock clock, ulong frequency, Action reachedZero)
    {
        ArgumentOutOfRangeException.ThrowIfZero(frequency);
        (_clock, _frequency) = (clock, frequency);
        _timer = clock.CreateTimer(name, reachedZero);
    }

    /// <summary>What follows zero; null where the counter stops.</summary>
    public uint? Reload { get; set; }

    /// <summary>Clocks to a decrement.</summary>
    public uint Divider { get; set; } = 1;

    /// <summary>Whether it counts.</summary>
    public bool IsRunning => _running;

    /// <summary>The present value.</summary>
    public uint Value
    {
        get
        {
            ulong elapsed = Elapsed;
            if (elapsed <= _value)
                return _value - (uint)elapsed;
            return Reload is { } reload ? reload - (uint)((elapsed - _value - 1) % (reload + 1UL)) : 0;
        }
    }

    /// <summary>Sets the value, and runs or stops.</summary>
    public void Set(uint value, bool run)
    {
        (_value, _running, _anchor) = (value, run, _clock.Ticks(_frequency));
        Watch();
    }

    /// <summary>Tells of the next zero. Nobody is told of more than one, so that a short period costs nothing while its owner waits to be served.</summary>
    public void Watch()
    {
        ulong elapsed = Elapsed, period = (Reload ?? 0) + 1UL;
        ulong first = _value > 0 ? _value : period;
        ulong next = elapsed < first ? first : first + ((((elapsed - first) / period) + 1) * period);
        ulong at = _anchor + (next * Divider);
        if (_running && at >= _anchor && (elapsed < first || Reload is not null))
            _timer.Arm(VirtualClock.TimeOf(at, _frequency));
        else
            _timer.Disarm();
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_anchor);
        writer.Write(_value);
        writer.Write(_running);
        _timer.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote. Divider and reload value are the owner's to restore.</summary>
    public void Load(StateReader reader)
    {
        // the clock is loaded after the devices: it is not asked here
        _anchor = reader.ReadUInt64();
        _value = reader.ReadUInt32();
        _running = reader.ReadBoolean();
        _timer.Load(reader);
    }

    // a start that has not come yet, from a damaged state, is one of now
    private ulong Elapsed => _running && _clock.Ticks(_frequency) is var now && now > _anchor ? (now - _anchor) / Divider : 0;
}
