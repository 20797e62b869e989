using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Watchdog timer of a Stellaris microcontroller: an SP805 on the system clock whose enable stays. LM3S6965 data sheet, "Watchdog Timer". Ports: 4 KiB MMIO; out IRQ "wdt" and "reset".</summary>
/// <remarks>The debugger does not stop it: STALL is kept as written.</remarks>
public sealed class StellarisWatchdog : StellarisPeripheral
{
    private const uint UnlockKey = 0x1acc_e551;
    private readonly CycleTimer _timer;
    private readonly BitField _load;
    private readonly FlagField _enabled, _resets;
    private bool _raw, _locked, _started;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock, which it counts.</param>
    public StellarisWatchdog(string name, VirtualClock clock, GuestLog log, ClockSignal busClock) : base(name, clock, log, busClock)
    {
        Irq = AddLine("wdt");
        ResetRequest = AddLine("reset");
        _timer = new CycleTimer($"{name} counter", clock, busClock, OnZero);
        Registers.Define(0x000, "WDTLOAD", uint.MaxValue).Bits(31, 0, "WDTLoad", out _load).Then(Restart);
        Registers.Define(0x004, "WDTVALUE", access: RegisterAccess.ReadOnly).Bits(31, 0, "WDTValue", FieldMode.ReadOnly, read: () => _started ? _timer.Left : uint.MaxValue);
        Registers.Define(0x008, "WDTCTL").Flag(0, "INTEN", out _enabled, FieldMode.WriteOneToSet).Flag(1, "RESEN", out _resets).Ignored(31, 2).Then(OnControl);
        Registers.Define(0x00c, "WDTICR", access: RegisterAccess.WriteOnly).Bits(31, 0, "WDTIntClr", FieldMode.WriteOnly, write: _ => Serve());
        Registers.Define(0x010, "WDTRIS", access: RegisterAccess.ReadOnly).Flag(0, "WDTRIS", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 1);
        Registers.Define(0x014, "WDTMIS", access: RegisterAccess.ReadOnly).Flag(0, "WDTMIS", FieldMode.ReadOnly, read: () => _raw && _enabled!.Value).Reserved(31, 1);
        Registers.Define(0x418, "WDTTEST").Flag(8, "STALL").Ignored(7, 0).Ignored(31, 9);
        Registers.Define(0xc00, "WDTLOCK").Bits(31, 0, "WDTLock", read: () => _locked ? 1u : 0, write: v => _locked = (uint)v != UnlockKey);
        PrimeCell.DefineIdentification(Registers, 0x0118_1805, 0xfd0);
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>Asks for a reset of the machine.</summary>
    public IrqLine ResetRequest { get; }

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
        (_raw, _locked, _started) = (false, false, false);
        _timer.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_raw);
        writer.Write(_locked);
        writer.Write(_started);
        _timer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _raw = reader.ReadBoolean();
        _locked = reader.ReadBoolean();
        _started = reader.ReadBoolean();
        _timer.Load(reader);
    }

    private void OnControl()
    {
        if (_enabled.Value && (!_started || !_timer.IsArmed))
            Restart();
        Irq.Set(_raw && _enabled.Value);
    }

    private void Serve()
    {
        _raw = false;
        Irq.Set(false);
        Restart();
    }

    private void Restart()
    {
        if (!_enabled.Value)
            return;
        _started = true;
        _timer.Arm(Math.Max(1, _load.Value));
    }

    private void OnZero()
    {
        if (_raw && _resets.Value)
            ResetRequest.Set(true);
        bool first = !_raw;
        _raw = true;
        Irq.Set(_enabled.Value);
        // what comes after the second time-out changes nothing
        if (first)
            _timer.Extend(_load.Value + 1);
    }
}
