using Emulation.Core;

namespace Emulation.Devices;

/// <content>The calendar: counted from absolute time.</content>
public sealed partial class Stm32Rtc
{
    private const long CalibrationCycles = 1 << 20;
    private DateTime _base = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
    private int _baseWeekday = 1;
    private uint _zeroes;
    private long _anchor;
    private ulong _rawBase;
    private long _cycleBase;
    private bool _initializing;
    private long _initializedAt, _synchronizedAt, _alarmWritableAt, _wakeWritableAt;
    private bool _synchronized;
    private (uint Time, uint Date, uint Subsecond)? _latched;
    private uint _shiftBack;
    private bool _shiftSecond;

    private long Divider => (((long)_prescalers.Value >> 16 & 0x7f) + 1) * (((long)_prescalers.Value & 0x7fff) + 1);

    // 26.3.11: of 2^20 cycles CALM are left out, and with CALP 512 are added
    private long CyclesPerCalibration => CalibrationCycles - ((long)_calibration.Value & 0x1ff) + ((_calibration.Value & 0x8000) != 0 ? 512 : 0);

    private long Cycles => _cycleBase + (long)((Int128)(_counter.Value - _rawBase) * CyclesPerCalibration / CalibrationCycles);

    private void Rebase() => (_cycleBase, _rawBase) = (Cycles, _counter.Value);

    // the raw count at which the calibrated one is reached
    private long TimeOfCycle(long cycle)
    {
        long ahead = Math.Max(0, cycle - _cycleBase);
        Int128 raw = (((Int128)ahead * CalibrationCycles) + CyclesPerCalibration - 1) / CyclesPerCalibration;
        return raw > long.MaxValue ? long.MaxValue : _counter.TimeOf(_rawBase + (ulong)raw);
    }

    private (DateTime Time, int Weekday, uint Subsecond, long SecondStart) Calendar(long cycles)
    {
        long divider = Divider, elapsed = _initializing ? 0 : cycles - _anchor;
        long seconds = Math.DivRem(elapsed, divider, out long rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + divider);
        DateTime time = Wrap(_base, seconds);
        long days = (long)Math.Floor((_base.TimeOfDay.TotalSeconds + seconds) / 86400);
        int weekday = (int)(((_baseWeekday - 1 + days) % 7 + 7) % 7) + 1;
        long sub = ((long)_prescalers.Value & 0x7fff) - (rest / (((long)_prescalers.Value >> 16 & 0x7f) + 1));
        return (time, weekday, (uint)sub, cycles - rest);
    }

    // the calendar has years 00 to 99
    private static DateTime Wrap(DateTime start, long seconds)
    {
        const long Century = 36525L * 86400;
        long total = ((start.Ticks - new DateTime(2000, 1, 1).Ticks) / TimeSpan.TicksPerSecond) + (seconds % Century);
        total = ((total % Century) + Century) % Century;
        return new DateTime(2000, 1, 1).AddSeconds(total);
    }

    private uint Time(DateTime time)
    {
        bool twelve = (_control.Value & 0x40) != 0;
        int hour = time.Hour;
        uint afternoon = 0;
        if (twelve)
        {
            afternoon = hour >= 12 ? 1u << 22 : 0;
            hour = hour % 12 == 0 ? 12 : hour % 12;
        }

        return afternoon | (Bcd(hour) << 16) | (Bcd(time.Minute) << 8) | Bcd(time.Second);
    }

    // a day or month 0 can be written, and stays until the calendar's day ends; vendors' time bases do so
    private uint Date(DateTime time, int weekday)
    {
        uint date = (Bcd(time.Year % 100) << 16) | ((uint)weekday << 13) | (Bcd(time.Month) << 8) | Bcd(time.Day);
        return time.Date == _base.Date ? date & ~_zeroes : date;
    }

    private void Move(DateTime time)
    {
        if (time.Date != _base.Date)
            _zeroes = 0;
        _base = time;
    }

    private static uint Bcd(int value) => ((uint)value / 10 << 4) | ((uint)value % 10);

    private static int Decimal(uint bcd) => (int)(((bcd >> 4) * 10) + (bcd & 0xf));

    private (uint Time, uint Date, uint Subsecond) Current()
    {
        (DateTime time, int weekday, uint subsecond, _) = Calendar(Cycles);
        return (Time(time), Date(time, weekday), subsecond);
    }

    // 26.3.6: reading the time or the sub-seconds holds the other shadow registers until the date is read
    private (uint Time, uint Date, uint Subsecond) Shadow()
        => (_control.Value & 0x20) != 0 ? Current() : _latched ??= Current();

    private ulong ReadTime() => Shadow().Time;

    private ulong ReadSubsecond() => Shadow().Subsecond;

    private ulong ReadDate()
    {
        uint date = Shadow().Date;
        _latched = null;
        return date;
    }

    private void LoadTime(uint value)
    {
        if (!IsInitialized("RTC_TR"))
            return;
        int hour = Decimal(value >> 16 & 0x3f);
        if ((_control.Value & 0x40) != 0)
            hour = (hour % 12) + ((value >> 22 & 1) != 0 ? 12 : 0);
        _base = _base.Date.AddHours(Math.Min(hour, 23)).AddMinutes(Math.Min(Decimal(value >> 8 & 0x7f), 59)).AddSeconds(Math.Min(Decimal(value & 0x7f), 59));
    }

    private void LoadDate(uint value)
    {
        if (!IsInitialized("RTC_DR"))
            return;
        int year = 2000 + Math.Min(Decimal(value >> 16 & 0xff), 99), month = Math.Clamp(Decimal(value >> 8 & 0x1f), 1, 12);
        _base = new DateTime(year, month, Math.Clamp(Decimal(value & 0x3f), 1, DateTime.DaysInMonth(year, month))) + _base.TimeOfDay;
        _baseWeekday = Math.Max(1, (int)(value >> 13 & 7));
        _zeroes = ((value & 0x1f00) == 0 ? 0x1f00u : 0) | ((value & 0x3f) == 0 ? 0x3fu : 0);
    }

    private bool IsInitialized(string register)
    {
        if (_initializing && _clock.Now >= _initializedAt)
            return true;
        Log.Error(Name, $"{register} is written outside initialization mode");
        return false;
    }

    private void SetInitialization(bool on)
    {
        if (on == _initializing)
            return;
        if (on)
        {
            (DateTime now, _baseWeekday, _, _) = Calendar(Cycles);
            Move(now);
            _initializedAt = _counter.TimeOf(_counter.Value + Synchronization);
        }
        else
        {
            _anchor = Cycles;
            _synchronized = false;
            _synchronizedAt = _counter.TimeOf(_counter.Value + Synchronization);
        }

        _initializing = on;
        _latched = null;
        Schedule();
    }

    private void ShiftHour(uint bits)
    {
        if (bits != 0 && !_initializing)
            Move(Wrap(_base, (bits & 1) != 0 ? 3600 : -3600));
        Schedule();
    }

    // 26.6.10: the clock is put back by a fraction of a second, and on by one
    private void Shift()
    {
        _anchor += _shiftBack * (((long)_prescalers.Value >> 16 & 0x7f) + 1);
        if (_shiftSecond)
            _anchor -= Divider;
        (_shiftBack, _shiftSecond) = (0, false);
        _latched = null;
        Schedule();
    }
}
