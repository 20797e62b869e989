using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm dual timer SP804: two counters of 16 or 32 bits that count down. Arm DDI 0271D. Ports: 4 KiB MMIO; out IRQ "int1" (TIMINT1), "int2" (TIMINT2) and "intc" (TIMINTC).</summary>
/// <remarks>The integration test registers are not modelled.</remarks>
public sealed class Sp804 : MmioDevice
{
    private readonly Half[] _halves;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="frequency">Hertz of TIMCLK.</param>
    public Sp804(string name, VirtualClock clock, GuestLog log, ulong frequency = 1_000_000)
        : this(name, clock, log, frequency, [0x04, 0x18, 0x14, 0])
    {
    }

    private Sp804(string name, VirtualClock clock, GuestLog log, ulong frequency, ReadOnlySpan<byte> id)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _halves = [new Half(this, 0, clock, frequency), new Half(this, 1, clock, frequency)];
        Combined = AddLine("intc");
        PrimeCell.DefineIdentification(Registers, id[0], id[1], id[2], id[3]);
    }

    /// <summary>The interrupt of both counters together, TIMINTC.</summary>
    public IrqLine Combined { get; }

    /// <summary>The interrupt of one counter.</summary>
    /// <param name="counter">0 or 1.</param>
    public IrqLine Irq(int counter) => _halves[counter].Irq;

    /// <summary>Creates the dual timer of the Cortex-M System Design Kit, which is this one with another identification. Arm DDI 0479.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="frequency">Hertz of its clock.</param>
    public static Sp804 CreateCmsdk(string name, VirtualClock clock, GuestLog log, ulong frequency) => new(name, clock, log, frequency, [0x23, 0xb8, 0x1b, 0]);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        foreach (Half half in _halves)
            half.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (Half half in _halves)
            half.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        foreach (Half half in _halves)
            half.Load(reader);
    }

    private void Update()
    {
        foreach (Half half in _halves)
            half.Irq.Set(half.Asserted);
        Combined.Set(_halves[0].Asserted || _halves[1].Asserted);
    }

    private sealed class Half
    {
        private readonly DownCounter _counter;
        private readonly FlagField _oneShot;
        private readonly FlagField _wide;
        private readonly BitField _prescale;
        private readonly FlagField _interrupts;
        private readonly FlagField _periodic;
        private readonly FlagField _enabled;
        private readonly BitField _load;
        private bool _raw;

        public Half(Sp804 owner, int index, VirtualClock clock, ulong frequency)
        {
            RegisterMap map = owner.Registers;
            ulong at = 0x20 * (ulong)index;
            string suffix = $"{index + 1}";
            Irq = owner.AddLine($"int{suffix}");
            _counter = new DownCounter($"{owner.Name}.{suffix}", clock, frequency, () =>
            {
                _raw = true;
                owner.Update();
            });
            map.Define(at, $"Timer{suffix}Load").Bits(31, 0, "load", out _load).Then(() => Start(Mask((uint)_load!.Value)));
            map.Define(at + 0x04, $"Timer{suffix}Value", access: RegisterAccess.ReadOnly).Bits(31, 0, "value", FieldMode.ReadOnly, read: () => _counter.Value);
            map.Define(at + 0x08, $"Timer{suffix}Control", reset: 0x20)
                .Flag(0, "OneShot", out _oneShot).Flag(1, "TimerSize", out _wide).Bits(3, 2, "TimerPre", out _prescale).Ignored(4, 4)
                .Flag(5, "IntEnable", out _interrupts).Flag(6, "TimerMode", out _periodic).Flag(7, "TimerEn", out _enabled).Ignored(31, 8)
                .Then(() =>
                {
                    Start(_counter.Value);
                    owner.Update();
                });
            map.Define(at + 0x0c, $"Timer{suffix}IntClr", access: RegisterAccess.WriteOnly).Ignored(31, 0).Then(() =>
            {
                _raw = false;
                _counter.Watch();
                owner.Update();
            });
            map.Define(at + 0x10, $"Timer{suffix}RIS", access: RegisterAccess.ReadOnly).Flag(0, "raw", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 1);
            map.Define(at + 0x14, $"Timer{suffix}MIS", access: RegisterAccess.ReadOnly).Flag(0, "masked", FieldMode.ReadOnly, read: () => Asserted).Reserved(31, 1);
            // the same value as the load register, without a restart (3.2.7)
            map.Define(at + 0x18, $"Timer{suffix}BGLoad").Bits(31, 0, "load", read: () => _load.Value, write: v =>
            {
                uint value = _counter.Value;
                _load.Value = v;
                Start(value);
            });
            Reset();
        }

        public IrqLine Irq { get; }

        public bool Asserted => _raw && _interrupts.Value;

        public void Reset()
        {
            _raw = false;
            Configure();
            _counter.Set(uint.MaxValue, run: false);
        }

        public void Save(StateWriter writer)
        {
            writer.Write(_raw);
            _counter.Save(writer);
        }

        public void Load(StateReader reader)
        {
            _raw = reader.ReadBoolean();
            Configure();
            _counter.Load(reader);
        }

        private uint Mask(uint value) => _wide.Value ? value : value & 0xffff;

        private void Configure()
        {
            _counter.Divider = _prescale.Value switch { 0 => 1u, 1 => 16, _ => 256 };
            _counter.Reload = _oneShot.Value ? null : Mask(_periodic.Value ? (uint)_load.Value : uint.MaxValue);
        }

        private void Start(uint value)
        {
            Configure();
            _counter.Set(Mask(value), _enabled.Value);
        }
    }
}
