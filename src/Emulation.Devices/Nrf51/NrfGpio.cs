using Emulation.Core;

namespace Emulation.Devices;

/// <summary>GPIO port of the nRF51: 32 pins. nRF51 Series Reference Manual, chapter 14, "GPIO". Ports: 4 KiB MMIO; a pin each; the signal DETECT.</summary>
public sealed class NrfGpio : MmioDevice
{
    /// <summary>Pins of the port.</summary>
    public const int PinCount = 32;

    private const uint Disconnected = 2;

    private readonly Pin[] _pins = new Pin[PinCount];
    private readonly PinDriver[] _drivers = new PinDriver[PinCount];
    private readonly Register _output;
    private readonly RegisterArray _configuration;
    private uint _overridden;
    private uint _overrideLevel;
    private bool _detect;

    /// <summary>Creates the port and its pins.</summary>
    /// <param name="name">Unique in the machine; also what its pins' driver is called.</param>
    /// <param name="pins">Takes the pins <c>P0</c> to <c>P31</c>.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfGpio(string name, PinSet pins, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(pins);
        _output = Registers.Define(0x504, "OUT").Bits(31, 0, "OUT").Then(Update);
        Registers.Define(0x508, "OUTSET").Bits(31, 0, "OUT", read: () => _output.Value, write: v => SetOutput(_output.Value | v));
        Registers.Define(0x50c, "OUTCLR").Bits(31, 0, "OUT", read: () => _output.Value, write: v => SetOutput(_output.Value & ~v));
        Registers.Define(0x510, "IN", access: RegisterAccess.ReadOnly).Bits(31, 0, "IN", FieldMode.ReadOnly, read: () => Input);
        Registers.Define(0x514, "DIR").Bits(31, 0, "DIR", read: () => Direction, write: SetDirection);
        Registers.Define(0x518, "DIRSET").Bits(31, 0, "DIR", read: () => Direction, write: v => SetDirection(Direction | v));
        Registers.Define(0x51c, "DIRCLR").Bits(31, 0, "DIR", read: () => Direction, write: v => SetDirection(Direction & ~v));
        _configuration = Registers.DefineMany(0x700, PinCount, 4, "PIN_CNF", Disconnected).Bits(0, 0, "DIR").Bits(1, 1, "INPUT").Bits(3, 2, "PULL").Ignored(7, 4)
            .Bits(10, 8, "DRIVE").Ignored(15, 11).Bits(17, 16, "SENSE").Ignored(31, 18);
        _configuration.Then(i =>
        {
            Drive(i);
            UpdateDetect();
        });
        for (int i = 0; i < PinCount; i++)
        {
            int pin = i;
            _pins[i] = pins.Add($"P{i}");
            _drivers[i] = _pins[i].Driver(name);
            _pins[i].Changed += _ => OnPinChanged(pin);
        }
    }

    /// <summary>The pins.</summary>
    public IReadOnlyList<Pin> Pins => _pins;

    /// <summary>Whether a pin has the level that its SENSE asks for.</summary>
    public bool Detect => _detect;

    /// <summary>Raised when <see cref="Detect"/> becomes true.</summary>
    public event Action? Detected;

    /// <summary>Raised after the level of a pin changed whose input is connected, with its number.</summary>
    internal event Action<int>? InputChanged;

    private ulong Direction
    {
        get
        {
            ulong result = 0;
            for (int i = 0; i < PinCount; i++)
                result |= (_configuration[i] & 1) << i;
            return result;
        }
    }

    private ulong Input
    {
        get
        {
            ulong result = 0;
            for (int i = 0; i < PinCount; i++)
                result |= ReadPin(i) ? 1UL << i : 0;
            return result;
        }
    }

    /// <summary>The level of a pin as a peripheral sees it; low while its input is not connected.</summary>
    internal bool ReadPin(int pin) => (_configuration[pin] & Disconnected) == 0 && _pins[pin].Level;

    /// <summary>A peripheral takes a pin over, or gives it back.</summary>
    /// <param name="pin">From 0.</param>
    /// <param name="level">What it drives; null to give it back.</param>
    internal void Override(int pin, bool? level)
    {
        uint bit = 1u << pin;
        _overridden = level is null ? _overridden & ~bit : _overridden | bit;
        _overrideLevel = level == true ? _overrideLevel | bit : _overrideLevel & ~bit;
        Drive(pin);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_overridden, _overrideLevel, _detect) = (0, 0, false);
        Update();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_overridden);
        writer.Write(_overrideLevel);
        writer.Write(_detect);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _overridden = reader.ReadUInt32();
        _overrideLevel = reader.ReadUInt32();
        _detect = reader.ReadBoolean();
    }

    private void SetOutput(ulong value)
    {
        _output.Value = value;
        Update();
    }

    private void SetDirection(ulong value)
    {
        for (int i = 0; i < PinCount; i++)
        {
            _configuration[i] = (_configuration[i] & ~1UL) | ((value >> i) & 1);
            Drive(i);
        }
    }

    private void Update()
    {
        for (int i = 0; i < PinCount; i++)
            Drive(i);
        UpdateDetect();
    }

    // DRIVE: 0 and 1 are off towards the supply in "D1" (4, 5), towards ground in "D0" (6, 7)
    private void Drive(int pin)
    {
        uint configuration = (uint)_configuration[pin], drive = (configuration >> 8) & 7;
        bool taken = ((_overridden >> pin) & 1) != 0;
        bool level = taken ? ((_overrideLevel >> pin) & 1) != 0 : ((_output.Value >> pin) & 1) != 0;
        bool driven = taken || (configuration & 1) != 0;
        bool open = (level && drive is 6 or 7) || (!level && drive is 4 or 5);
        if (driven && !open)
            _drivers[pin].Set(level);
        else
            _drivers[pin].Set(((configuration >> 2) & 3) switch { 1 => PinDrive.PullDown, 3 => PinDrive.PullUp, _ => PinDrive.Floating });
    }

    private void OnPinChanged(int pin)
    {
        if ((_configuration[pin] & Disconnected) != 0)
            return;
        InputChanged?.Invoke(pin);
        UpdateDetect();
    }

    private void UpdateDetect()
    {
        bool detect = false;
        for (int i = 0; i < PinCount && !detect; i++)
            detect = ((uint)_configuration[i] >> 16 & 3) switch { 2 => ReadPin(i), 3 => !ReadPin(i), _ => false };
        bool rises = detect && !_detect;
        _detect = detect;
        if (rises)
            Detected?.Invoke();
    }
}
