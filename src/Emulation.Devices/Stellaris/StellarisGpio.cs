using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A GPIO port of a Stellaris microcontroller: a PL061 with pad control. LM3S6965 data sheet, "General-Purpose Input/Outputs". Ports: 4 KiB MMIO; eight pins; an alternate function each; out IRQ "gpio".</summary>
/// <remarks>Drive strength and slew rate are kept as written. JTAG pins have their reset functions, and nothing is connected to them.</remarks>
public sealed class StellarisGpio : StellarisPeripheral
{
    /// <summary>Pins of a port.</summary>
    public const int PinCount = 8;

    private const uint UnlockKey = 0x1acc_e551;
    private readonly Pin?[] _pins = new Pin?[PinCount];
    private readonly PinDriver?[] _drivers = new PinDriver?[PinCount];
    private readonly PinSignal?[] _functions = new PinSignal?[PinCount];
    private readonly bool[] _observed = new bool[PinCount];
    private readonly Action[] _outputChanged = new Action[PinCount];
    private readonly BitField _direction, _sense, _both, _event, _mask, _alternate, _drive2, _drive4, _drive8, _openDrain, _pullUp, _pullDown, _digital, _commit;
    private byte _data, _levels, _latched;
    private bool _locked = true;
    private ulong _alternateBefore;

    /// <summary>Creates the port.</summary>
    /// <param name="name">The clock's name, such as <c>GPIOA</c>; the last letter decides the reset values.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock.</param>
    public StellarisGpio(string name, VirtualClock clock, GuestLog log, ClockSignal busClock) : base(name, clock, log, busClock)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Irq = AddLine("gpio");
        Trigger = AddLine("adc trigger");
        uint debug = name[^1] switch { 'B' => 0x80u, 'C' => 0x0fu, _ => 0 };
        Registers.DefineMany(0x000, 256, 4, "GPIODATA").Bits(7, 0, "DATA", read: i => (ulong)(Data & i), write: WriteData).Ignored(31, 8);
        _direction = Pad(0x400, "GPIODIR");
        _sense = Pad(0x404, "GPIOIS");
        _both = Pad(0x408, "GPIOIBE");
        _event = Pad(0x40c, "GPIOIEV");
        _mask = Pad(0x410, "GPIOIM");
        Registers.Define(0x414, "GPIORIS", access: RegisterAccess.ReadOnly).Bits(7, 0, "RIS", FieldMode.ReadOnly, read: () => Raw).Reserved(31, 8);
        Registers.Define(0x418, "GPIOMIS", access: RegisterAccess.ReadOnly).Bits(7, 0, "MIS", FieldMode.ReadOnly, read: () => Raw & _mask!.Value).Reserved(31, 8);
        Registers.Define(0x41c, "GPIOICR", access: RegisterAccess.WriteOnly).Bits(7, 0, "IC", FieldMode.WriteOnly, write: v => _latched &= (byte)~v).Ignored(31, 8).Then(UpdateIrq);
        Registers.Define(0x420, "GPIOAFSEL", debug).Bits(7, 0, "AFSEL", out _alternate).Ignored(31, 8).Then(OnAlternate);
        _drive2 = Pad(0x500, "GPIODR2R", 0xff, v => Clear(v, _drive4!, _drive8!));
        _drive4 = Pad(0x504, "GPIODR4R", 0, v => Clear(v, _drive2, _drive8!));
        _drive8 = Pad(0x508, "GPIODR8R", 0, v => Clear(v, _drive2, _drive4));
        _openDrain = Pad(0x50c, "GPIOODR");
        _pullUp = Pad(0x510, "GPIOPUR", debug, v => Clear(v, _pullDown!));
        _pullDown = Pad(0x514, "GPIOPDR", 0, v => Clear(v, _pullUp));
        Pad(0x518, "GPIOSLR");
        _digital = Pad(0x51c, "GPIODEN", debug);
        Registers.Define(0x520, "GPIOLOCK").Bits(31, 0, "LOCK", read: () => _locked ? 1u : 0, write: v => _locked = (uint)v != UnlockKey);
        Registers.Define(0x524, "GPIOCR", 0xff & ~debug).Bits(7, 0, "CR", out _commit, write: WriteCommit).Ignored(31, 8);
        // the LM3S6965 has no analog functions at its ports, but the vendor's driver writes here for the sake of others
        Registers.Define(0x528, "GPIOAMSEL").Bits(7, 0, "GPIOAMSEL").Ignored(31, 8);
        PrimeCell.DefineIdentification(Registers, 0x0118_0061, 0xfd0);
        _commitBefore = _commit.Value;
        _alternateBefore = _alternate.Value;
    }

    private ulong _commitBefore;

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>The trigger of the converter: pin 4's interrupt.</summary>
    public IrqLine Trigger { get; }

    private byte Data => (byte)((_data & _direction.Value) | (_levels & ~_direction.Value));

    private byte Raw
    {
        get
        {
            ulong asserted = ~(_levels ^ _event.Value);
            return (byte)((_sense.Value & asserted & _digital.Value) | (~_sense.Value & _latched));
        }
    }

    /// <summary>The pin of a number; null when it is not led out.</summary>
    /// <param name="number">0 to 7.</param>
    public Pin? Pin(int number) => _pins[number];

    /// <summary>Leads a pin out.</summary>
    /// <param name="number">0 to 7.</param>
    /// <param name="pin">The pin.</param>
    public void ConnectPin(int number, Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        _pins[number] = pin;
        _drivers[number] = pin.Driver(Name);
        pin.Changed += _ => Sample();
        Update();
    }

    /// <summary>Connects a peripheral's signal: the pin's alternate function.</summary>
    /// <param name="number">0 to 7.</param>
    /// <param name="signal">The signal.</param>
    public void ConnectFunction(int number, PinSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        _functions[number] = signal;
        _outputChanged[number] = () => Drive(number);
        Update();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_data, _latched, _locked) = (0, 0, true);
        (_commitBefore, _alternateBefore) = (_commit.Value, _alternate.Value);
        _levels = 0;
        Update();
        _latched = 0;
        UpdateIrq();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_data);
        writer.Write(_levels);
        writer.Write(_latched);
        writer.Write(_locked);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _data = reader.ReadByte();
        _levels = reader.ReadByte();
        _latched = reader.ReadByte();
        _locked = reader.ReadBoolean();
        (_commitBefore, _alternateBefore) = (_commit.Value, _alternate.Value);
        for (int i = 0; i < PinCount; i++)
            Observe(i, quiet: true);
    }

    private static void Clear(ulong bits, params ReadOnlySpan<BitField> others)
    {
        foreach (BitField other in others)
            other.Value &= ~bits;
    }

    private BitField Pad(ulong offset, string name, ulong reset = 0, Action<ulong>? write = null)
    {
        Registers.Define(offset, name, reset).Bits(7, 0, name, out BitField field, write: write).Ignored(31, 8).Then(Update);
        return field;
    }

    private void WriteData(int mask, ulong value)
    {
        ulong writable = (ulong)mask & _direction.Value;
        _data = (byte)((_data & ~writable) | (value & writable));
        Update();
    }

    // the alternate functions of uncommitted pins, those of the debug port, do not change
    private void OnAlternate()
    {
        _alternate.Value = (_alternateBefore & ~_commit.Value) | (_alternate.Value & _commit.Value);
        _alternateBefore = _alternate.Value;
        Update();
    }

    private void WriteCommit(ulong value)
    {
        if (_locked)
            _commit.Value = _commitBefore;
        _commitBefore = _commit.Value;
    }

    private void Update()
    {
        for (int i = 0; i < PinCount; i++)
        {
            Observe(i);
            Drive(i);
        }

        Sample();
    }

    private void Observe(int number, bool quiet = false)
    {
        if (_functions[number] is not { } signal)
            return;
        bool wanted = (_alternate.Value >> number & 1) != 0;
        if (wanted == _observed[number])
            return;
        _observed[number] = wanted;
        if (wanted)
            signal.OutputChanged += _outputChanged[number];
        else
            signal.OutputChanged -= _outputChanged[number];
        if (!quiet && !wanted)
            signal.ReleaseInput();
    }

    private void Drive(int number) => _drivers[number]?.Set(Wanted(number));

    private PinDrive Wanted(int number)
    {
        bool Has(BitField field) => (field.Value >> number & 1) != 0;
        if (!Has(_digital))
            return PinDrive.Floating;
        PinDrive pull = Has(_pullUp) ? PinDrive.PullUp : Has(_pullDown) ? PinDrive.PullDown : PinDrive.Floating;
        PinDrive drive = Has(_alternate) ? _functions[number]?.Output ?? PinDrive.Floating
            : !Has(_direction) ? PinDrive.Floating : (_data >> number & 1) != 0 ? PinDrive.High : PinDrive.Low;
        return drive == PinDrive.Floating || (drive == PinDrive.High && Has(_openDrain)) ? pull : drive;
    }

    private void Sample()
    {
        int levels = 0;
        for (int i = 0; i < PinCount; i++)
            levels |= (_digital.Value >> i & 1) != 0 && (_pins[i]?.Level ?? (_data & _direction.Value & (1UL << i)) != 0) ? 1 << i : 0;
        int changed = levels ^ _levels;
        _levels = (byte)levels;
        _latched |= (byte)((uint)changed & (uint)(_both.Value | ~((ulong)levels ^ _event.Value)) & ~(uint)_sense.Value);
        for (int i = 0; i < PinCount; i++)
        {
            if ((_alternate.Value >> i & 1) != 0)
                _functions[i]?.SetInput((levels >> i & 1) != 0);
        }

        UpdateIrq();
    }

    private void UpdateIrq()
    {
        ulong masked = Raw & _mask.Value;
        Irq.Set(masked != 0);
        Trigger.Set((masked & 0x10) != 0);
    }
}
