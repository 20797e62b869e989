using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Pulse-width modulator of the SiFive FE310: a counter and four comparators. FE310-G002 Manual, "Pulse Width Modulator (PWM)". Ports: 4 KiB MMIO; out IRQ per comparator; a pin function each.</summary>
/// <remarks>The comparators' registered outputs follow within the same clock cycle, not one later.</remarks>
public sealed class SifivePwm : MmioDevice, IInterruptSource
{
    /// <summary>Comparators.</summary>
    public const int ComparatorCount = 4;

    private readonly ClockCounter _counter;
    private readonly ClockTimer _timer;
    private readonly int _width;
    private readonly SifivePinFunction?[] _outputs = new SifivePinFunction?[ComparatorCount];
    private readonly BitField _scale;
    private readonly FlagField _sticky;
    private readonly FlagField _zero;
    private readonly FlagField _deglitch;
    private readonly FlagField _always;
    private readonly FlagField _oneShot;
    private readonly BitField _center;
    private readonly BitField _gang;
    private readonly BitField _pending;
    private readonly BitField _compare;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="width">Bits of the comparators: 8 or 16.</param>
    /// <param name="signal">The clock it counts.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifivePwm(string name, int width, ClockSignal signal, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _width = width is 8 or 16 ? width : throw new ArgumentOutOfRangeException(nameof(width), width, "comparators have 8 or 16 bits");
        for (int i = 0; i < ComparatorCount; i++)
            AddLine($"cmp{i}");
        _counter = new ClockCounter(clock, signal, Arm);
        _timer = clock.CreateTimer($"{name}.compare", Advance);
        Registers.Define(0x00, "pwmcfg").Bits(3, 0, "pwmscale", out _scale).Ignored(7, 4).Flag(8, "pwmsticky", out _sticky).Flag(9, "pwmzerocmp", out _zero)
            .Flag(10, "pwmdeglitch", out _deglitch).Ignored(11, 11).Flag(12, "pwmenalways", out _always).Flag(13, "pwmenoneshot", out _oneShot).Ignored(15, 14)
            .Bits(19, 16, "pwmcmpcenter", out _center).Ignored(23, 20).Bits(27, 24, "pwmcmpgang", out _gang).Bits(31, 28, "pwmcmpip", out _pending).Then(Configure);
        Registers.Define(0x08, "pwmcount").Bits(30, 0, "pwmcount", read: () => Count, write: v => SetCount(v & CountMask)).Ignored(31, 31);
        Registers.Define(0x10, "pwms", access: RegisterAccess.ReadOnly).Bits(15, 0, "pwms", FieldMode.ReadOnly, read: () => Scaled(Count)).Reserved(31, 16);
        Registers.DefineMany(0x20, ComparatorCount, 4, "pwmcmp", (1UL << width) - 1).Bits(width - 1, 0, "pwmcmp", out _compare).Ignored(31, width).Then(_ => Configure());
    }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    private ulong CountMask => (1UL << (_width + 15)) - 1;

    private ulong ScaledMask => (1UL << _width) - 1;

    private bool Runs => _always.Value || _oneShot.Value;

    /// <summary>Where the counter starts again, in cycles: at the first comparator with pwmzerocmp, else where it overflows.</summary>
    private ulong Round => _zero.Value ? (_compare[0] << (int)_scale.Value) + 1 : 1UL << (_width + (int)_scale.Value);

    private ulong Count => _zero.Value ? _counter.Value % Round : _counter.Value & CountMask;

    /// <summary>Connects a comparator to its pin.</summary>
    /// <param name="comparator">From 0.</param>
    /// <param name="function">The pin's function.</param>
    public void Connect(int comparator, SifivePinFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        _outputs[comparator] = function;
        function.Set(Lines[comparator].Level);
    }

    /// <summary>Interrupt of a comparator.</summary>
    /// <param name="comparator">From 0.</param>
    public IrqLine Irq(int comparator) => Lines[comparator];

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _counter.Reset();
        _timer.Disarm();
        Drive();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _counter.Save(writer);
        _timer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _counter.Load(reader);
        _timer.Load(reader);
        for (int i = 0; i < ComparatorCount; i++)
            _outputs[i]?.Restore(Output(i), drive: true);
    }

    private ulong Scaled(ulong count) => (count >> (int)_scale.Value) & ScaledMask;

    private void SetCount(ulong value)
    {
        _counter.Set(value);
        Configure();
    }

    private void Configure()
    {
        if (Runs && !_counter.IsRunning)
            _counter.Start();
        else if (!Runs && _counter.IsRunning)
            _counter.Stop();
        // a count that is past the end of its round starts the next one
        if (_zero.Value && _counter.Value >= Round)
            Restart(_counter.Value - Round);
        Compare(restarted: false);
        Arm();
    }

    private void Restart(ulong excess)
    {
        if (_oneShot.Value && !_always.Value)
        {
            _oneShot.Value = false;
            _counter.Stop();
            excess = 0;
        }

        _counter.Set(excess % Round);
    }

    /// <summary>The counter has reached a comparator or the end of its round.</summary>
    private void Advance()
    {
        ulong round = Round, count = _counter.Value, end = _zero.Value ? round : count - (count % round) + round;
        bool restarted = _zero.Value ? count >= end : count % round == 0 && count != 0;
        if (restarted && (_zero.Value || (_oneShot.Value && !_always.Value)))
            Restart(_zero.Value ? count - end : 0);
        Compare(restarted);
        Arm();
    }

    private void Compare(bool restarted)
    {
        ulong now = Scaled(Count), results = 0;
        for (int i = 0; i < ComparatorCount; i++)
        {
            bool center = ((_center.Value >> i) & 1) != 0;
            ulong value = center && (now >> (_width - 1)) != 0 ? ~now & ScaledMask : now;
            if (value >= _compare[i])
                results |= 1UL << i;
        }

        // sticky bits are cleared by software alone; deglitched ones hold for the rest of the round
        if (_sticky.Value || (_deglitch.Value && !restarted))
            results |= _pending.Value;
        _pending.Value = results;
        Drive();
    }

    private bool Output(int comparator)
    {
        ulong next = (_pending.Value >> ((comparator + 1) % ComparatorCount)) & 1;
        return ((_pending.Value >> comparator) & 1 & ~(next & (_gang.Value >> comparator))) != 0;
    }

    private void Drive()
    {
        for (int i = 0; i < ComparatorCount; i++)
        {
            Lines[i].Set(((_pending.Value >> i) & 1) != 0);
            _outputs[i]?.Set(Output(i));
        }
    }

    private void Arm()
    {
        if (!_counter.IsRunning)
        {
            _timer.Disarm();
            return;
        }

        int scale = (int)_scale.Value;
        ulong count = _counter.Value, round = Round, start = count - (count % round), phase = count % round, next = round;
        for (int i = 0; i < ComparatorCount; i++)
        {
            Consider(_compare[i] << scale);
            if (((_center.Value >> i) & 1) != 0)
                Consider((ScaledMask + 1 - _compare[i]) << scale);
        }

        _timer.Arm(_counter.TimeOf(start + next));

        void Consider(ulong at)
        {
            if (at > phase && at < next)
                next = at;
        }
    }
}
