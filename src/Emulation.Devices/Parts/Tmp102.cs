using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Temperature sensor TMP102. Texas Instruments SBOS397.</summary>
/// <remarks>
/// Conversions take 26 ms and come at the rate of CR1-0, from power-on with 4 Hz; in shutdown mode one comes for each write of OS. A sensor that is attached has been on for a while:
/// its first result is there. The SMBus alert response address is not answered.
/// </remarks>
public sealed class Tmp102 : I2cPart
{
    private const long ConversionTime = 26_000_000;
    private const int TemperatureRegister = 0, Configuration = 1, LowLimit = 2, HighLimit = 3;

    private ClockTimer? _timer;
    private double _celsius = 25;
    private int _pointer;
    private int _byte;
    private bool _comparator;
    private bool _isOneShot;
    private bool _alert;
    private int _faults;
    private bool _isReading;

    /// <summary>Creates a sensor at 25 °C.</summary>
    public Tmp102()
    {
        AlertPin = AddTerminal("ALERT");
        SetDefaults();
        Convert();
    }

    /// <summary>Temperature of the sensor in degrees Celsius; the firmware sees it after the next conversion.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a number from -273.15 to 1000.</exception>
    public double Celsius
    {
        get => _celsius;
        set
        {
            if (value is not (>= -273.15 and <= 1000))
                throw new ArgumentOutOfRangeException(nameof(value), value, "not a temperature a sensor can have");
            _celsius = value;
            // before power is on, there was time for the first conversion
            if (!IsAttached)
                Convert();
        }
    }

    /// <summary>Alert output, open drain.</summary>
    public Terminal AlertPin { get; }

    /// <summary>Whether an alert is active, whatever the polarity of the output.</summary>
    public bool IsAlert => _alert;

    /// <summary>The last result in sixteenths of a degree.</summary>
    public int Result { get; private set; }

    /// <summary>Bits of the configuration register but OS and AL: R1-0, F1-0, POL, TM, SD, CR1-0, EM as in the data sheet.</summary>
    public ushort Config { get; private set; }

    /// <summary>The registers T(low) and T(high), left-justified as the firmware wrote them.</summary>
    public (ushort Low, ushort High) Limits { get; private set; }

    private bool IsExtended => (Config & 0x10) != 0;

    private bool IsShutDown => (Config & 0x100) != 0;

    private bool IsInterruptMode => (Config & 0x200) != 0;

    private bool IsActiveHigh => (Config & 0x400) != 0;

    private int FaultsNeeded => (Config >> 11 & 3) switch { 0 => 1, 1 => 2, 2 => 4, _ => 6 };

    // table 8: 0.25, 1, 4 and 8 Hz
    private long Period => (Config >> 6 & 3) switch { 0 => 4_000_000_000, 1 => 1_000_000_000, 2 => 250_000_000, _ => 125_000_000 };

    private bool IsAlertBit => _comparator == IsActiveHigh;

    /// <inheritdoc/>
    public override bool AnswersGeneralCall => true;

    /// <inheritdoc/>
    public override I2cAck Start(int address, I2cDirection direction)
    {
        _isReading = direction == I2cDirection.Read;
        // general call: 0x06 resets
        _byte = address == 0 ? -1 : 0;
        return true;
    }

    /// <inheritdoc/>
    public override I2cAck Write(byte value)
    {
        if (_isReading)
            return false;
        switch (_byte)
        {
            case -1:
                if (value == 0x06)
                    PowerCycle();
                return value == 0x06;
            case 0:
                _pointer = value & 3;
                break;
            case 1 or 2:
                WriteRegister(_byte == 1, value);
                break;
        }

        _byte++;
        return true;
    }

    /// <inheritdoc/>
    public override I2cByte Read()
    {
        ushort value = _pointer switch
        {
            TemperatureRegister => Format(Result, IsExtended),
            Configuration => (ushort)((Config & 0x7fdf) | (!IsShutDown || _isOneShot ? 0 : 0x8000) | (IsAlertBit ? 0x20 : 0)),
            LowLimit => Limits.Low,
            _ => Limits.High,
        };
        return (byte)(_byte % 2 == 0 ? value >> 8 : value);
    }

    /// <inheritdoc/>
    public override void ReadDone(bool acknowledged)
    {
        _byte = (_byte + 1) % 2;
        // in interrupt mode, reading any register ends the alert
        if (IsInterruptMode && _alert)
        {
            _alert = false;
            Drive();
        }
    }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        SetDefaults();
        Result = 0;
        _timer?.Arm(Now + ConversionTime);
        Drive();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        _timer!.Save(writer);
        AlertPin.Save(writer);
        writer.Write(BitConverter.DoubleToInt64Bits(_celsius));
        writer.Write(Result);
        writer.Write(Config);
        writer.Write(Limits.Low);
        writer.Write(Limits.High);
        writer.Write(_pointer);
        writer.Write(_byte);
        writer.Write(_comparator);
        writer.Write(_isOneShot);
        writer.Write(_alert);
        writer.Write(_faults);
        writer.Write(_isReading);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        _timer!.Load(reader);
        AlertPin.Load(reader);
        _celsius = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        Result = reader.ReadInt32();
        Config = reader.ReadUInt16();
        Limits = (reader.ReadUInt16(), reader.ReadUInt16());
        _pointer = reader.ReadInt32() & 3;
        _byte = reader.ReadInt32();
        _comparator = reader.ReadBoolean();
        _isOneShot = reader.ReadBoolean();
        _alert = reader.ReadBoolean();
        _faults = reader.ReadInt32();
        _isReading = reader.ReadBoolean();
        if (_celsius is not (>= -273.15 and <= 1000) || _byte < -1)
            throw reader.Damaged("state of a TMP102 out of range");
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Tmp102();

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        _timer = CreateTimer("conversion", OnConverted);
        Schedule();
        Drive();
    }

    private void SetDefaults()
    {
        // 12 bits, 4 Hz; 75 and 80 degrees
        (Config, Limits) = (0x6080, (75 << 8, 80 << 8));
        (_pointer, _byte, _comparator, _isOneShot, _alert, _faults, _isReading) = (0, 0, false, false, false, 0, false);
    }

    // the registers are written byte by byte
    private void WriteRegister(bool isHigh, byte value)
    {
        switch (_pointer)
        {
            case Configuration:
                bool wasShutDown = IsShutDown;
                Config = isHigh ? (ushort)((Config & 0xff) | 0x6000 | ((value & 0x1f) << 8)) : (ushort)((Config & 0xff00) | (value & 0xd0));
                if (IsShutDown && isHigh && (value & 0x80) != 0)
                    _isOneShot = true;
                else if (!IsShutDown)
                    _isOneShot = false;
                if (_isOneShot || (wasShutDown && !IsShutDown))
                    _timer?.Arm(Now + ConversionTime);
                else if (IsShutDown || !isHigh)
                    Schedule();
                Drive();
                break;
            case LowLimit:
                Limits = Limits with { Low = Replace(Limits.Low, isHigh, value) };
                break;
            case HighLimit:
                Limits = Limits with { High = Replace(Limits.High, isHigh, value) };
                break;
        }
    }

    private static ushort Replace(ushort register, bool isHigh, byte value) => isHigh ? (ushort)((register & 0xff) | (value << 8)) : (ushort)((register & 0xff00) | value);

    // left-justified: 12 bits, or 13 with a one as the last bit of the register
    private static ushort Format(int value, bool extended)
        => extended ? (ushort)((value << 3) | 1) : (ushort)(Math.Clamp(value, -2048, 2047) << 4);

    private int Parse(ushort value) => (short)value >> (IsExtended ? 3 : 4);

    private void Schedule()
    {
        if (!IsShutDown)
            _timer?.Arm(Now + Period);
        else if (!_isOneShot)
            _timer?.Disarm();
    }

    private void OnConverted()
    {
        _isOneShot = false;
        Convert();
        Schedule();
        Drive();
    }

    private void Convert()
    {
        int limit = IsExtended ? 4095 : 2047;
        Result = (int)Math.Clamp(Math.Floor(_celsius * 16), -limit - 1, limit);
        bool beyond = Result >= Parse(Limits.High), below = Result < Parse(Limits.Low);
        // comparator: on from T(high), off below T(low), after so many results in a row
        _faults = (_comparator ? below : beyond) ? _faults + 1 : 0;
        if (_faults < FaultsNeeded)
            return;
        (_comparator, _faults) = (!_comparator, 0);
        // interrupt mode: an alert at either change, which a read ends
        _alert = IsInterruptMode || _comparator;
    }

    private void Drive() => AlertPin.SetOpenDrain(_alert != IsActiveHigh);
}
