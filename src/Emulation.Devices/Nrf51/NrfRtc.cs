using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Real-time counter of the nRF51: 24 bits of the 32.768 kHz clock behind a prescaler. nRF51 Series Reference Manual, chapter 19, "Real Time Counter (RTC)". Ports: 4 KiB MMIO; out IRQ "irq".</summary>
/// <remarks>Tasks take effect at once, where the hardware takes up to two cycles of its clock.</remarks>
public sealed class NrfRtc : NrfPeripheral
{
    private const ulong Mask = 0xff_ffff;
    private const ulong AlmostOver = 0xff_fff0;

    private readonly NrfCounter _counter;
    private readonly ClockDivider _prescaled;
    private readonly NrfEvent _tick;
    private readonly NrfEvent _overflow;
    private readonly NrfEvent[] _compare;
    private readonly Register _routed;
    private readonly BitField _prescaler;
    private readonly BitField _value;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">The chip's clocks.</param>
    /// <param name="channels">Compare registers: 3 or 4.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfRtc(string name, NrfClocks clocks, int channels, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(clock);
        _prescaled = clocks.Tree.Divider($"{name} prescaler", clocks.Lfclk);
        _counter = new NrfCounter($"{name}.compare", clock, _prescaled, Next, Reached);
        AddTask(0x00, "TASKS_START", Start);
        AddTask(0x04, "TASKS_STOP", _counter.Stop);
        AddTask(0x08, "TASKS_CLEAR", () => _counter.Set(0));
        AddTask(0x0c, "TASKS_TRIGOVRFLW", () => _counter.Set(AlmostOver));
        _tick = AddEvent(0x100, "EVENTS_TICK");
        _overflow = AddEvent(0x104, "EVENTS_OVRFLW");
        _compare = new NrfEvent[channels];
        for (int i = 0; i < channels; i++)
            _compare[i] = AddEvent(0x140 + ((ulong)i * 4), $"EVENTS_COMPARE[{i}]");
        uint mask = EventMask;
        DefineInterrupts();
        _routed = DefineSetClear(0x344, 0x348, "EVTEN", mask, Configure);
        Registers.Define(0x340, "EVTEN").Bits(31, 0, "EVTEN", read: () => _routed.Value, write: v => _routed.Value = v & mask).Then(Configure);
        Registers.Define(0x504, "COUNTER", access: RegisterAccess.ReadOnly).Bits(23, 0, "COUNTER", FieldMode.ReadOnly, read: () => _counter.Value & Mask).Reserved(31, 24);
        Registers.Define(0x508, "PRESCALER").Bits(11, 0, "PRESCALER", out _prescaler).Ignored(31, 12);
        Registers.DefineMany(0x540, channels, 4, "CC").Bits(23, 0, "CC", out _value).Ignored(31, 24).Then(_ => Configure());
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _counter.Reset();
        _prescaled.Divider = 1;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer) => _counter.Save(writer);

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader) => _counter.Load(reader);

    /// <inheritdoc/>
    private protected override void OnInterruptsChanged() => Configure();

    private bool IsOn(NrfEvent e) => ((EnabledInterrupts | (uint)_routed.Value) & e.Mask) != 0;

    private void Start()
    {
        // the prescaler is taken over by a start alone
        if (!_counter.IsRunning)
            _prescaled.Divider = (uint)_prescaler.Value + 1;
        _counter.Start();
    }

    private void Configure() => _counter.Settle();

    private ulong Next(ulong value)
    {
        if (IsOn(_tick))
            return 1;
        ulong best = IsOn(_overflow) ? Distance(0, value) : ulong.MaxValue;
        for (int i = 0; i < _compare.Length; i++)
        {
            if (IsOn(_compare[i]))
                best = Math.Min(best, Distance(_value[i], value));
        }

        return best;
    }

    private static ulong Distance(ulong target, ulong value)
    {
        ulong distance = (target - value) & Mask;
        return distance == 0 ? Mask + 1 : distance;
    }

    private void Reached(ulong value)
    {
        ulong now = value & Mask;
        if (IsOn(_tick))
            Raise(_tick);
        if (now == 0 && IsOn(_overflow))
            Raise(_overflow);
        for (int i = 0; i < _compare.Length; i++)
        {
            if (_value[i] == now && IsOn(_compare[i]))
                Raise(_compare[i]);
        }
    }
}
