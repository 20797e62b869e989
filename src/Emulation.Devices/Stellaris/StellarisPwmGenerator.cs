using Emulation.Core;

namespace Emulation.Devices;

/// <summary>One generator of a <see cref="StellarisPwm"/>: a counter, two comparators, two outputs and their dead band.</summary>
internal sealed class StellarisPwmGenerator
{
    private const uint Zero = 1, Top = 2, AUp = 4, ADown = 8, BUp = 16, BDown = 32;
    private readonly ClockCounter _counter;
    private readonly ClockTimer _timer;
    private readonly CycleTimer _rise, _fall;
    private readonly Action _changed, _triggered;
    private readonly Register _control, _load, _actionsA, _actionsB, _deadBand, _riseDelay, _fallDelay, _enable;
    private readonly Register[] _compare = new Register[2];
    private readonly bool[] _raw = new bool[2], _delayed = new bool[2];
    private uint _top, _a, _b, _flags;
    private bool _started, _updates;
    private ulong _done;

    public StellarisPwmGenerator(string name, VirtualClock clock, ClockSignal signal, RegisterMap registers, ulong at, Action changed, Action triggered)
    {
        (_changed, _triggered) = (changed, triggered);
        _timer = clock.CreateTimer($"{name} event", OnEvent);
        _counter = new ClockCounter(clock, signal, Watch);
        _rise = new CycleTimer($"{name} rise", clock, signal, () => Delayed(0));
        _fall = new CycleTimer($"{name} fall", clock, signal, () => Delayed(1));
        _control = registers.Define(at, "PWMnCTL").Flag(0, "ENABLE").Flag(1, "MODE").Flag(2, "DEBUG").Bits(5, 3, "CMPBUPD, CMPAUPD, LOADUPD").Ignored(31, 6).Then(OnControl);
        _enable = registers.Define(at + 0x04, "PWMnINTEN").Bits(5, 0, "INT").Ignored(7, 6).Bits(13, 8, "TR").Ignored(31, 14).Then(() => _changed());
        registers.Define(at + 0x08, "PWMnRIS", access: RegisterAccess.ReadOnly).Bits(5, 0, "raw", FieldMode.ReadOnly, read: () => _flags).Reserved(31, 6);
        registers.Define(at + 0x0c, "PWMnISC").Bits(5, 0, "masked", read: () => _flags & _enable!.Value, write: v => _flags &= ~(uint)v).Ignored(31, 6).Then(() => _changed());
        _load = registers.Define(at + 0x10, "PWMnLOAD").Bits(15, 0, "LOAD").Ignored(31, 16).Then(OnSetting);
        registers.Define(at + 0x14, "PWMnCOUNT", access: RegisterAccess.ReadOnly).Bits(15, 0, "COUNT", FieldMode.ReadOnly, read: () => Count(_counter.Value)).Reserved(31, 16);
        _compare[0] = registers.Define(at + 0x18, "PWMnCMPA").Bits(15, 0, "COMPA").Ignored(31, 16).Then(OnSetting);
        _compare[1] = registers.Define(at + 0x1c, "PWMnCMPB").Bits(15, 0, "COMPB").Ignored(31, 16).Then(OnSetting);
        _actionsA = registers.Define(at + 0x20, "PWMnGENA").Bits(11, 0, "ACT").Ignored(31, 12);
        _actionsB = registers.Define(at + 0x24, "PWMnGENB").Bits(11, 0, "ACT").Ignored(31, 12);
        _deadBand = registers.Define(at + 0x28, "PWMnDBCTL").Flag(0, "ENABLE").Ignored(31, 1).Then(() => Drive());
        _riseDelay = registers.Define(at + 0x2c, "PWMnDBRISE").Bits(11, 0, "RISEDELAY").Ignored(31, 12);
        _fallDelay = registers.Define(at + 0x30, "PWMnDBFALL").Bits(11, 0, "FALLDELAY").Ignored(31, 12);
    }

    /// <summary>Whether an enabled flag is up.</summary>
    public bool Interrupts => (_flags & _enable.Value & 0x3f) != 0;

    private bool Enabled => (_control.Value & 1) != 0;

    private bool UpDown => (_control.Value & 2) != 0;

    private ulong Period => UpDown ? Math.Max(1, 2 * (ulong)_top) : (ulong)_top + 1;

    /// <summary>Level of an output behind the dead band.</summary>
    /// <param name="index">0 for A, 1 for B.</param>
    public bool Output(int index) => (_deadBand.Value & 1) != 0 ? _delayed[index] : _raw[index];

    /// <summary>GLOBALSYNC: settings that wait for it are taken the next time that the counter is zero.</summary>
    public void RequestUpdate()
    {
        _updates = true;
        if (!Enabled)
            Take(all: true);
    }

    /// <summary>SYNC: the counter is set to zero.</summary>
    public void Restart()
    {
        if (!Enabled)
            return;
        Take(all: false);
        _counter.Set(Begin);
        _done = Begin;
        Watch();
    }

    public void Reset()
    {
        _counter.Reset();
        _timer.Disarm();
        _rise.Disarm();
        _fall.Disarm();
        (_top, _a, _b, _flags, _started, _updates, _done) = (0, 0, 0, 0, false, false, 0);
        Array.Clear(_raw);
        Array.Clear(_delayed);
    }

    public void Save(StateWriter writer)
    {
        foreach (uint value in (uint[])[_top, _a, _b, _flags])
            writer.Write(value);
        foreach (bool value in (bool[])[_started, _updates, .. _raw, .. _delayed])
            writer.Write(value);
        writer.Write(_done);
        _counter.Save(writer);
        _timer.Save(writer);
        _rise.Save(writer);
        _fall.Save(writer);
    }

    public void Load(StateReader reader)
    {
        (_top, _a, _b, _flags) = (reader.ReadUInt32() & 0xffff, reader.ReadUInt32() & 0xffff, reader.ReadUInt32() & 0xffff, reader.ReadUInt32() & 0x3f);
        (_started, _updates, _raw[0], _raw[1], _delayed[0], _delayed[1])
            = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        _done = reader.ReadUInt64();
        _counter.Load(reader);
        _timer.Load(reader);
        _rise.Load(reader);
        _fall.Load(reader);
    }

    // Phases count from the load in down mode, from zero in up/down mode. The counter of a generator begins at zero: in down mode that is the last phase.
    private ulong Begin => UpDown ? 0 : Period - 1;

    private uint Count(ulong passed)
    {
        ulong phase = passed % Period;
        if (!_started)
            return 0;
        return !UpDown ? (uint)(_top - phase) : phase <= _top ? (uint)phase : (uint)((2 * (ulong)_top) - phase);
    }

    private void OnControl()
    {
        if (Enabled && !_started)
        {
            Take(all: true);
            _started = true;
            _counter.Set(Begin);
            _done = Begin;
        }

        _started = Enabled;
        Watch();
    }

    private void OnSetting()
    {
        if (!Enabled)
            Take(all: true);
    }

    // LOADUPD, CMPAUPD and CMPBUPD: clear takes a setting at the next zero, set waits for GLOBALSYNC too
    private void Take(bool all)
    {
        ulong held = all || _updates ? 0 : _control.Value;
        if ((held & 8) == 0)
            _top = (uint)_load.Value;
        if ((held & 16) == 0)
            _a = (uint)_compare[0].Value;
        if ((held & 32) == 0)
            _b = (uint)_compare[1].Value;
        _updates = false;
    }

    private void Watch()
    {
        if (Enabled && _top > 0)
            _counter.Start();
        else
            _counter.Stop();
        _timer.Arm(Enabled && _top > 0 ? _counter.TimeOf(NextEvent()) : long.MaxValue);
    }

    // the first phase after the last handled one at which something happens
    private ulong NextEvent()
    {
        ulong period = Period, phase = _done % period, start = _done - phase, next = ulong.MaxValue;
        foreach (ulong at in UpDown
            ? (ReadOnlySpan<ulong>)[0, _top, _a, (2 * (ulong)_top) - Math.Min(_a, _top), _b, (2 * (ulong)_top) - Math.Min(_b, _top)]
            : [0, _top, _top - Math.Min(_a, _top), _top - Math.Min(_b, _top)])
        {
            ulong folded = at % period;
            ulong time = start + folded;
            if (folded <= phase)
                time += period;
            next = Math.Min(next, time);
        }

        return next;
    }

    private void OnEvent()
    {
        _done = NextEvent();
        ulong phase = _done % Period;
        bool up = UpDown && phase < _top;
        uint count = Count(_done), events = 0;
        if (count == 0)
            events |= Zero;
        if (count == _top)
            events |= Top;
        if (count == _a)
            events |= up ? AUp : ADown;
        if (count == _b)
            events |= up ? BUp : BDown;
        Act(0, _actionsA.Value, events);
        Act(1, _actionsB.Value, events);
        _flags |= events;
        if (count == 0)
        {
            // a new period begins: in down mode the counter goes on with the load
            uint before = _top;
            Take(all: false);
            if (before != _top)
            {
                _counter.Set(Begin);
                _done = Begin;
            }
        }

        Watch();
        Drive();
        if ((events & (uint)(_enable.Value >> 8)) != 0)
            _triggered();
    }

    // actions of comparators win over those of load, and those over zero (PWMnGENA)
    private void Act(int output, ulong actions, uint events)
    {
        foreach ((uint flag, int shift) in (ReadOnlySpan<(uint, int)>)[(Zero, 0), (Top, 2), (AUp, 4), (ADown, 6), (BUp, 8), (BDown, 10)])
        {
            if ((events & flag) == 0)
                continue;
            _raw[output] = (actions >> shift & 3) switch { 1 => !_raw[output], 2 => false, 3 => true, _ => _raw[output] };
        }
    }

    // the first output makes both: A rises late, and B, its inverse, does after A fell
    private void Drive()
    {
        if ((_deadBand.Value & 1) != 0)
        {
            Follow(0, _raw[0], _rise, _riseDelay.Value);
            Follow(1, !_raw[0], _fall, _fallDelay.Value);
        }
        else
        {
            _rise.Disarm();
            _fall.Disarm();
            (_delayed[0], _delayed[1]) = (_raw[0], _raw[1]);
        }

        _changed();
    }

    private void Follow(int index, bool level, CycleTimer timer, ulong delay)
    {
        if (!level || delay == 0)
        {
            timer.Disarm();
            _delayed[index] = level;
        }
        else if (!_delayed[index] && !timer.IsArmed)
        {
            timer.Arm(delay);
        }
    }

    private void Delayed(int index)
    {
        _delayed[index] = true;
        _changed();
    }
}
