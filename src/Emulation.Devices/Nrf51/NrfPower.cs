using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Power, clock and memory protection of the nRF51, which share a window. nRF51 Series Reference Manual, chapters 12, "Power management (POWER)", 13, "Clock management (CLOCK)",
/// and 9, "Memory Protection Unit (MPU)". Ports: 4 KiB MMIO; out IRQ "irq"; the board resets the machine when asked to.
/// </summary>
/// <remarks>
/// Start-up times are typical ones of the nRF51822 product specification: crystal of 16 MHz 400 µs, crystal of 32.768 kHz 250 ms, RC oscillator 600 µs; a calibration takes 16 ms.
/// Protection blocks are stored and do not protect. The supply never fails, so that POFWARN does not come.
/// </remarks>
public sealed class NrfPower : NrfPeripheral
{
    private const long CrystalStart = 400_000;
    private const long LowCrystalStart = 250_000_000;
    private const long RcStart = 600_000;
    private const long CalibrationTime = 16_000_000;
    private const ulong Rc = 0;
    private const ulong Crystal = 1;
    private const ulong Synthesized = 2;

    private readonly NrfClocks _clocks;
    private readonly VirtualClock _clock;
    private readonly bool _hasLowCrystal;
    private readonly NrfEvent _highStarted;
    private readonly NrfEvent _lowStarted;
    private readonly NrfEvent _done;
    private readonly NrfEvent _timeout;
    private readonly ClockTimer _highTimer;
    private readonly ClockTimer _lowTimer;
    private readonly ClockTimer _calibration;
    private readonly ClockTimer _calibrationInterval;
    private readonly Register _resetReason;
    private readonly Register _retained;
    private readonly Register _ram;
    private readonly FlagField _highRequested;
    private readonly FlagField _highRuns;
    private readonly FlagField _lowRequested;
    private readonly FlagField _lowRuns;
    private readonly BitField _lowRunning;
    private readonly BitField _lowCopy;
    private readonly BitField _lowSource;
    private readonly BitField _interval;
    private ulong _keptReason;
    private ulong _keptRetained;
    private bool _keep;
    private bool _off;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">The chip's clocks.</param>
    /// <param name="hasLowCrystal">Whether the board has a crystal of 32.768 kHz; without one it never starts.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfPower(string name, NrfClocks clocks, bool hasLowCrystal, VirtualClock clock, GuestLog log)
        : base(name, log, switchable: false)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_clocks, _clock, _hasLowCrystal) = (clocks, clock, hasLowCrystal);
        _highTimer = clock.CreateTimer($"{name}.hfclk", OnHighStarted);
        _lowTimer = clock.CreateTimer($"{name}.lfclk", OnLowStarted);
        _calibration = clock.CreateTimer($"{name}.calibration", OnCalibrated);
        _calibrationInterval = clock.CreateTimer($"{name}.interval", OnInterval);
        AddTask(0x00, "TASKS_HFCLKSTART", StartHigh);
        AddTask(0x04, "TASKS_HFCLKSTOP", StopHigh);
        AddTask(0x08, "TASKS_LFCLKSTART", StartLow);
        AddTask(0x0c, "TASKS_LFCLKSTOP", StopLow);
        AddTask(0x10, "TASKS_CAL", () => _calibration.Arm(_clock.Now + CalibrationTime));
        AddTask(0x14, "TASKS_CTSTART", StartInterval);
        AddTask(0x18, "TASKS_CTSTOP", _calibrationInterval.Disarm);
        AddTask(0x78, "TASKS_CONSTLAT", static () => { });
        AddTask(0x7c, "TASKS_LOWPWR", static () => { });
        _highStarted = AddEvent(0x100, "EVENTS_HFCLKSTARTED");
        _lowStarted = AddEvent(0x104, "EVENTS_LFCLKSTARTED");
        _ = AddEvent(0x108, "EVENTS_POFWARN");
        _done = AddEvent(0x10c, "EVENTS_DONE");
        _timeout = AddEvent(0x110, "EVENTS_CTTO");
        DefineInterrupts();
        _resetReason = Registers.Define(0x400, "RESETREAS").Bits(18, 0, "RESETREAS", FieldMode.WriteOneToClear).Ignored(31, 19);
        Registers.Define(0x408, "HFCLKRUN", access: RegisterAccess.ReadOnly).Flag(0, "STATUS", out _highRequested, FieldMode.ReadOnly).Reserved(31, 1);
        Registers.Define(0x40c, "HFCLKSTAT", access: RegisterAccess.ReadOnly).Flag(0, "SRC", out _highRuns, FieldMode.ReadOnly).Reserved(15, 1)
            .Flag(16, "STATE", FieldMode.ReadOnly, read: static () => true).Reserved(31, 17);
        Registers.Define(0x414, "LFCLKRUN", access: RegisterAccess.ReadOnly).Flag(0, "STATUS", out _lowRequested, FieldMode.ReadOnly).Reserved(31, 1);
        Registers.Define(0x418, "LFCLKSTAT", access: RegisterAccess.ReadOnly).Bits(1, 0, "SRC", out _lowRunning, FieldMode.ReadOnly).Reserved(15, 2)
            .Flag(16, "STATE", out _lowRuns, FieldMode.ReadOnly).Reserved(31, 17);
        Registers.Define(0x41c, "LFCLKSRCCOPY", access: RegisterAccess.ReadOnly).Bits(1, 0, "SRC", out _lowCopy, FieldMode.ReadOnly).Reserved(31, 2);
        Registers.Define(0x428, "RAMSTATUS", 3, access: RegisterAccess.ReadOnly).Bits(3, 0, "RAMBLOCK", FieldMode.ReadOnly).Reserved(31, 4);
        Registers.Define(0x500, "SYSTEMOFF").Flag(0, "SYSTEMOFF", FieldMode.WriteOnly, write: on =>
        {
            if (on)
                TurnOff();
        }).Ignored(31, 1);
        Registers.Define(0x510, "POFCON").Bits(2, 0, "POF, THRESHOLD").Ignored(31, 3);
        Registers.Define(0x518, "LFCLKSRC").Bits(1, 0, "SRC", out _lowSource).Ignored(31, 2);
        _retained = Registers.Define(0x51c, "GPREGRET").Bits(7, 0, "GPREGRET").Ignored(31, 8);
        _ram = Registers.Define(0x524, "RAMON", 3).Bits(1, 0, "ONRAM").Ignored(15, 2).Bits(17, 16, "OFFRAM").Ignored(31, 18);
        Registers.Define(0x528, "PERR0").Bits(31, 30, "PPI, NVMC").Ignored(29, 20).Bits(19, 6, "peripherals in region 0").Ignored(5, 5).Bits(4, 0, "peripherals in region 0");
        Registers.Define(0x52c, "RLENR0").Bits(31, 0, "length of region 0");
        Registers.Define(0x538, "CTIV").Bits(6, 0, "CTIV", out _interval).Ignored(31, 7);
        Registers.Define(0x544, "RESET").Flag(0, "RESET").Ignored(31, 1);
        Registers.Define(0x550, "XTALFREQ", uint.MaxValue).Bits(7, 0, "XTALFREQ").Ignored(31, 8);
        Registers.Define(0x554, "RAMONB", 3).Bits(1, 0, "ONRAM").Ignored(15, 2).Bits(17, 16, "OFFRAM").Ignored(31, 18);
        Registers.Define(0x578, "DCDCEN").Flag(0, "DCDCEN").Ignored(31, 1);
        Registers.Define(0x600, "PROTENSET0").Bits(31, 0, "protection", FieldMode.WriteOneToSet);
        Registers.Define(0x604, "PROTENSET1").Bits(31, 0, "protection", FieldMode.WriteOneToSet);
        Registers.Define(0x608, "DISABLEINDEBUG", 1).Flag(0, "DISABLEINDEBUG").Ignored(31, 1);
        Registers.Define(0x60c, "PROTBLOCKSIZE").Bits(1, 0, "PROTBLOCKSIZE").Ignored(31, 2);
        Registers.Define(0xa08, "DCDCFORCE").Bits(1, 0, "FORCEOFF, FORCEON").Ignored(31, 2);
    }

    /// <summary>Raised when the guest turns the system off: the board stops everything; only a pin or a reset ends that. 12.1.2.</summary>
    public event Action? SystemOff;

    /// <inheritdoc/>
    public override int StateVersion => 2;

    /// <summary>Whether the system is off.</summary>
    public bool IsOff => _off;

    /// <summary>Whether a block of memory keeps its content while the system is off: RAMON.OFFRAM.</summary>
    /// <param name="block">0 or 1.</param>
    public bool KeepsRam(int block) => (_ram.Value >> (16 + block) & 1) != 0;

    /// <summary>Notes why the reset that follows comes; reasons and the retained register live over it.</summary>
    /// <param name="reason">Bit in RESETREAS: 0 pin, 1 watchdog, 2 request of the CPU, 3 lockup; 16 and 17 wake from System OFF by a pin and by the comparator.</param>
    public void NoteReset(int reason)
    {
        _keptReason = _resetReason.Value | (1UL << reason);
        _keptRetained = _retained.Value;
        _keep = true;
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        StopClocks();
        _off = false;
        if (!_keep)
            return;
        _resetReason.Value = _keptReason;
        _retained.Value = _keptRetained;
        _keep = false;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _highTimer.Save(writer);
        _lowTimer.Save(writer);
        _calibration.Save(writer);
        _calibrationInterval.Save(writer);
        writer.Write(_off);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _highTimer.Load(reader);
        _lowTimer.Load(reader);
        _calibration.Load(reader);
        _calibrationInterval.Load(reader);
        _off = reader.ReadBoolean();
    }

    private void StopClocks()
    {
        _highTimer.Disarm();
        _lowTimer.Disarm();
        _calibration.Disarm();
        _calibrationInterval.Disarm();
        _clocks.Lfclk.Enabled = false;
    }

    private void TurnOff()
    {
        StopClocks();
        _off = true;
        SystemOff?.Invoke();
    }

    private void StartHigh()
    {
        _highRequested.Value = true;
        if (!_highTimer.IsArmed)
            _highTimer.Arm(_clock.Now + (_highRuns.Value ? 0 : CrystalStart));
    }

    private void StopHigh()
    {
        _highRequested.Value = _highRuns.Value = false;
        _highTimer.Disarm();
    }

    private void OnHighStarted()
    {
        _highRuns.Value = true;
        Raise(_highStarted);
    }

    private void StartLow()
    {
        _lowRequested.Value = true;
        _lowCopy.Value = _lowSource.Value;
        long time = _lowSource.Value switch { Crystal when _hasLowCrystal => LowCrystalStart, Rc => RcStart, Synthesized => CrystalStart, _ => long.MaxValue };
        if (time == long.MaxValue)
            Log.Error(Name, "the 32.768 kHz crystal is started, and the board has none");
        else if (!_lowTimer.IsArmed)
            _lowTimer.Arm(_clock.Now + (_lowRuns.Value ? 0 : time));
    }

    private void StopLow()
    {
        _lowRequested.Value = _lowRuns.Value = false;
        _lowTimer.Disarm();
        _clocks.Lfclk.Enabled = false;
    }

    private void OnLowStarted()
    {
        _lowRuns.Value = true;
        _lowRunning.Value = _lowCopy.Value;
        _clocks.Lfclk.Enabled = true;
        Raise(_lowStarted);
    }

    private void OnCalibrated() => Raise(_done);

    // in steps of 0.25 s
    private void StartInterval() => _calibrationInterval.Arm(_clock.Now + ((long)Math.Max(1, _interval.Value) * (VirtualClock.Second / 4)));

    private void OnInterval() => Raise(_timeout);
}
