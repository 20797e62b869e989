using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Accelerometer LIS302DL with three axes, over SPI. STMicroelectronics LIS302DL data sheet, rev 4.</summary>
/// <remarks>
/// Results come with 100 or 400 Hz while PD is 1. The two free-fall and wake-up units compare with their thresholds and durations; the high-pass filter, the self-test and the
/// recognition of clicks are not modelled: their registers keep what is written.
/// </remarks>
public sealed class Lis302dl : SpiPart
{
    /// <summary>Content of WHO_AM_I.</summary>
    public const byte Identity = 0x3b;

    private const int WhoAmI = 0x0f, Control1 = 0x20, Control2 = 0x21, Control3 = 0x22, FilterReset = 0x23, Status = 0x27, OutX = 0x29, OutY = 0x2b, OutZ = 0x2d;
    private const int Unit1 = 0x30, Unit2 = 0x34, ClickSource = 0x39, Registers = 0x40;
    private const byte NewData = 0x0f, Overruns = 0xf0;

    private readonly byte[] _registers = new byte[Registers];
    private readonly int[] _milliG = [0, 0, 1000];
    private readonly int[] _lasting = new int[2];
    private ClockTimer? _timer;
    private int _address;
    private bool _hasCommand, _reads, _increments;

    /// <summary>Creates a sensor that lies still: 1 g along Z.</summary>
    public Lis302dl()
    {
        (Interrupt1, Interrupt2) = (AddTerminal("INT1"), AddTerminal("INT2"));
        SetDefaults();
    }

    /// <summary>Interrupt output 1.</summary>
    public Terminal Interrupt1 { get; }

    /// <summary>Interrupt output 2.</summary>
    public Terminal Interrupt2 { get; }

    /// <summary>Acceleration in thousandths of g along X, Y and Z; the firmware sees it after the next conversion.</summary>
    public (int X, int Y, int Z) MilliG
    {
        get => (_milliG[0], _milliG[1], _milliG[2]);
        set => (_milliG[0], _milliG[1], _milliG[2]) = value;
    }

    private bool IsActive => (_registers[Control1] & 0x40) != 0;

    private bool IsWideRange => (_registers[Control1] & 0x20) != 0;

    private long Period => (_registers[Control1] & 0x80) != 0 ? 2_500_000 : 10_000_000;

    /// <inheritdoc/>
    public override bool Supports(SpiMode mode) => mode is SpiMode.Mode0 or SpiMode.Mode3;

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        base.PowerCycle();
        SetDefaults();
        _timer?.Disarm();
        Drive();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        foreach (byte value in _registers)
            writer.Write(value);
        foreach (int value in (int[])[.. _milliG, .. _lasting, _address])
            writer.Write(value);
        foreach (bool flag in (bool[])[_hasCommand, _reads, _increments])
            writer.Write(flag);
        _timer!.Save(writer);
        Interrupt1.Save(writer);
        Interrupt2.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        for (int i = 0; i < Registers; i++)
            _registers[i] = reader.ReadByte();
        for (int i = 0; i < _milliG.Length; i++)
            _milliG[i] = reader.ReadInt32();
        for (int i = 0; i < _lasting.Length; i++)
            _lasting[i] = Math.Clamp(reader.ReadInt32(), 0, 256);
        _address = reader.ReadInt32() & (Registers - 1);
        (_hasCommand, _reads, _increments) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        _timer!.Load(reader);
        Interrupt1.Load(reader);
        Interrupt2.Load(reader);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Lis302dl();

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        _timer = CreateTimer("conversion", OnConverted);
        if (IsActive)
            _timer.Arm(Now + Period);
        Drive();
    }

    /// <inheritdoc/>
    protected override void OnSelected() => _hasCommand = false;

    /// <inheritdoc/>
    protected override byte Next() => _hasCommand && _reads ? Read() : (byte)0xff;

    /// <inheritdoc/>
    protected override void Received(byte value)
    {
        if (!_hasCommand)
        {
            // 5.2: RW, MS, six bits of address
            (_hasCommand, _reads, _increments, _address) = (true, (value & 0x80) != 0, (value & 0x40) != 0, value & 0x3f);
            return;
        }

        if (!_reads)
            Write(value);
        if (_increments)
            _address = (_address + 1) & (Registers - 1);
    }

    private byte Read()
    {
        byte value = _registers[_address];
        switch (_address)
        {
            case OutX or OutY or OutZ:
                int axis = (_address - OutX) / 2;
                // reading an axis takes its flags away, and those of all when it was the last
                _registers[Status] &= (byte)~(0x11 << axis);
                if ((_registers[Status] & 7) == 0)
                    _registers[Status] = 0;
                break;
            case Unit1 + 1 or Unit2 + 1:
                if ((_registers[_address - 1] & 0x40) != 0)
                    _registers[_address] = 0;
                break;
            case ClickSource:
                _registers[ClickSource] = 0;
                break;
        }

        Drive();
        return value;
    }

    private void Write(byte value)
    {
        switch (_address)
        {
            case Control1:
                bool was = IsActive;
                long period = Period;
                _registers[Control1] = value;
                if (!IsActive)
                    _timer?.Disarm();
                else if (!was || period != Period)
                    _timer?.Arm(Now + Period);
                break;
            case Control2 when (value & 0x40) != 0:
                // BOOT reads the trimming again and goes to 0 by itself
                _registers[Control2] = (byte)(value & ~0x40);
                break;
            case WhoAmI or FilterReset or Status or OutX or OutY or OutZ or Unit1 + 1 or Unit2 + 1 or ClickSource:
                break;
            case Control2 or Control3 or (>= Unit1 and < Registers):
                _registers[_address] = value;
                break;
            default:
                GuestError($"register 0x{_address:x2} is written, which is reserved");
                break;
        }

        Drive();
    }

    private void SetDefaults()
    {
        Array.Clear(_registers);
        Array.Clear(_lasting);
        (_registers[WhoAmI], _registers[Control1]) = (Identity, 0x07);
        (_address, _hasCommand, _reads, _increments) = (0, false, false, false);
    }

    private void OnConverted()
    {
        // 2.1: 18 mg a digit, or 72
        int digit = IsWideRange ? 72 : 18;
        if ((_registers[Status] & NewData) != 0)
            _registers[Status] |= (byte)((_registers[Status] & NewData) << 4 & Overruns);
        for (int axis = 0; axis < 3; axis++)
        {
            if ((_registers[Control1] >> axis & 1) == 0)
                continue;
            _registers[OutX + (2 * axis)] = (byte)(sbyte)Math.Clamp(_milliG[axis] / digit, sbyte.MinValue, sbyte.MaxValue);
            _registers[Status] |= (byte)(1 << axis);
        }

        if ((_registers[Control1] & 7) != 0)
            _registers[Status] |= 8;
        Compare(0, Unit1);
        Compare(1, Unit2);
        _timer!.Arm(Now + Period);
        Drive();
    }

    // 7.15 to 7.22: configuration, source, threshold, duration
    private void Compare(int unit, int first)
    {
        byte wanted = (byte)(_registers[first] & 0x3f), found = 0;
        int threshold = (_registers[first + 2] & 0x7f) * (IsWideRange ? 9200 : 2300) / 128;
        for (int axis = 0; axis < 3; axis++)
            found |= (byte)((Math.Abs(_milliG[axis]) > threshold ? 2 : 1) << (2 * axis));
        found &= wanted;
        bool happens = wanted != 0 && ((_registers[first] & 0x80) != 0 ? found == wanted : found != 0);
        _lasting[unit] = happens ? Math.Min(_lasting[unit] + 1, 256) : 0;
        bool active = happens && _lasting[unit] > _registers[first + 3];
        if (active)
            _registers[first + 1] = (byte)(0x40 | found);
        else if ((_registers[first] & 0x40) == 0)
            _registers[first + 1] = found;
    }

    private void Drive()
    {
        DriveOutput(Interrupt1, _registers[Control3] & 7);
        DriveOutput(Interrupt2, _registers[Control3] >> 3 & 7);
    }

    private void DriveOutput(Terminal output, int select)
    {
        bool first = (_registers[Unit1 + 1] & 0x40) != 0, second = (_registers[Unit2 + 1] & 0x40) != 0;
        bool active = select switch { 1 => first, 2 => second, 3 => first || second, 4 => (_registers[Status] & 8) != 0, _ => false };
        bool low = active == ((_registers[Control3] & 0x80) != 0);
        // PP_OD: open drain
        if ((_registers[Control3] & 0x40) != 0)
            output.SetOpenDrain(low);
        else
            output.Set(low ? PinDrive.Low : PinDrive.High);
    }
}
