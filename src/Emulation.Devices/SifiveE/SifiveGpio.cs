using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>GPIO port of the SiFive FE310: 32 pins, each with an interrupt and two hardware functions. FE310-G002 Manual, "General Purpose Input/Output Controller (GPIO)". Ports: 4 KiB MMIO; a pin each; out IRQ per pin.</summary>
/// <remarks>A change of a pin is seen at once, not three clocks later. Drive strength is stored and does nothing.</remarks>
public sealed class SifiveGpio : MmioDevice, IInterruptSource
{
    /// <summary>Pins of the port.</summary>
    public const int PinCount = 32;

    private readonly Pin[] _pins = new Pin[PinCount];
    private readonly PinDriver[] _drivers = new PinDriver[PinCount];
    private readonly SifivePinFunction[] _functions = new SifivePinFunction[2 * PinCount];
    private readonly Register _value;
    private readonly Register _inputEnable;
    private readonly Register _outputEnable;
    private readonly Register _output;
    private readonly Register _pullUp;
    private readonly Register _riseEnable;
    private readonly Register _risePending;
    private readonly Register _fallEnable;
    private readonly Register _fallPending;
    private readonly Register _highEnable;
    private readonly Register _highPending;
    private readonly Register _lowEnable;
    private readonly Register _lowPending;
    private readonly Register _functionEnable;
    private readonly Register _functionSelect;
    private readonly Register _invert;

    /// <summary>Creates the port and its pins.</summary>
    /// <param name="name">Unique in the machine; also what its pins' driver is called.</param>
    /// <param name="pins">Takes the pins <c>GPIO0</c> to <c>GPIO31</c>.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifiveGpio(string name, PinSet pins, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(pins);
        _value = Registers.Define(0x00, "input_val").Bits(31, 0, "input_val", FieldMode.ReadOnly);
        _inputEnable = Define(0x04, "input_en");
        _outputEnable = Define(0x08, "output_en");
        _output = Define(0x0c, "output_val");
        _pullUp = Define(0x10, "pue");
        Define(0x14, "ds");
        _riseEnable = Define(0x18, "rise_ie");
        _risePending = DefinePending(0x1c, "rise_ip", 0);
        _fallEnable = Define(0x20, "fall_ie");
        _fallPending = DefinePending(0x24, "fall_ip", 0);
        _highEnable = Define(0x28, "high_ie");
        _highPending = DefinePending(0x2c, "high_ip", 0);
        _lowEnable = Define(0x30, "low_ie");
        // inputs that are not enabled are low, which is pending at once
        _lowPending = DefinePending(0x34, "low_ip", uint.MaxValue);
        _functionEnable = Define(0x38, "iof_en");
        _functionSelect = Define(0x3c, "iof_sel");
        _invert = Define(0x40, "out_xor");
        for (int i = 0; i < PinCount; i++)
        {
            int pin = i;
            AddLine($"gpio{i}");
            _pins[i] = pins.Add($"GPIO{i}");
            _drivers[i] = _pins[i].Driver(name);
            _functions[i] = new SifivePinFunction(this, i);
            _functions[PinCount + i] = new SifivePinFunction(this, i);
            _pins[i].Changed += _ => OnPinChanged(pin);
        }
    }

    /// <summary>The pins.</summary>
    public IReadOnlyList<Pin> Pins => _pins;

    /// <summary>Interrupt of a pin.</summary>
    /// <param name="pin">From 0.</param>
    public IrqLine Irq(int pin) => Lines[pin];

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    /// <summary>A hardware function of a pin.</summary>
    /// <param name="pin">From 0.</param>
    /// <param name="index">0 for IOF0, 1 for IOF1.</param>
    public SifivePinFunction Function(int pin, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 1u);
        return _functions[(index * PinCount) + pin];
    }

    internal bool PinLevel(int pin) => _pins[pin].Level;

    internal void OnFunctionChanged(int pin) => Drive(pin);

    /// <inheritdoc/>
    protected override void ResetState() => Update();

    private Register Define(ulong offset, string name) => Registers.Define(offset, name).Bits(31, 0, name).Then(Update);

    private Register DefinePending(ulong offset, string name, ulong reset)
        => Registers.Define(offset, name, reset).Bits(31, 0, name, FieldMode.WriteOneToClear).Then(UpdateIrqs);

    private void Update()
    {
        for (int i = 0; i < PinCount; i++)
            Drive(i);
        Sample();
    }

    private void Drive(int pin)
    {
        uint bit = 1u << pin;
        bool drives = (_outputEnable.Value & bit) != 0, level = (_output.Value & bit) != 0;
        if ((_functionEnable.Value & bit) != 0 && Function(pin, (_functionSelect.Value & bit) != 0 ? 1 : 0) is { IsConnected: true } function)
            (drives, level) = (function.IsOutput, function.Level);
        if (drives)
            _drivers[pin].Set(level != ((_invert.Value & bit) != 0));
        else
            _drivers[pin].Set((_pullUp.Value & bit) != 0 ? PinDrive.PullUp : PinDrive.Floating);
    }

    private void OnPinChanged(int pin)
    {
        if ((_inputEnable.Value & (1u << pin)) != 0)
            Sample();
    }

    private void Sample()
    {
        uint before = (uint)_value.Value, now = 0;
        for (uint left = (uint)_inputEnable.Value; left != 0; left &= left - 1)
        {
            int pin = BitOperations.TrailingZeroCount(left);
            if (_pins[pin].Level)
                now |= 1u << pin;
        }

        _value.Value = now;
        _risePending.Value |= now & ~before;
        _fallPending.Value |= before & ~now;
        UpdateIrqs();
    }

    private void UpdateIrqs()
    {
        uint value = (uint)_value.Value;
        _highPending.Value |= value;
        _lowPending.Value |= ~value;
        ulong pending = (_risePending.Value & _riseEnable.Value) | (_fallPending.Value & _fallEnable.Value)
            | (_highPending.Value & _highEnable.Value) | (_lowPending.Value & _lowEnable.Value);
        for (int i = 0; i < PinCount; i++)
            Lines[i].Set(((pending >> i) & 1) != 0);
    }
}
