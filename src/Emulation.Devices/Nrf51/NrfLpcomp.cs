using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Low-power comparator of the nRF51. nRF51 Series Reference Manual, chapter 32, "Low Power Comparator (LPCOMP)". Ports: 4 KiB MMIO; out IRQ "irq"; eight pins.</summary>
/// <remarks>It is ready 100 µs after its start. Crossings are seen at once.</remarks>
public sealed class NrfLpcomp : NrfPeripheral
{
    private const long StartTime = 100_000;
    private const ulong EnabledValue = 1;
    private const ulong ExternalReference = 7;
    private const int Steps = 8;

    private readonly IReadOnlyList<Pin> _pins;
    private readonly ClockTimer _timer;
    private readonly NrfEvent _ready;
    private readonly NrfEvent _down;
    private readonly NrfEvent _up;
    private readonly NrfEvent _cross;
    private readonly FlagField _result;
    private readonly BitField _enable;
    private readonly BitField _input;
    private readonly BitField _reference;
    private readonly FlagField _external;
    private readonly BitField _detection;
    private bool _running;
    private bool _above;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="pins">The pins AIN0 to AIN7.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfLpcomp(string name, IReadOnlyList<Pin> pins, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(pins);
        ArgumentNullException.ThrowIfNull(clock);
        _pins = pins;
        _timer = clock.CreateTimer($"{name}.start", OnReady);
        AddTask(0x00, "TASKS_START", () =>
        {
            if (_enable!.Value == EnabledValue)
                _timer.Arm(clock.Now + StartTime);
        });
        AddTask(0x04, "TASKS_STOP", () =>
        {
            _timer.Disarm();
            _running = false;
        });
        AddTask(0x08, "TASKS_SAMPLE", () => _result!.Value = _running && _above);
        _ready = AddEvent(0x100, "EVENTS_READY");
        _down = AddEvent(0x104, "EVENTS_DOWN");
        _up = AddEvent(0x108, "EVENTS_UP");
        _cross = AddEvent(0x10c, "EVENTS_CROSS");
        const ulong Sample = 0x08, Stop = 0x04;
        DefineShorts((0, _ready, Sample), (1, _ready, Stop), (2, _down, Stop), (3, _up, Stop), (4, _cross, Stop));
        DefineInterrupts();
        Registers.Define(0x400, "RESULT", access: RegisterAccess.ReadOnly).Flag(0, "RESULT", out _result, FieldMode.ReadOnly).Reserved(31, 1);
        Registers.Define(0x500, "ENABLE").Bits(1, 0, "ENABLE", out _enable).Ignored(31, 2);
        Registers.Define(0x504, "PSEL").Bits(2, 0, "PSEL", out _input).Ignored(31, 3);
        Registers.Define(0x508, "REFSEL").Bits(2, 0, "REFSEL", out _reference).Ignored(31, 3);
        Registers.Define(0x50c, "EXTREFSEL").Flag(0, "EXTREFSEL", out _external).Ignored(31, 1);
        Registers.Define(0x520, "ANADETECT").Bits(1, 0, "ANADETECT", out _detection).Ignored(31, 2);
        foreach (Pin pin in pins)
            pin.VoltageChanged += Compare;
    }

    /// <summary>Raised for the crossings that ANADETECT names: they wake the system when it is off.</summary>
    public event Action? AnalogDetected;

    private bool IsAbove
    {
        get
        {
            Pin pin = _pins[(int)_input.Value];
            long reference = _reference.Value == ExternalReference ? _pins[_external.Value ? 1 : 0].Millivolts : pin.SupplyMillivolts * (long)(_reference.Value + 1) / Steps;
            return pin.Millivolts > reference;
        }
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        _running = _above = false;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write(_running);
        writer.Write(_above);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        _running = reader.ReadBoolean();
        _above = reader.ReadBoolean();
    }

    private void OnReady()
    {
        _running = true;
        _above = IsAbove;
        Raise(_ready);
    }

    private void Compare()
    {
        if (!_running || IsAbove == _above)
            return;
        _above = !_above;
        Raise(_above ? _up : _down);
        Raise(_cross);
        const ulong Cross = 0, Up = 1;
        if (_detection.Value == Cross || (_detection.Value == Up) == _above)
            AnalogDetected?.Invoke();
    }
}
