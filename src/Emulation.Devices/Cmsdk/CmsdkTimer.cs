using Emulation.Core;

namespace Emulation.Devices;

/// <summary>APB timer of the Cortex-M System Design Kit: 32 bits, counts down. Arm DDI 0479, 4.1. Ports: 4 KiB MMIO; in external input; out IRQ "timerint".</summary>
/// <remarks>As an external clock the input counts its rising edges; as an enable it lets the clock pass while it is high. The integration test registers are not there.</remarks>
public sealed class CmsdkTimer : MmioDevice, IInterruptSource
{
    private readonly ClockCounter _counter;
    private readonly ClockTimer _timer;
    private readonly FlagField _enabled;
    private readonly FlagField _gated;
    private readonly FlagField _external;
    private readonly FlagField _interrupts;
    private readonly BitField _reload;
    private uint _value;
    private bool _pending;
    private bool _input;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="signal">PCLK.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public CmsdkTimer(string name, ClockSignal signal, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Irq = AddLine("timerint");
        _timer = clock.CreateTimer($"{name}.counter", OnZero);
        _counter = new ClockCounter(clock, signal, Watch);
        Registers.Define(0x00, "CTRL").Flag(0, "enable", out _enabled).Flag(1, "external input as enable", out _gated).Flag(2, "external input as clock", out _external)
            .Flag(3, "interrupt enable", out _interrupts).Ignored(31, 4).Then(OnControl);
        Registers.Define(0x04, "VALUE").Bits(31, 0, "value", read: () => Value, write: v => Set((uint)v));
        Registers.Define(0x08, "RELOAD").Bits(31, 0, "reload", out _reload).Then(OnReload);
        Registers.Define(0x0c, "INTSTATUS, INTCLEAR").Flag(0, "interrupt", FieldMode.WriteOneToClear, read: () => _pending, write: Clear).Ignored(31, 1);
        CmsdkId.Define(Registers, 0x22);
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    private uint Value
    {
        get
        {
            ulong passed = _counter.Value;
            if (passed <= _value)
                return _value - (uint)passed;
            return (uint)(_reload.Value - ((passed - _value - 1) % (_reload.Value + 1)));
        }
    }

    private bool Counts => _enabled.Value && !_external.Value && (!_gated.Value || _input);

    /// <summary>Drives the external input, EXTIN. Under the device lock.</summary>
    /// <param name="level">The level.</param>
    public void SetInput(bool level)
    {
        bool edge = level && !_input;
        if (level == _input)
            return;
        Settle();
        _input = level;
        if (edge && _enabled.Value && _external.Value)
        {
            Set(_value == 0 ? (uint)_reload.Value : _value - 1);
            if (_value == 0)
                Raise();
        }

        Watch();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_value, _pending) = (0, false);
        _counter.Reset();
        _timer.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_value);
        writer.Write(_pending);
        writer.Write(_input);
        _counter.Save(writer);
        _timer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _value = reader.ReadUInt32();
        _pending = reader.ReadBoolean();
        _input = reader.ReadBoolean();
        _counter.Load(reader);
        _timer.Load(reader);
    }

    private void OnControl()
    {
        Settle();
        Watch();
        Update();
    }

    // a timer that stands at zero begins with the reload value
    private void OnReload()
    {
        Settle();
        Watch();
    }

    private void Set(uint value)
    {
        _value = value;
        _counter.Set(0);
        Watch();
    }

    private void Settle()
    {
        _value = Value;
        _counter.Set(0);
    }

    // The interrupt comes with the change from 1 to 0. With a reload value of 0 the counter stops there.
    private void Watch()
    {
        if (Counts)
            _counter.Start();
        else
            _counter.Stop();
        ulong passed = _counter.Value, period = _reload.Value + 1;
        ulong first = _value > 0 ? _value : period;
        ulong next = passed < first ? first : first + ((((passed - first) / period) + 1) * period);
        bool ends = _reload.Value == 0 && passed >= _value;
        _timer.Arm(Counts && !ends ? _counter.TimeOf(next) : long.MaxValue);
    }

    private void OnZero()
    {
        Raise();
        Watch();
    }

    private void Raise()
    {
        if (_interrupts.Value)
            _pending = true;
        Update();
    }

    private void Clear(bool one)
    {
        if (one)
            _pending = false;
        Update();
    }

    private void Update() => Irq.Set(_pending);
}
