using Emulation.Core;

namespace Emulation.Devices;

/// <content>Flags, alarms, wake-up timer, tamper and time stamp; state.</content>
public sealed partial class Stm32Rtc
{
    private const uint AlarmA = 1 << 8, AlarmB = 1 << 9, WakeFlag = 1 << 10, Stamp = 1 << 11, StampOverrun = 1 << 12, Tamper1 = 1 << 13, Tamper2 = 1 << 14;
    private const uint Flags = AlarmA | AlarmB | WakeFlag | Stamp | StampOverrun | Tamper1 | Tamper2;
    private const uint WakeEnable = 1 << 10, StampEnable = 1 << 11;
    private uint _flags;
    private uint _controlBefore;
    private bool _statusLocked;
    private readonly bool[] _tamperInputs = new bool[2];
    private bool _stampInput;

    /// <summary>A tamper pin changes: 1 or 2.</summary>
    /// <param name="number">1 or 2.</param>
    /// <param name="level">High or low.</param>
    public void SetTamper(int number, bool level)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(number is 1 or 2, true);
        bool before = _tamperInputs[number - 1];
        _tamperInputs[number - 1] = level;
        int shift = (number - 1) * 3;
        bool enabled = (_tamper.Value >> shift & 1) != 0, falling = (_tamper.Value >> (shift + 1) & 1) != 0, filtered = (_tamper.Value >> 11 & 3) != 0;
        // without filter an edge, rising or falling; with one a level, low or high (26.6.17)
        if (!enabled || level == before || level != (filtered ? falling : !falling))
            return;
        _flags |= number == 1 ? Tamper1 : Tamper2;
        for (int i = 0; i < BackupCount; i++)
            _backup[i] = 0;
        if ((_tamper.Value & 0x80) != 0)
            TakeStamp();
        Update();
    }

    /// <summary>The time-stamp pin changes.</summary>
    /// <param name="level">High or low.</param>
    public void SetTimeStamp(bool level)
    {
        bool edge = level != _stampInput && level == ((_control.Value & 8) == 0);
        _stampInput = level;
        if (!edge || (_control.Value & StampEnable) == 0)
            return;
        TakeStamp();
        Update();
    }

    private void TakeStamp()
    {
        if ((_flags & Stamp) != 0)
        {
            _flags |= StampOverrun;
            return;
        }

        _flags |= Stamp;
        (uint time, uint date, uint subsecond) = Current();
        (_stampTime.Value, _stampDate.Value, _stampSubsecond.Value) = (time, date & 0xffff, subsecond);
    }

    private ulong ReadStatus()
    {
        long now = _clock.Now;
        uint value = _flags;
        value |= (_control.Value & AlarmA) == 0 && now >= _alarmWritableAt ? 1u : 0;
        value |= (_control.Value & AlarmB) == 0 && now >= _alarmWritableAt ? 2u : 0;
        value |= (_control.Value & WakeEnable) == 0 && now >= _wakeWritableAt ? 4u : 0;
        value |= Calendar(Cycles).Time.Year != 2000 ? 0x10u : 0;
        value |= _synchronized || (!_initializing && _synchronizedAt != 0 && now >= _synchronizedAt) ? 0x20u : 0;
        value |= _initializing && now >= _initializedAt ? 0x40u : 0;
        return value | (_initializing ? 0x80u : 0);
    }

    private void OnStatus()
    {
        _flags &= _statusWritten | ~Flags;
        if (!_statusLocked)
        {
            if ((_statusWritten & 0x20) == 0)
            {
                _synchronized = false;
                _synchronizedAt = _counter.TimeOf(_counter.Value + Synchronization);
            }

            SetInitialization((_statusWritten & 0x80) != 0);
        }

        Update();
    }

    private void OnControl()
    {
        uint control = (uint)_control.Value, changed = control ^ _controlBefore;
        _controlBefore = control;
        long soon = _counter.TimeOf(_counter.Value + Synchronization);
        if ((changed & (AlarmA | AlarmB)) != 0)
            _alarmWritableAt = soon;
        if ((changed & WakeEnable) != 0)
        {
            _wakeWritableAt = soon;
            if ((control & WakeEnable) != 0)
                StartWakeup();
            else
                _wakeup.Disarm();
        }

        Schedule();
        Update();
    }

    // 26.3.4: RTCCLK divided, or the seconds of the calendar, with or without 2^16 more
    private ulong WakeupCycles()
    {
        ulong reload = _wakeReload.Value + 1;
        int select = (int)_control.Value & 7;
        return select < 4 ? reload << (4 - select) : (reload + (select >= 6 ? 0x1_0000UL : 0)) * (ulong)Divider;
    }

    private void StartWakeup()
    {
        ulong cycles = WakeupCycles();
        if (((int)_control.Value & 4) != 0)
        {
            long inside = Cycles - Calendar(Cycles).SecondStart;
            cycles -= (ulong)Math.Clamp(inside, 0, Divider - 1);
        }

        _wakeup.Arm(cycles);
    }

    private void OnWakeup()
    {
        _flags |= WakeFlag;
        _wakeup.Extend(WakeupCycles());
        Update();
    }

    // While an alarm is on, each second of the calendar is looked at, and within one that fits the sub-seconds that do.
    private void Schedule()
    {
        if ((_control.Value & (AlarmA | AlarmB)) == 0 || _initializing)
        {
            _alarmTimer.Disarm();
            return;
        }

        long cycles = Cycles;
        (DateTime time, int weekday, uint subsecond, long start) = Calendar(cycles);
        long next = start + Divider;
        for (int alarm = 0; alarm < 2; alarm++)
        {
            if (IsOn(alarm) && Mask(alarm) != 0 && Fits(alarm, time, weekday) && NextSubsecond(alarm, subsecond) is { } sub)
                next = Math.Min(next, start + ((((long)_prescalers.Value & 0x7fff) - sub) * (((long)_prescalers.Value >> 16 & 0x7f) + 1)));
        }

        _alarmTimer.Arm(TimeOfCycle(next));
    }

    private void OnAlarmTimer()
    {
        long cycles = Cycles;
        (DateTime time, int weekday, uint subsecond, long start) = Calendar(cycles);
        for (int alarm = 0; alarm < 2; alarm++)
        {
            bool exact = Mask(alarm) == 0 ? cycles - start < Synchronization : ((subsecond ^ _alarmSubseconds[alarm]) & Mask(alarm)) == 0;
            if (IsOn(alarm) && exact && Fits(alarm, time, weekday))
                _flags |= alarm == 0 ? AlarmA : AlarmB;
        }

        Schedule();
        Update();
    }

    private bool IsOn(int alarm) => (_control.Value & (alarm == 0 ? AlarmA : AlarmB)) != 0;

    // the sub-second bits that are compared; 0 for an alarm at the beginning of a second
    private uint Mask(int alarm) => (1u << Math.Min(15, (int)(_alarmSubseconds[alarm] >> 24 & 0xf))) - 1;

    // sub-seconds count down
    private long? NextSubsecond(int alarm, uint present)
    {
        uint mask = Mask(alarm), wanted = (uint)_alarmSubseconds[alarm] & mask;
        long next = (present & ~mask) | wanted;
        if (next >= present)
            next -= (long)mask + 1;
        return next < 0 ? null : next;
    }

    private bool Fits(int alarm, DateTime time, int weekday)
    {
        uint value = (uint)_alarms[alarm], now = Time(time);
        bool seconds = (value & 0x80) != 0 || (value & 0x7f) == (now & 0x7f);
        bool minutes = (value & 0x8000) != 0 || (value >> 8 & 0x7f) == (now >> 8 & 0x7f);
        bool hours = (value & 0x80_0000) != 0 || (value >> 16 & 0x7f) == (now >> 16 & 0x7f);
        bool day = (value & 0x8000_0000) != 0
            || ((value & 0x4000_0000) != 0 ? (value >> 24 & 0xf) == (uint)weekday : (value >> 24 & 0x3f) == (Date(time, weekday) & 0x3f));
        return seconds && minutes && hours && day;
    }

    private void Update()
    {
        uint control = (uint)_control.Value;
        // the enables lie four bits above the flags' own
        Alarm.Set(((control >> 4) & _flags & (AlarmA | AlarmB)) != 0);
        Wakeup.Set(((control >> 4) & _flags & WakeFlag) != 0);
        TamperStamp.Set(((control >> 4) & _flags & Stamp) != 0 || ((_tamper.Value & 4) != 0 && (_flags & (Tamper1 | Tamper2)) != 0));
    }

    private void Clear()
    {
        _alarmTimer.Disarm();
        _wakeup.Disarm();
        _counter.Reset();
        _counter.Start();
        (_base, _baseWeekday, _zeroes, _anchor, _rawBase, _cycleBase) = (new DateTime(2000, 1, 1), 1, 0, 0, 0, 0);
        (_initializing, _initializedAt, _synchronizedAt, _alarmWritableAt, _wakeWritableAt, _synchronized, _latched) = (false, 0, 0, 0, 0, false, null);
        (_flags, _controlBefore, _keyStep, _shiftBack, _shiftSecond, _stampInput, _statusWritten, _statusLocked) = (0, 0, 0, 0, false, false, 0, false);
        Array.Clear(_tamperInputs);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_base.Ticks);
        writer.Write(_baseWeekday);
        writer.Write(_zeroes);
        writer.Write(_anchor);
        writer.Write(_rawBase);
        writer.Write(_cycleBase);
        foreach (long time in (long[])[_initializedAt, _synchronizedAt, _alarmWritableAt, _wakeWritableAt])
            writer.Write(time);
        foreach (bool flag in (bool[])[_initializing, _synchronized, _stampInput, _tamperInputs[0], _tamperInputs[1], _latched is not null])
            writer.Write(flag);
        (uint time0, uint date0, uint subsecond0) = _latched ?? default;
        foreach (uint value in (uint[])[time0, date0, subsecond0, _flags, _controlBefore])
            writer.Write(value);
        writer.Write(_keyStep);
        writer.Write(_kept is not null);
        writer.Write(_kept ?? []);
        _counter.Save(writer);
        _alarmTimer.Save(writer);
        _wakeup.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        long ticks = reader.ReadInt64();
        if (ticks < new DateTime(2000, 1, 1).Ticks || ticks >= new DateTime(2100, 1, 1).Ticks)
            throw reader.Damaged("the calendar has years 2000 to 2099");
        _base = new DateTime(ticks);
        _baseWeekday = reader.ReadInt32();
        _zeroes = reader.ReadUInt32() & 0x1f3f;
        (_anchor, _rawBase, _cycleBase) = (reader.ReadInt64(), reader.ReadUInt64(), reader.ReadInt64());
        (_initializedAt, _synchronizedAt, _alarmWritableAt, _wakeWritableAt) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        (_initializing, _synchronized, _stampInput) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_tamperInputs[0], _tamperInputs[1]) = (reader.ReadBoolean(), reader.ReadBoolean());
        bool latched = reader.ReadBoolean();
        (uint Time, uint Date, uint Subsecond) shadow = (reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        _latched = latched ? shadow : null;
        (_flags, _controlBefore, _keyStep) = (reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadInt32());
        bool kept = reader.ReadBoolean();
        byte[] registers = reader.ReadBytes().ToArray();
        _kept = kept ? registers : null;
        _counter.Load(reader);
        _alarmTimer.Load(reader);
        _wakeup.Load(reader);
    }
}
