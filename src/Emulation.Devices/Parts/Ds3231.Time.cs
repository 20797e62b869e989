namespace Emulation.Devices;

// Registers of table 1, alarms of table 2, square wave of table 3.
public sealed partial class Ds3231
{
    private static int FromBcd(int value) => ((value >> 4) * 10) + (value & 15);

    private static byte ToBcd(int value) => (byte)((value / 10 << 4) | (value % 10));

    private static byte HourToRegister(int hour, bool isTwelveHour)
    {
        if (!isTwelveHour)
            return ToBcd(hour);
        return (byte)(0x40 | (hour >= 12 ? 0x20 : 0) | ToBcd(hour % 12 == 0 ? 12 : hour % 12));
    }

    private static int HourFromRegister(byte value)
        => (value & 0x40) == 0 ? FromBcd(value & 0x3f) % 24 : (FromBcd(value & 0x1f) % 12) + ((value & 0x20) != 0 ? 12 : 0);

    private void Fill(Span<byte> registers)
    {
        DateTime time = Time;
        int days = (int)(time.Date - _time.Date).TotalDays;
        registers[0] = ToBcd(time.Second);
        registers[1] = ToBcd(time.Minute);
        registers[2] = HourToRegister(time.Hour, _isTwelveHour);
        registers[3] = (byte)(((_weekday - 1 + days) % 7) + 1);
        registers[4] = ToBcd(time.Day);
        registers[5] = (byte)(ToBcd(time.Month) | (time.Year >= 2100 ? 0x80 : 0));
        registers[6] = ToBcd(time.Year % 100);
    }

    private void Latch() => Fill(_latch);

    private void WriteRegister(int index, byte value)
    {
        switch (index)
        {
            case < 7:
                WriteTime(index, value);
                break;
            case ControlRegister:
                // CONV stays set until the conversion is over
                bool starts = (value & 0x20) != 0 && (_registers[StatusRegister] & 4) == 0;
                _registers[ControlRegister] = (byte)((value & ~0x20) | (_registers[ControlRegister] & 0x20));
                if (starts)
                    BeginConversion(isForced: true);
                Update();
                break;
            case StatusRegister:
                // OSF, A2F and A1F can only be cleared
                int clear = _registers[StatusRegister] & value & 0x83;
                _registers[StatusRegister] = (byte)(clear | (value & 8) | (_registers[StatusRegister] & 4));
                Update();
                break;
            case AgingRegister:
                SetTime(Time, CurrentWeekday, restart: false);
                _registers[AgingRegister] = value;
                ArmSecond();
                break;
            case < ControlRegister:
                _registers[index] = value;
                break;
        }
    }

    private int CurrentWeekday => ((_weekday - 1 + (int)(Time.Date - _time.Date).TotalDays) % 7) + 1;

    private void WriteTime(int index, byte value)
    {
        Span<byte> registers = stackalloc byte[7];
        Fill(registers);
        registers[index] = value;
        if (index == 2)
            _isTwelveHour = (value & 0x40) != 0;
        // what is no time or date is undefined: here the nearest that is one
        int year = 2000 + Math.Min(99, FromBcd(registers[6])) + ((registers[5] & 0x80) != 0 ? 100 : 0);
        int month = Math.Clamp(FromBcd(registers[5] & 0x1f), 1, 12);
        int day = Math.Clamp(FromBcd(registers[4] & 0x3f), 1, DateTime.DaysInMonth(year, month));
        var time = new DateTime(year, month, day, HourFromRegister(registers[2]), Math.Min(59, FromBcd(registers[1] & 0x7f)), Math.Min(59, FromBcd(registers[0] & 0x7f)));
        // the seconds restart the countdown chain
        SetTime(time, Math.Clamp(registers[3] & 7, 1, 7), restart: index == 0);
        Latch();
    }

    private void SetTime(DateTime time, int weekday, bool restart)
    {
        long elapsed = ElapsedSeconds;
        _anchor = restart ? Now : _anchor + (elapsed * SecondLength);
        (_time, _weekday) = (new DateTime(time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second), weekday);
        ArmSecond();
    }

    private void ArmSecond() => _second?.Arm(_anchor + ((ElapsedSeconds + 1) * SecondLength));

    private void OnSecond()
    {
        if (Time.Year >= 2199 && Time.AddSeconds(2).Year > 2199)
            SetTime(new DateTime(2000, 1, 1), CurrentWeekday, restart: true);
        Span<byte> now = stackalloc byte[7];
        Fill(now);
        if (Matches(now, 0x07, 4))
            _registers[StatusRegister] |= 1;
        // the second alarm has no seconds
        if (now[0] == 0 && Matches(now, 0x0b, 3))
            _registers[StatusRegister] |= 2;
        if (--_secondsToConversion <= 0)
            BeginConversion(isForced: false);
        ArmSecond();
        Update();
    }

    // bit 7 of each alarm register: not compared; bit 6 of the last: day of the week
    private bool Matches(ReadOnlySpan<byte> now, int alarm, int count)
    {
        int first = 4 - count;
        for (int i = 0; i < count; i++)
        {
            byte wanted = _registers[alarm + i];
            if ((wanted & 0x80) != 0)
                continue;
            int field = first + i;
            bool equal = field switch
            {
                2 => HourFromRegister(wanted) == HourFromRegister(now[2]),
                3 => (wanted & 0x40) != 0 ? (wanted & 15) == now[3] : (wanted & 0x3f) == now[4],
                _ => wanted == now[field],
            };
            if (!equal)
                return false;
        }

        return true;
    }

    private void BeginConversion(bool isForced)
    {
        _secondsToConversion = ConversionSeconds;
        _registers[StatusRegister] |= 4;
        if (isForced)
            _registers[ControlRegister] |= 0x20;
        _conversion?.Arm(Now + ConversionTime);
    }

    private void OnConverted()
    {
        _registers[StatusRegister] &= 0xfb;
        _registers[ControlRegister] &= 0xdf;
        Convert();
    }

    private void Convert()
    {
        int quarters = (int)Math.Floor(_celsius * 4);
        (_registers[0x11], _registers[0x12]) = ((byte)(quarters >> 2), (byte)((quarters & 3) << 6));
    }

    private void Update()
    {
        int control = _registers[ControlRegister], status = _registers[StatusRegister];
        if ((control & 4) != 0)
        {
            _wave?.Disarm();
            InterruptPin.SetOpenDrain((control & status & 3) != 0);
            return;
        }

        if (_wave is { IsArmed: false })
            ArmWave();
    }

    private long WaveFrequency => (_registers[ControlRegister] >> 3 & 3) switch { 0 => 1, 1 => 1024, 2 => 4096, _ => 8192 };

    // half periods counted from the beginning of the second, so that nothing adds up
    private void ArmWave()
    {
        long rate = 2 * WaveFrequency, phase = Math.Max(0, Now - _anchor);
        long next = (long)((Int128)phase * rate / SecondLength) + 1;
        _wave?.Arm(_anchor + (long)((((Int128)next * SecondLength) + rate - 1) / rate));
    }

    private void OnWave()
    {
        _waveLevel = !_waveLevel;
        InterruptPin.SetOpenDrain(!_waveLevel);
        ArmWave();
    }
}
