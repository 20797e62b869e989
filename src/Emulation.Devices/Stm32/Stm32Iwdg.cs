using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Independent watchdog of the STM32F4, on the LSI. RM0090 chapter 21. Ports: 1 KiB MMIO; asks for a reset.</summary>
public sealed class Stm32Iwdg : MmioDevice
{
    private const ulong ReloadKey = 0xaaaa;
    private const ulong AccessKey = 0x5555;
    private const ulong StartKey = 0xcccc;
    private const ulong UpdateCycles = 5;
    private readonly Stm32System _system;
    private readonly Action _forceOscillator;
    private readonly Func<bool> _startsByItself;
    private readonly CycleTimer _timeout, _prescalerUpdate, _reloadUpdate;
    private readonly BitField _prescaler, _reload;
    private bool _running;
    private bool _writable;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="system">Asked for resets.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="lsi">What it counts.</param>
    /// <param name="forceOscillator">Turns the LSI on for good; run when the watchdog starts.</param>
    /// <param name="startsByItself">Whether the option bytes start it at reset; null for no.</param>
    public Stm32Iwdg(string name, Stm32System system, VirtualClock clock, GuestLog log, ClockSignal lsi, Action forceOscillator, Func<bool>? startsByItself = null)
        : base(name, log, 0x400, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        (_system, _forceOscillator, _startsByItself) = (system, forceOscillator, startsByItself ?? (static () => false));
        _timeout = new CycleTimer($"{name} timeout", clock, lsi, () => _system.RequestReset(Stm32ResetCause.IndependentWatchdog));
        _prescalerUpdate = new CycleTimer($"{name} PVU", clock, lsi, static () => { });
        _reloadUpdate = new CycleTimer($"{name} RVU", clock, lsi, static () => { });
        Registers.Define(0x00, "IWDG_KR").Bits(15, 0, "KEY", read: static () => 0, write: OnKey).Reserved(31, 16);
        Registers.Define(0x04, "IWDG_PR").Bits(2, 0, "PR", out _prescaler, FieldMode.ReadOnly).Reserved(31, 3);
        Registers.Define(0x08, "IWDG_RLR", reset: 0xfff).Bits(11, 0, "RL", out _reload, FieldMode.ReadOnly).Reserved(31, 12);
        Registers.Define(0x0c, "IWDG_SR").Flag(0, "PVU", FieldMode.ReadOnly, read: () => _prescalerUpdate.IsArmed).Flag(1, "RVU", FieldMode.ReadOnly, read: () => _reloadUpdate.IsArmed).Reserved(31, 2);
    }

    /// <summary>Whether it counts; only a reset stops it.</summary>
    public bool IsRunning => _running;

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (offset is 4 or 8)
            Configure(offset == 4 ? _prescaler : _reload, offset == 4 ? _prescalerUpdate : _reloadUpdate, value);
        else
            base.Write(offset, size, value);
    }

    /// <summary>At the end of the board's reset: the option bytes may start it.</summary>
    public void StartByOption()
    {
        if (_startsByItself())
            Start();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timeout.Disarm();
        _prescalerUpdate.Disarm();
        _reloadUpdate.Disarm();
        (_running, _writable) = (false, false);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_running);
        writer.Write(_writable);
        _timeout.Save(writer);
        _prescalerUpdate.Save(writer);
        _reloadUpdate.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_running, _writable) = (reader.ReadBoolean(), reader.ReadBoolean());
        _timeout.Load(reader);
        _prescalerUpdate.Load(reader);
        _reloadUpdate.Load(reader);
    }

    private void OnKey(ulong key)
    {
        _writable = key == AccessKey;
        if (key == StartKey)
            Start();
        else if (key == ReloadKey && _running)
            Reload();
    }

    private void Start()
    {
        _forceOscillator();
        if (_running)
            return;
        _running = true;
        Reload();
    }

    // The counter goes from RL to 0 and resets with the next step (21.3).
    private void Reload() => _timeout.Arm((_reload.Value + 1) << (2 + (int)Math.Min(_prescaler.Value, 6)));

    private void Configure(BitField field, CycleTimer update, ulong value)
    {
        if (!_writable)
        {
            Log.Error(Name, "IWDG_PR or IWDG_RLR is written without the key 0x5555");
            return;
        }

        if (update.IsArmed)
        {
            Log.Error(Name, "IWDG_PR or IWDG_RLR is written while its last change is under way (IWDG_SR)");
            return;
        }

        field.Value = value;
        update.Arm(UpdateCycles);
    }
}
