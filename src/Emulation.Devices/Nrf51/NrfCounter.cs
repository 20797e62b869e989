using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The counter of an nRF51 TIMER or RTC: it wraps at a width, is cleared without losing a part of a cycle, and tells when it reaches values.</summary>
internal sealed class NrfCounter
{
    private readonly ClockCounter _raw;
    private readonly ClockTimer _timer;
    private readonly Func<ulong, ulong> _next;
    private readonly Action<ulong> _reached;
    private ulong _base;
    private ulong _handled;
    private ulong _target = ulong.MaxValue;
    private bool _busy;

    /// <summary>Creates it at 0.</summary>
    /// <param name="name">Of its timer.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="signal">What it counts.</param>
    /// <param name="next">How many counts from a value it is until something happens; <see cref="ulong.MaxValue"/> for never, at least 1.</param>
    /// <param name="reached">Something happens: the value, before it wraps.</param>
    public NrfCounter(string name, VirtualClock clock, ClockSignal signal, Func<ulong, ulong> next, Action<ulong> reached)
    {
        (_next, _reached) = (next, reached);
        _raw = new ClockCounter(clock, signal, OnClockChanged);
        _timer = clock.CreateTimer(name, OnTimer);
    }

    public bool IsRunning => _raw.IsRunning;

    /// <summary>The count since it was cleared, before it wraps.</summary>
    public ulong Value => _raw.Value - _base;

    public void Start()
    {
        if (_raw.IsRunning)
            return;
        _raw.Start();
        _handled = _raw.Value;
        Arm();
    }

    /// <summary>Stops; at the count that is being handled, if one is.</summary>
    public void Stop()
    {
        CatchUp();
        _raw.Stop();
        if (_busy)
            _raw.Set(_handled);
        Arm();
    }

    /// <summary>Continues at a value, from the beginning of the present cycle; from the count that is being handled, if one is.</summary>
    public void Set(ulong value)
    {
        CatchUp();
        if (!_busy)
            _handled = _raw.Value;
        _base = unchecked(_handled - value);
        Arm();
    }

    public void Reset()
    {
        _raw.Reset();
        _timer.Disarm();
        (_base, _handled, _target) = (0, 0, ulong.MaxValue);
    }

    /// <summary>What <c>next</c> answers has changed; what lies in the past has happened under the old answers.</summary>
    public void Settle()
    {
        CatchUp();
        if (!_busy)
            _handled = _raw.Value;
        Arm();
    }

    public void Save(StateWriter writer)
    {
        _raw.Save(writer);
        _timer.Save(writer);
        writer.Write(_base);
        writer.Write(_handled);
    }

    public void Load(StateReader reader)
    {
        _raw.Load(reader);
        _timer.Load(reader);
        _base = reader.ReadUInt64();
        _handled = reader.ReadUInt64();
        FindTarget();
    }

    private void OnTimer()
    {
        CatchUp();
        Arm();
    }

    private void OnClockChanged()
    {
        _handled = Math.Max(_handled, _raw.Value);
        Arm();
    }

    // one count after the other, also where the machine is late by a few
    private void CatchUp()
    {
        if (_busy)
            return;
        _busy = true;
        while (_raw.IsRunning && _target <= _raw.Value)
        {
            _handled = _target;
            _target = ulong.MaxValue;
            _reached(unchecked(_handled - _base));
            FindTarget();
        }

        _busy = false;
    }

    private void FindTarget()
    {
        ulong distance = _raw.IsRunning ? _next(unchecked(_handled - _base)) : ulong.MaxValue;
        _target = distance > ulong.MaxValue - _handled ? ulong.MaxValue : _handled + distance;
    }

    private void Arm()
    {
        if (_busy)
            return;
        FindTarget();
        _timer.Arm(_target == ulong.MaxValue ? long.MaxValue : _raw.TimeOf(_target));
    }
}
