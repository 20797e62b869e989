using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Random number generator of the nRF51. nRF51 Series Reference Manual, chapter 21, "Random Number Generator (RNG)". Ports: 4 KiB MMIO; out IRQ "irq".</summary>
/// <remarks>A byte takes 167 µs, with bias correction 677 µs: the typical times of the nRF51822 product specification.</remarks>
public sealed class NrfRng : NrfPeripheral
{
    private const long Time = 167_000;
    private const long CorrectedTime = 677_000;

    private readonly IEntropySource _source;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private readonly NrfEvent _ready;
    private readonly FlagField _correction;
    private readonly BitField _value;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="source">Where the numbers come from; its state is saved with the device.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfRng(string name, IEntropySource source, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(clock);
        (_source, _clock) = (source, clock);
        _timer = clock.CreateTimer($"{name}.value", OnValue);
        AddTask(0x00, "TASKS_START", () =>
        {
            if (!_timer.IsArmed)
                Arm();
        });
        AddTask(0x04, "TASKS_STOP", _timer.Disarm);
        _ready = AddEvent(0x100, "EVENTS_VALRDY");
        DefineShorts((0, _ready, 0x04UL));
        DefineInterrupts();
        Registers.Define(0x504, "CONFIG").Flag(0, "DERCEN", out _correction).Ignored(31, 1);
        Registers.Define(0x508, "VALUE", access: RegisterAccess.ReadOnly).Bits(7, 0, "VALUE", out _value, FieldMode.ReadOnly).Reserved(31, 8);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        if (!IsPoweringOff)
            _source.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        _source.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        _source.Load(reader);
    }

    private void Arm() => _timer.Arm(_clock.Now + (_correction.Value ? CorrectedTime : Time));

    private void OnValue()
    {
        Span<byte> value = stackalloc byte[1];
        _source.Fill(value);
        _value.Value = value[0];
        Arm();
        Raise(_ready);
    }
}
