using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Real-time clock DS3231 with two alarms, square wave and thermometer, usually at 0x68. Maxim 19-5170.</summary>
/// <remarks>
/// Time is the virtual clock's from a start that is given; the aging register changes its rate by 0.1 ppm per step. The battery keeps it over a power cycle: see
/// <see cref="RemoveBattery"/>. The 32 kHz output is not driven.
/// </remarks>
public sealed partial class Ds3231 : I2cPart
{
    private const int RegisterCount = 0x13, ControlRegister = 0x0e, StatusRegister = 0x0f, AgingRegister = 0x10;
    private const long ConversionTime = 125_000_000;
    private const int ConversionSeconds = 64;

    private readonly DateTime _start;
    private readonly byte[] _registers = new byte[RegisterCount];
    private readonly byte[] _latch = new byte[7];
    private ClockTimer? _second;
    private ClockTimer? _wave;
    private ClockTimer? _conversion;
    private DateTime _time;
    private long _anchor;
    private int _weekday;
    private bool _isTwelveHour;
    private int _pointer;
    private bool _expectsPointer;
    private bool _isReading;
    private bool _waveLevel;
    private int _secondsToConversion = ConversionSeconds;
    private double _celsius = 25;

    /// <summary>Creates a clock that was set before.</summary>
    /// <param name="start">Its time when it is attached, from 2000 to 2199; fractions of a second are dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException">The year is outside.</exception>
    public Ds3231(DateTime start)
    {
        if (start.Year is < 2000 or > 2199)
            throw new ArgumentOutOfRangeException(nameof(start), start, "a DS3231 knows the years 2000 to 2199");
        _start = new DateTime(start.Year, start.Month, start.Day, start.Hour, start.Minute, start.Second, DateTimeKind.Unspecified);
        InterruptPin = AddTerminal("INT#/SQW");
        SetPowerOn();
        (_time, _weekday) = (_start, (int)_start.DayOfWeek + 1);
        // set before: the oscillator has not stopped since
        _registers[StatusRegister] = 0x08;
    }

    /// <summary>Interrupt or square wave output, open drain.</summary>
    public Terminal InterruptPin { get; }

    /// <summary>Its time now.</summary>
    public DateTime Time
    {
        get => _time.AddSeconds(ElapsedSeconds);
        set
        {
            if (value.Year is < 2000 or > 2199)
                throw new ArgumentOutOfRangeException(nameof(value), value, "a DS3231 knows the years 2000 to 2199");
            SetTime(value, (int)value.DayOfWeek + 1, restart: true);
        }
    }

    /// <summary>Temperature in degrees Celsius; the firmware sees it after the next conversion, of which there is one every 64 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a number from -128 to 127.75.</exception>
    public double Celsius
    {
        get => _celsius;
        set
        {
            if (value is not (>= -128 and <= 127.75))
                throw new ArgumentOutOfRangeException(nameof(value), value, "a DS3231 measures from -128 to 127.75");
            _celsius = value;
            if (!IsAttached)
                Convert();
        }
    }

    private long SecondLength => VirtualClock.Second + ((sbyte)_registers[AgingRegister] * 100);

    private long ElapsedSeconds => Math.Max(0, (Now - _anchor) / SecondLength);

    /// <inheritdoc/>
    public override I2cAck Start(int address, I2cDirection direction)
    {
        _isReading = direction == I2cDirection.Read;
        _expectsPointer = !_isReading;
        Latch();
        return true;
    }

    /// <inheritdoc/>
    public override I2cAck Write(byte value)
    {
        if (_isReading)
            return false;
        if (_expectsPointer)
        {
            (_pointer, _expectsPointer) = (value % RegisterCount, false);
            return true;
        }

        WriteRegister(_pointer, value);
        Advance();
        return true;
    }

    /// <inheritdoc/>
    public override I2cByte Read() => _pointer < 7 ? _latch[_pointer] : _registers[_pointer];

    /// <inheritdoc/>
    public override void ReadDone(bool acknowledged) => Advance();

    /// <summary>The battery keeps it: nothing but the bus interface begins anew.</summary>
    public override void PowerCycle() => (_expectsPointer, _isReading) = (false, false);

    /// <summary>Fault: neither supply nor battery for a moment. Time begins at 1 January 2000, and OSF tells it.</summary>
    public void RemoveBattery()
    {
        SetPowerOn();
        (_registers[StatusRegister], _isTwelveHour) = (0x88, false);
        SetTime(new DateTime(2000, 1, 1), 1, restart: true);
        Convert();
        Update();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        _second!.Save(writer);
        _wave!.Save(writer);
        _conversion!.Save(writer);
        InterruptPin.Save(writer);
        writer.WriteRaw(_registers);
        writer.WriteRaw(_latch);
        writer.Write(_time.Ticks);
        writer.Write(_anchor);
        writer.Write(_weekday);
        writer.Write(_pointer);
        writer.Write(_secondsToConversion);
        writer.Write(BitConverter.DoubleToInt64Bits(_celsius));
        foreach (bool value in (ReadOnlySpan<bool>)[_isTwelveHour, _expectsPointer, _isReading, _waveLevel])
            writer.Write(value);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        _second!.Load(reader);
        _wave!.Load(reader);
        _conversion!.Load(reader);
        InterruptPin.Load(reader);
        reader.ReadRaw(_registers);
        reader.ReadRaw(_latch);
        long ticks = reader.ReadInt64();
        if (ticks < new DateTime(2000, 1, 1).Ticks || ticks >= new DateTime(2200, 1, 1).Ticks)
            throw reader.Damaged("time of a DS3231 out of range");
        _time = new DateTime(ticks);
        _anchor = reader.ReadInt64();
        _weekday = reader.ReadInt32();
        _pointer = reader.ReadInt32();
        _secondsToConversion = reader.ReadInt32();
        _celsius = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        if ((uint)_pointer >= RegisterCount || _weekday is < 1 or > 7 || _celsius is not (>= -128 and <= 127.75))
            throw reader.Damaged("state of a DS3231 out of range");
        (_isTwelveHour, _expectsPointer, _isReading, _waveLevel) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Ds3231(_start);

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        _second = CreateTimer("second", OnSecond);
        _wave = CreateTimer("square wave", OnWave);
        _conversion = CreateTimer("conversion", OnConverted);
        _anchor = Now;
        ArmSecond();
        Update();
    }

    private void SetPowerOn()
    {
        Array.Clear(_registers);
        (_registers[ControlRegister], _registers[StatusRegister]) = (0x1c, 0x88);
        Convert();
    }

    private void Advance()
    {
        if (++_pointer < RegisterCount)
            return;
        _pointer = 0;
        Latch();
    }
}
