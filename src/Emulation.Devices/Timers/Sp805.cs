using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm watchdog SP805: interrupts when its counter reaches zero, and resets the machine when it does again before it was served. Arm DDI 0270B. Ports: 4 KiB MMIO; out IRQ "int" (WDOGINT) and "res" (WDOGRES).</summary>
/// <remarks>The integration test registers are not modelled.</remarks>
public sealed class Sp805 : MmioDevice
{
    private const ulong UnlockKey = 0x1acc_e551;
    private readonly DownCounter _counter;
    private readonly BitField _load;
    private readonly FlagField _enabled;
    private readonly FlagField _resets;
    private bool _raw;
    private bool _locked;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="frequency">Hertz of WDOGCLK.</param>
    public Sp805(string name, VirtualClock clock, GuestLog log, ulong frequency = 1_000_000)
        : this(name, clock, log, frequency, [0x05, 0x18, 0x14, 0])
    {
    }

    private Sp805(string name, VirtualClock clock, GuestLog log, ulong frequency, ReadOnlySpan<byte> id)
        : base(name, log, 0x1000, AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Irq = AddLine("int");
        ResetRequest = AddLine("res");
        _counter = new DownCounter($"{name}.counter", clock, frequency, OnZero) { Reload = uint.MaxValue };
        Registers.Define(0x000, "WdogLoad", reset: uint.MaxValue).Bits(31, 0, "load", out _load).Then(Restart);
        Registers.Define(0x004, "WdogValue", access: RegisterAccess.ReadOnly).Bits(31, 0, "value", FieldMode.ReadOnly, read: () => _counter.Value);
        Registers.Define(0x008, "WdogControl").Flag(0, "INTEN", out _enabled).Flag(1, "RESEN", out _resets).Ignored(31, 2).Then(OnControl);
        Registers.Define(0x00c, "WdogIntClr", access: RegisterAccess.WriteOnly).Ignored(31, 0).Then(() =>
        {
            _raw = false;
            Restart();
            Update();
        });
        Registers.Define(0x010, "WdogRIS", access: RegisterAccess.ReadOnly).Flag(0, "raw", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 1);
        Registers.Define(0x014, "WdogMIS", access: RegisterAccess.ReadOnly).Flag(0, "masked", FieldMode.ReadOnly, read: () => _raw && _enabled!.Value).Reserved(31, 1);
        Registers.Define(0xc00, "WdogLock").Bits(31, 0, "lock", read: () => _locked ? 1UL : 0, write: v => _locked = v != UnlockKey);
        PrimeCell.DefineIdentification(Registers, id[0], id[1], id[2], id[3]);
        ResetState();
    }

    /// <summary>The interrupt, WDOGINT.</summary>
    public IrqLine Irq { get; }

    /// <summary>Asks for a reset of the machine, WDOGRES.</summary>
    public IrqLine ResetRequest { get; }

    /// <summary>Creates the watchdog of the Cortex-M System Design Kit, which is this one with another identification. Arm DDI 0479.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="frequency">Hertz of its clock.</param>
    public static Sp805 CreateCmsdk(string name, VirtualClock clock, GuestLog log, ulong frequency) => new(name, clock, log, frequency, [0x24, 0xb8, 0x1b, 0]);

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (!_locked || offset == 0xc00)
            base.Write(offset, size, value);
        else
            Log.Error(Name, "write while the registers are locked");
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _raw = _locked = false;
        _counter.Reload = uint.MaxValue;
        _counter.Set(uint.MaxValue, run: false);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_raw);
        writer.Write(_locked);
        _counter.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _raw = reader.ReadBoolean();
        _locked = reader.ReadBoolean();
        _counter.Reload = (uint)_load.Value;
        _counter.Load(reader);
    }

    // The counter begins anew when it is enabled, and otherwise goes on (3.3.3).
    private void OnControl()
    {
        _counter.Set(_enabled.Value && !_counter.IsRunning ? (uint)_load.Value : _counter.Value, _enabled.Value);
        Update();
    }

    private void Restart()
    {
        _counter.Reload = (uint)_load.Value;
        _counter.Set((uint)_load.Value, _enabled.Value);
    }

    private void OnZero()
    {
        if (_raw && _resets.Value)
            ResetRequest.Set(true);
        if (!_raw)
            _counter.Watch();
        _raw = true;
        Update();
    }

    private void Update() => Irq.Set(_raw && _enabled.Value);
}
