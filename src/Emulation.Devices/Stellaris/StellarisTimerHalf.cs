using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A down counter of a <see cref="StellarisTimer"/>: half of it in 16-bit modes, all of it in 32-bit modes.</summary>
internal sealed class StellarisTimerHalf
{
    private const uint TimeOut = 1, CaptureMatch = 2, CaptureEvent = 4, ClockMatch = 8;
    private const ulong ClockCycles = 32_768;
    private readonly ClockCounter _counter;
    private readonly ClockCounter? _clock;
    private readonly ClockTimer _timer;
    private readonly Action<uint> _raised;
    private StellarisTimerMode _mode;
    private bool _enabled, _inverted, _observed = true;
    private uint _reload, _target, _from, _divisor = 1, _captured;
    private int _edges;

    public StellarisTimerHalf(string name, VirtualClock clock, ClockSignal signal, ClockSignal? rtc, Action<uint> raised)
    {
        _raised = raised;
        _timer = clock.CreateTimer(name, OnTimer);
        _counter = new ClockCounter(clock, signal, Watch);
        if (rtc is not null)
            _clock = new ClockCounter(clock, rtc, Watch);
        Signal = new PinSignal(name) { InputChanged = OnInput };
    }

    /// <summary>The CCP pin.</summary>
    public PinSignal Signal { get; }

    /// <summary>The half's 16 bits of GPTMTnILR.</summary>
    public uint Load { get; set; } = 0xffff;

    /// <summary>The half's 16 bits of GPTMTnMATCHR.</summary>
    public uint Match { get; set; } = 0xffff;

    /// <summary>What GPTMTnR shows.</summary>
    public uint Value => _mode switch
    {
        StellarisTimerMode.EdgeTime => _captured,
        StellarisTimerMode.Clock => unchecked(_from + (uint)((_clock?.Value ?? 0) / ClockCycles)),
        _ => Count,
    };

    private uint Count
    {
        get
        {
            if (_mode is StellarisTimerMode.EdgeCount or StellarisTimerMode.Off or StellarisTimerMode.Clock)
                return _from;
            ulong ticks = _counter.Value / _divisor;
            if (ticks <= _from)
                return _from - (uint)ticks;
            if (_mode == StellarisTimerMode.OneShot)
                return 0;
            return (uint)(_reload - ((ticks - _from - 1) % ((ulong)_reload + 1)));
        }
    }

    /// <summary>Takes the settings of the registers.</summary>
    public void Configure(StellarisTimerMode mode, bool enabled, uint load, uint match, uint divisor, int edges, bool inverted, bool observed, bool reload)
    {
        bool starts = enabled && (!_enabled || mode != _mode);
        bool again = starts || reload;
        if (again || divisor != _divisor || load != _reload || mode != _mode)
        {
            uint value = mode == StellarisTimerMode.Clock ? Value : Count;
            _from = again ? load : value;
            _counter.Set(0);
            _clock?.Set(0);
        }

        (_mode, _enabled, _reload, _target, _divisor, _edges, _inverted, _observed) = (mode, enabled, load, match, divisor, edges, inverted, observed);
        Watch();
        Output();
    }

    public void Reset()
    {
        (_mode, _enabled, _inverted, _observed, _reload, _target, _from, _divisor, _captured, _edges) = (StellarisTimerMode.Off, false, false, true, uint.MaxValue, uint.MaxValue, uint.MaxValue, 1, 0, 0);
        (Load, Match) = (0xffff, 0xffff);
        _counter.Reset();
        _clock?.Reset();
        _timer.Disarm();
        Signal.Drive(PinDrive.Floating);
    }

    public void Save(StateWriter writer)
    {
        writer.Write((int)_mode);
        writer.Write(_enabled);
        writer.Write(_inverted);
        writer.Write(_observed);
        foreach (uint value in (uint[])[_reload, _target, _from, _divisor, _captured, (uint)_edges, Load, Match])
            writer.Write(value);
        _counter.Save(writer);
        _clock?.Save(writer);
        _timer.Save(writer);
        Signal.Save(writer);
    }

    public void Load32(StateReader reader)
    {
        _mode = (StellarisTimerMode)reader.ReadInt32();
        if (!Enum.IsDefined(_mode))
            throw reader.Damaged("a timer has no such mode");
        _enabled = reader.ReadBoolean();
        _inverted = reader.ReadBoolean();
        _observed = reader.ReadBoolean();
        _reload = reader.ReadUInt32();
        _target = reader.ReadUInt32();
        _from = reader.ReadUInt32();
        _divisor = Math.Max(1, reader.ReadUInt32());
        _captured = reader.ReadUInt32();
        _edges = (int)reader.ReadUInt32() & 3;
        Load = reader.ReadUInt32() & 0xffff;
        Match = reader.ReadUInt32() & 0xffff;
        _counter.Load(reader);
        _clock?.Load(reader);
        _timer.Load(reader);
        Signal.Load(reader);
    }

    private bool Counts => _enabled && _mode is StellarisTimerMode.OneShot or StellarisTimerMode.Periodic or StellarisTimerMode.EdgeTime or StellarisTimerMode.Pwm;

    private void Watch()
    {
        bool counts = _enabled && Counts;
        if (counts)
            _counter.Start();
        else
            _counter.Stop();
        if (_enabled && _mode == StellarisTimerMode.Clock)
            _clock?.Start();
        else
            _clock?.Stop();
        _timer.Arm(counts ? _counter.TimeOf(NextEvent()) : _enabled && _mode == StellarisTimerMode.Clock ? NextClock() : long.MaxValue);
    }

    // cycles at which something is to be done
    private ulong NextEvent()
    {
        ulong ticks = _counter.Value / _divisor, period = (ulong)_reload + 1;
        ulong zero = ticks < _from ? _from : _from + ((((ticks - _from) / period) + 1) * period);
        switch (_mode)
        {
            case StellarisTimerMode.OneShot:
                return ticks <= _from ? Math.Max(1, _from) * (ulong)_divisor : ulong.MaxValue;
            case StellarisTimerMode.Periodic:
                return _observed ? zero * _divisor : ulong.MaxValue;
            case StellarisTimerMode.Pwm:
                // low from the match on, high again with the reload one tick after zero
                ulong match = _target > _reload ? ulong.MaxValue : zero - _target;
                if (match <= ticks)
                    match += period;
                ulong again = zero + 1;
                if (_target <= _reload && ticks + period >= again && again - period > ticks)
                    again -= period;
                return Math.Min(match, again);
            default:
                return ulong.MaxValue;
        }
    }

    private long NextClock()
    {
        if (_clock is null || _target <= Value)
            return long.MaxValue;
        return _clock.TimeOf((ulong)(_target - _from) * ClockCycles);
    }

    private void OnTimer()
    {
        switch (_mode)
        {
            case StellarisTimerMode.Pwm:
                Output();
                Watch();
                break;
            case StellarisTimerMode.Clock:
                _raised(ClockMatch);
                Watch();
                break;
            case StellarisTimerMode.OneShot or StellarisTimerMode.Periodic:
                if (_mode == StellarisTimerMode.OneShot)
                {
                    // stands at its start value again
                    _enabled = false;
                    _from = _reload;
                    _counter.Set(0);
                }

                Watch();
                _raised(TimeOut);
                break;
            default:
                break;
        }
    }

    private void Output()
    {
        if (_mode != StellarisTimerMode.Pwm)
            Signal.Drive(PinDrive.Floating);
        else
            Signal.Drive((_enabled && Count > _target) != _inverted);
    }

    // edges: 0 rising, 1 falling, 3 both
    private void OnInput()
    {
        if (!_enabled || _edges == 2 || (_edges == 0 && !Signal.Input) || (_edges == 1 && Signal.Input))
            return;
        if (_mode == StellarisTimerMode.EdgeTime)
        {
            _captured = Count;
            _raised(CaptureEvent);
        }
        else if (_mode == StellarisTimerMode.EdgeCount)
        {
            _from = _from == 0 ? _reload : _from - 1;
            if (_from != (_target & 0xffff))
                return;
            _enabled = false;
            _from = _reload;
            _raised(CaptureMatch);
        }
    }
}
