using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Power control of the STM32F405/407. RM0090 chapter 5. Ports: 1 KiB MMIO; out "pvd" to EXTI line 16; in the wake-up pin.</summary>
/// <remarks>The regulators need 40 µs to settle. Current consumption is not modelled: the low-power settings decide what <see cref="Stm32LowPowerMode"/> deep sleep enters.</remarks>
public sealed class Stm32F4Pwr : Stm32Peripheral
{
    private const long RegulatorTime = 40_000;
    private const int Hysteresis = 100;
    private readonly Stm32System _system;
    private readonly Stm32RetainedRegisters _retained;
    private readonly Register _csr;
    private readonly FlagField _stopRegulator, _powerDown, _detector, _backupAccess, _wakePin, _backupRegulator, _wakeFlag, _standbyFlag, _scale;
    private readonly BitField _level;
    private long _scaledAt;
    private long _backupAt;
    private bool _below;
    private bool _pin;
    private bool _scaleBefore;
    private int _supply = 3300;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="system">Told who may write the backup domain.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock of its registers.</param>
    public Stm32F4Pwr(string name, Stm32System system, VirtualClock clock, GuestLog log, ClockSignal busClock)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(system);
        _system = system;
        Pvd = AddLine("pvd");
        Registers.Define(0x00, "PWR_CR", reset: 0x4000)
            .Flag(0, "LPDS", out _stopRegulator).Flag(1, "PDDS", out _powerDown)
            .Flag(2, "CWUF", read: static () => false, write: v => ClearWake(v)).Flag(3, "CSBF", read: static () => false, write: v => ClearStandby(v))
            .Flag(4, "PVDE", out _detector).Bits(7, 5, "PLS", out _level).Flag(8, "DBP", out _backupAccess).Flag(9, "FPDS").Reserved(13, 10)
            .Flag(14, "VOS", out _scale).Ignored(15, 15).Reserved(31, 16).Then(OnControl);
        _csr = Registers.Define(0x04, "PWR_CSR")
            .Flag(0, "WUF", out _wakeFlag, FieldMode.ReadOnly).Flag(1, "SBF", out _standbyFlag, FieldMode.ReadOnly)
            .Flag(2, "PVDO", FieldMode.ReadOnly, read: () => _detector!.Value && _below)
            .Flag(3, "BRR", FieldMode.ReadOnly, read: () => _backupRegulator!.Value && Clock.Now >= _backupAt).Reserved(7, 4)
            .Flag(8, "EWUP", out _wakePin).Flag(9, "BRE", out _backupRegulator, write: on => StartBackup(on)).Reserved(13, 10)
            .Flag(14, "VOSRDY", FieldMode.ReadOnly, read: () => Clock.Now >= _scaledAt).Reserved(31, 15);
        _retained = new Stm32RetainedRegisters(system, (_csr, 0x303));
        ResetState();
    }

    /// <summary>High while the supply is below the chosen threshold.</summary>
    public IrqLine Pvd { get; }

    /// <summary>The supply voltage in millivolts, for the voltage detector.</summary>
    public int SupplyMillivolts
    {
        get => _supply;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _supply = value;
            Detect();
        }
    }

    /// <summary>What deep sleep of the CPU enters.</summary>
    public Stm32LowPowerMode DeepSleep => _powerDown.Value ? Stm32LowPowerMode.Standby : Stm32LowPowerMode.Stop;

    /// <summary>Whether a rising edge of the wake-up pin ends Standby mode.</summary>
    public bool WakesOnPin => _wakePin.Value;

    /// <summary>The backup domain was reset.</summary>
    public void ResetBackup() => _backupRegulator.Value = false;

    /// <summary>The mode that the device is in: Stop or Standby during deep sleep of the CPU, else Run.</summary>
    public Stm32LowPowerMode Mode { get; private set; }

    /// <summary>Stop or Standby mode begins; of the latter a flag will tell after the wake-up.</summary>
    /// <param name="mode">The mode.</param>
    public void Enter(Stm32LowPowerMode mode)
    {
        Mode = mode;
        if (mode == Stm32LowPowerMode.Standby)
            _standbyFlag.Value = true;
    }

    /// <summary>The CPU executes again.</summary>
    public void Leave() => Mode = Stm32LowPowerMode.Run;

    /// <summary>An event that wakes the device up: the pin, or the RTC.</summary>
    public void WakeUp() => _wakeFlag.Value = true;

    /// <summary>The level of the wake-up pin, PA0.</summary>
    /// <param name="level">High or low.</param>
    public void SetWakePin(bool level)
    {
        bool rises = level && !_pin;
        _pin = level;
        if (rises && _wakePin.Value)
            WakeUp();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _ = _retained.Restore();
        Mode = Stm32LowPowerMode.Run;
        _below = false;
        _pin = false;
        _scaleBefore = true;
        _scaledAt = Clock.Now + RegulatorTime;
        if (!_system.KeepsBackup)
            _backupAt = long.MaxValue;
        _system.BackupWritable = false;
        Detect();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_below);
        writer.Write(_pin);
        writer.Write(_scaleBefore);
        writer.Write(_supply);
        writer.Write(_scaledAt);
        writer.Write(_backupAt);
        writer.Write((byte)Mode);
        _retained.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _below = reader.ReadBoolean();
        _pin = reader.ReadBoolean();
        _scaleBefore = reader.ReadBoolean();
        _supply = reader.ReadInt32();
        _scaledAt = reader.ReadInt64();
        _backupAt = reader.ReadInt64();
        Mode = (Stm32LowPowerMode)reader.ReadByte();
        if (!Enum.IsDefined(Mode))
            throw reader.Damaged("an unknown low-power mode");
        _retained.Load(reader);
        _system.BackupWritable = _backupAccess.Value;
    }

    private void OnControl()
    {
        _system.BackupWritable = _backupAccess.Value;
        if (_scale.Value != _scaleBefore)
            _scaledAt = Clock.Now + RegulatorTime;
        _scaleBefore = _scale.Value;
        Detect();
    }

    private void ClearWake(bool clear) => _wakeFlag.Value &= !clear;

    private void ClearStandby(bool clear) => _standbyFlag.Value &= !clear;

    private void StartBackup(bool on) => _backupAt = on ? Math.Min(_backupAt, Clock.Now + RegulatorTime) : long.MaxValue;

    // DS8626 table 19: the thresholds of the eight levels at a falling supply
    private void Detect()
    {
        ReadOnlySpan<int> falling = [2040, 2190, 2350, 2500, 2600, 2700, 2830, 2930];
        int threshold = falling[(int)_level.Value];
        _below = _below ? _supply < threshold + Hysteresis : _supply < threshold;
        Pvd.Set(_detector.Value && _below);
    }
}
