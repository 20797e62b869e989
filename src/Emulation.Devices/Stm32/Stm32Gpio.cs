using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A GPIO port of the STM32F4. RM0090 chapter 8. Ports: 1 KiB MMIO; up to 16 pins; alternate functions by number.</summary>
/// <remarks>Output speed does not matter here and is kept as written. The debug port's pins have their reset functions, and nothing is connected to them.</remarks>
public sealed partial class Stm32Gpio : Stm32Peripheral
{
    private const int PinCount = 16;
    private const ulong Output = 1;
    private const ulong Alternate = 2;
    private const ulong Analog = 3;
    private readonly Pin?[] _pins = new Pin?[PinCount];
    private readonly PinDriver?[] _drivers = new PinDriver?[PinCount];
    private readonly Register _mode, _type, _speed, _pull, _functionsLow, _functionsHigh, _lock;
    private readonly BitField _output;
    private ulong _modeBefore, _typeBefore, _speedBefore, _pullBefore, _lowBefore, _highBefore;
    private uint _levels;
    private int _lockStep;
    private uint _lockBits;

    /// <summary>Creates the port.</summary>
    /// <param name="name">The manual's name, such as <c>GPIOA</c>; the last letter decides the reset values.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock of its registers.</param>
    public Stm32Gpio(string name, VirtualClock clock, GuestLog log, ClockSignal busClock)
        : base(name, log, clock, busClock)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (uint mode, uint speed, uint pull) = name[^1] switch
        {
            'A' => (0xa800_0000u, 0x0c00_0000u, 0x6400_0000u),
            'B' => (0x280u, 0xc0u, 0x100u),
            _ => (0u, 0u, 0u),
        };
        _mode = Registers.Define(0x00, "GPIO_MODER", mode).Bits(31, 0, "MODER").Then(Update);
        _type = Registers.Define(0x04, "GPIO_OTYPER").Bits(15, 0, "OT").Reserved(31, 16).Then(Update);
        _speed = Registers.Define(0x08, "GPIO_OSPEEDR", speed).Bits(31, 0, "OSPEEDR").Then(Update);
        _pull = Registers.Define(0x0c, "GPIO_PUPDR", pull).Bits(31, 0, "PUPDR").Then(Update);
        Registers.Define(0x10, "GPIO_IDR").Bits(15, 0, "IDR", FieldMode.ReadOnly, read: () => _levels).Reserved(31, 16);
        Registers.Define(0x14, "GPIO_ODR").Bits(15, 0, "ODR", out _output).Reserved(31, 16).Then(Update);
        Registers.Define(0x18, "GPIO_BSRR").Bits(15, 0, "BS", read: static () => 0, write: v => Set((uint)v)).Bits(31, 16, "BR", read: static () => 0, write: v => _resets = (uint)v).Then(ApplySetReset);
        _lock = Registers.Define(0x1c, "GPIO_LCKR")
            .Bits(15, 0, "LCK", read: () => _lockBits, write: v => _lockWritten = (uint)v).Flag(16, "LCKK", read: () => _lockStep >= 3, write: v => _lockKey = v).Reserved(31, 17)
            .Then(OnLock);
        _functionsLow = Registers.Define(0x20, "GPIO_AFRL").Bits(31, 0, "AFRL").Then(Update);
        _functionsHigh = Registers.Define(0x24, "GPIO_AFRH").Bits(31, 0, "AFRH").Then(Update);
        Remember();
    }

    /// <summary>Raised when what the port reads at a pin changed: pin and level.</summary>
    public event Action<int, bool>? InputChanged;

    /// <summary>The pin of a number; null when it is not led out.</summary>
    /// <param name="number">0 to 15.</param>
    public Pin? Pin(int number) => _pins[number];

    /// <summary>What the port reads at a pin.</summary>
    /// <param name="number">0 to 15.</param>
    public bool Level(int number) => (_levels >> number & 1) != 0;

    /// <summary>The mode of a pin as in GPIO_MODER: input, output, alternate function, analog.</summary>
    /// <param name="number">0 to 15.</param>
    public int Mode(int number) => (int)(_mode.Value >> (2 * number)) & 3;

    /// <summary>The alternate function that is chosen for a pin, used in that mode.</summary>
    /// <param name="number">0 to 15.</param>
    public int Function(int number) => (int)((number < 8 ? _functionsLow : _functionsHigh).Value >> (4 * (number & 7))) & 0xf;

    /// <summary>Leads a pin out.</summary>
    /// <param name="number">0 to 15.</param>
    /// <param name="pin">The pin.</param>
    public void ConnectPin(int number, Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        _pins[number] = pin;
        _drivers[number] = pin.Driver(Name);
        pin.Changed += _ => Sample(number);
        Drive(number);
        Sample(number);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_lockStep, _lockBits, _lockWritten, _lockKey, _sets, _resets) = (0, 0, 0, false, 0, 0);
        Remember();
        for (int i = 0; i < PinCount; i++)
            Drive(i);
        for (int i = 0; i < PinCount; i++)
            Sample(i);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_levels);
        writer.Write(_lockStep);
        writer.Write(_lockBits);
        writer.Write(_lockWritten);
        writer.Write(_lockKey);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _levels = reader.ReadUInt32() & 0xffff;
        _lockStep = reader.ReadInt32();
        if (_lockStep is < 0 or > 3)
            throw reader.Damaged("the lock sequence has three steps");
        _lockBits = reader.ReadUInt32() & 0xffff;
        _lockWritten = reader.ReadUInt32() & 0xffff;
        _lockKey = reader.ReadBoolean();
        Remember();
        for (int i = 0; i < PinCount; i++)
            Select(i, quiet: true);
    }

    private void Remember()
        => (_modeBefore, _typeBefore, _speedBefore, _pullBefore, _lowBefore, _highBefore)
            = (_mode.Value, _type.Value, _speed.Value, _pull.Value, _functionsLow.Value, _functionsHigh.Value);

    // The settings of locked pins stay (8.3.6); then every pin is driven as it is set.
    private void Update()
    {
        if (_lockStep == 3)
            KeepLocked();
        Remember();
        for (int i = 0; i < PinCount; i++)
            Drive(i);
        for (int i = 0; i < PinCount; i++)
            Sample(i);
    }

    private void Drive(int number)
    {
        Select(number);
        if (_drivers[number] is { } driver)
            driver.Set(Wanted(number));
    }

    private PinDrive Wanted(int number)
    {
        ulong mode = _mode.Value >> (2 * number) & 3;
        if (mode == Analog)
            return PinDrive.Floating;
        PinDrive pull = (_pull.Value >> (2 * number) & 3) switch { 1 => PinDrive.PullUp, 2 => PinDrive.PullDown, _ => PinDrive.Floating };
        PinDrive drive = mode switch
        {
            Output => (_output.Value >> number & 1) != 0 ? PinDrive.High : PinDrive.Low,
            Alternate => FunctionOutput(number),
            _ => PinDrive.Floating,
        };
        bool openDrain = (_type.Value >> number & 1) != 0;
        return drive == PinDrive.Floating || (drive == PinDrive.High && openDrain) ? pull : drive;
    }

    // In analog mode the Schmitt trigger is off and reads 0 (8.3.12).
    private void Sample(int number)
    {
        bool level = _pins[number] is { Level: true } && (_mode.Value >> (2 * number) & 3) != Analog;
        if (level == Level(number))
            return;
        _levels ^= 1u << number;
        if ((_mode.Value >> (2 * number) & 3) is not Analog)
        {
            foreach (PinSignal signal in _selected[number] ?? [])
                signal.SetInput(level);
        }

        InputChanged?.Invoke(number, level);
    }
}
