using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Always-on domain of the SiFive FE310: watchdog, real-time clock, backup registers, power management. FE310-G002 Manual, "Always-On Power Domain (AON)",
/// "Watchdog Timer (WDT)", "Power-Management Unit (PMU)", "Real-Time Clock (RTC)". Ports: 4 KiB MMIO; out IRQ "wdog", "rtc"; the board resets the machine when asked to.
/// </summary>
/// <remarks>
/// The watchdog's <c>wdogencoreawake</c> counts while the PMU has not put the core to sleep. A sleep program takes the time of its delays; what it does to the
/// power of the chip is that everything but this device is reset when it wakes. Resistors, low-voltage and band gap settings are stored only.
/// </remarks>
public sealed partial class SifiveAon : MmioDevice, IInterruptSource
{
    /// <summary>Backup registers.</summary>
    public const int BackupCount = 32;

    private const ulong Key = 0x51_f15e;
    private const ulong Food = 0x0d09_f00d;
    private const ulong WatchdogMask = (1UL << 31) - 1;
    private const ulong RtcMask = (1UL << 48) - 1;

    private readonly SifiveClocks _clocks;
    private readonly ClockCounter _watchdog;
    private readonly ClockCounter _rtc;
    private readonly ClockTimer _watchdogTimer;
    private readonly ClockTimer _rtcTimer;
    private readonly ClockTimer _sleepTimer;
    private readonly VirtualClock _clock;
    private readonly BitField _scale;
    private readonly FlagField _resetEnable;
    private readonly FlagField _zeroOnCompare;
    private readonly FlagField _always;
    private readonly FlagField _coreAwake;
    private readonly FlagField _watchdogPending;
    private readonly BitField _watchdogCompare;
    private readonly BitField _rtcScale;
    private readonly FlagField _rtcAlways;
    private readonly BitField _rtcCompare;
    private readonly BitField _lfroscDivider;
    private readonly BitField _lfroscTrim;
    private readonly FlagField _lfroscEnable;
    private readonly FlagField _externalSelect;
    private readonly Register _watchdogConfig;
    private readonly Register[] _sleepProgram = new Register[ProgramLength];
    private Register _wakeEnable = null!;
    private Register _cause = null!;
    private bool _unlocked;
    private bool _pmuUnlocked;
    private bool _sleeping;
    private byte[]? _kept;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">The chip's clocks.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifiveAon(string name, SifiveClocks clocks, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(clock);
        (_clocks, _clock) = (clocks, clock);
        WatchdogIrq = AddLine("wdog");
        RtcIrq = AddLine("rtc");
        _watchdog = new ClockCounter(clock, clocks.Lfclk, UpdateWatchdog);
        _rtc = new ClockCounter(clock, clocks.Lfclk, UpdateRtc);
        _watchdogTimer = clock.CreateTimer($"{name}.wdog", UpdateWatchdog);
        _rtcTimer = clock.CreateTimer($"{name}.rtc", UpdateRtc);
        _sleepTimer = clock.CreateTimer($"{name}.pmu", OnAsleep);

        _watchdogConfig = Registers.Define(0x00, "wdogcfg").Bits(3, 0, "wdogscale", out _scale).Ignored(7, 4).Flag(8, "wdogrsten", out _resetEnable).Flag(9, "wdogzerocmp", out _zeroOnCompare).Ignored(11, 10)
            .Flag(12, "wdogenalways", out _always).Flag(13, "wdogencoreawake", out _coreAwake).Ignored(27, 14).Flag(28, "wdogip0", out _watchdogPending).Ignored(31, 29)
            .Then(UpdateWatchdog);
        Registers.Define(0x08, "wdogcount").Bits(30, 0, "wdogcount", read: () => _watchdog.Value & WatchdogMask, write: SetWatchdog).Ignored(31, 31);
        Registers.Define(0x10, "wdogs", access: RegisterAccess.ReadOnly).Bits(15, 0, "wdogs", FieldMode.ReadOnly, read: () => WatchdogScaled).Reserved(31, 16);
        Registers.Define(0x18, "wdogfeed").Bits(31, 0, "wdogfeed", FieldMode.WriteOnly, write: Feed);
        Registers.Define(0x1c, "wdogkey").Bits(31, 0, "wdogkey", read: () => _unlocked ? 1UL : 0, write: v => _unlocked = v == Key);
        Registers.Define(0x20, "wdogcmp0", 0xffff).Bits(15, 0, "wdogcmp0", out _watchdogCompare).Ignored(31, 16).Then(UpdateWatchdog);

        Registers.Define(0x40, "rtccfg").Bits(3, 0, "rtcscale", out _rtcScale).Ignored(11, 4).Flag(12, "rtcenalways", out _rtcAlways).Ignored(27, 13)
            .Flag(28, "rtcip0", FieldMode.ReadOnly, read: () => RtcReached).Ignored(31, 29).Then(UpdateRtc);
        Registers.Define(0x48, "rtccountlo").Bits(31, 0, "rtccountlo", read: () => _rtc.Value & uint.MaxValue, write: v => SetRtc((_rtc.Value & ~(ulong)uint.MaxValue) | v));
        Registers.Define(0x4c, "rtccounthi").Bits(15, 0, "rtccounthi", read: () => (_rtc.Value & RtcMask) >> 32, write: v => SetRtc((_rtc.Value & uint.MaxValue) | (v << 32))).Ignored(31, 16);
        Registers.Define(0x50, "rtcs", access: RegisterAccess.ReadOnly).Bits(31, 0, "rtcs", FieldMode.ReadOnly, read: () => RtcScaled);
        Registers.Define(0x60, "rtccmp0", uint.MaxValue).Bits(31, 0, "rtccmp0", out _rtcCompare).Then(UpdateRtc);

        Registers.Define(0x70, "lfrosccfg", 0xc010_0004).Bits(5, 0, "lfroscdiv", out _lfroscDivider).Ignored(15, 6).Bits(20, 16, "lfrosctrim", out _lfroscTrim).Ignored(29, 21)
            .Flag(30, "lfroscen", out _lfroscEnable).Flag(31, "lfroscrdy", FieldMode.ReadOnly, read: () => _lfroscEnable!.Value).Then(UpdateLowClock);
        Registers.Define(0x7c, "lfclkmux", 0x8000_0001).Flag(0, "lfextclk_sel", out _externalSelect).Ignored(30, 1)
            .Flag(31, "lfextclk_mux_status", FieldMode.ReadOnly, read: () => _externalSelect!.Value).Then(UpdateLowClock);
        Registers.DefineMany(0x80, BackupCount, 4, "backup").Bits(31, 0, "backup");

        DefinePmu();
        Registers.Define(0x210, "bandgap").Bits(31, 0, "band gap trim");
        Registers.Define(0x300, "aoncfg").Bits(31, 0, "configuration");
        UpdateLowClock();
    }

    /// <summary>Interrupt of the watchdog.</summary>
    public IrqLine WatchdogIrq { get; }

    /// <summary>Interrupt of the real-time clock.</summary>
    public IrqLine RtcIrq { get; }

    /// <summary>Asks for a reset of the chip; this device keeps its state over it and knows the cause.</summary>
    public event Action? ResetRequested;

    /// <summary>Raised when the core is put to sleep: it executes nothing until the next reset.</summary>
    public event Action? Slept;

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    private ulong WatchdogScaled => ((_watchdog.Value & WatchdogMask) >> (int)_scale.Value) & 0xffff;

    private ulong RtcScaled => ((_rtc.Value & RtcMask) >> (int)_rtcScale.Value) & uint.MaxValue;

    private bool RtcReached => RtcScaled >= _rtcCompare.Value;

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        bool watchdog = offset < 0x40 && offset is not 0x1c and not 0x10, power = IsPmuLocked(offset);
        if ((watchdog && !_unlocked) || (power && !_pmuUnlocked))
        {
            Log.Error(Name, $"write to register 0x{offset:x} without the key");
            return;
        }

        // one key opens for one write
        _unlocked &= !watchdog;
        _pmuUnlocked &= !power;
        base.Write(offset, size, value);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        // what this domain itself asked for does not reset it
        if (_kept is { } kept)
        {
            _kept = null;
            Load(new StateReader(Name, StateVersion, kept));
            UpdateLowClock();
            UpdateWatchdog();
            UpdateRtc();
            return;
        }

        _watchdog.Reset();
        _rtc.Reset();
        _watchdogTimer.Disarm();
        _rtcTimer.Disarm();
        _sleepTimer.Disarm();
        _unlocked = _pmuUnlocked = _sleeping = false;
        UpdateLowClock();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _watchdog.Save(writer);
        _rtc.Save(writer);
        _watchdogTimer.Save(writer);
        _rtcTimer.Save(writer);
        _sleepTimer.Save(writer);
        writer.Write(_unlocked);
        writer.Write(_pmuUnlocked);
        writer.Write(_sleeping);
        writer.Write(_kept.AsSpan());
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _watchdog.Load(reader);
        _rtc.Load(reader);
        _watchdogTimer.Load(reader);
        _rtcTimer.Load(reader);
        _sleepTimer.Load(reader);
        _unlocked = reader.ReadBoolean();
        _pmuUnlocked = reader.ReadBoolean();
        _sleeping = reader.ReadBoolean();
        byte[] kept = reader.ReadBytes().ToArray();
        _kept = kept.Length == 0 ? null : kept;
    }

    private void UpdateLowClock()
    {
        _clocks.Lfrosc.Enabled = _lfroscEnable.Value;
        SifiveClocks.Trim(_clocks.Lfrosc, _lfroscTrim.Value);
        _clocks.Lfroscclk.Divider = (uint)_lfroscDivider.Value + 1;
        _clocks.Lfclk.Selected = _externalSelect.Value ? 1 : 0;
    }

    private void Feed(ulong value)
    {
        if (value == Food)
            SetWatchdog(0);
    }

    private void SetWatchdog(ulong value)
    {
        _watchdog.Set(value & WatchdogMask);
        UpdateWatchdog();
    }

    private void UpdateWatchdog()
    {
        bool run = _always.Value || (_coreAwake.Value && !_sleeping);
        if (run && !_watchdog.IsRunning)
            _watchdog.Start();
        else if (!run && _watchdog.IsRunning)
            _watchdog.Stop();
        bool reached = WatchdogScaled >= _watchdogCompare.Value;
        if (reached && run)
            Expire();
        WatchdogIrq.Set(_watchdogPending.Value);
        ArmWatchdog();
    }

    private void ArmWatchdog()
    {
        // the count at which the comparator becomes true next: in this round of the scaled counter, or in the next
        int scale = (int)_scale.Value;
        ulong count = _watchdog.Value, target = _watchdogCompare.Value << scale, round = 1UL << (16 + scale);
        ulong phase = count & (round - 1);
        ulong next = phase < target ? count - phase + target : count - phase + round + target;
        _watchdogTimer.Arm(_watchdog.IsRunning ? _watchdog.TimeOf(next) : long.MaxValue);
    }

    private void Expire()
    {
        _watchdogPending.Value = true;
        if (_zeroOnCompare.Value)
            _watchdog.Set(0);
        if (_resetEnable.Value)
            RequestReset(SifiveResetCause.Watchdog, SifiveWake.Reset);
    }

    private void SetRtc(ulong value)
    {
        _rtc.Set(value & RtcMask);
        UpdateRtc();
    }

    private void UpdateRtc()
    {
        if (_rtcAlways.Value && !_rtc.IsRunning)
            _rtc.Start();
        else if (!_rtcAlways.Value && _rtc.IsRunning)
            _rtc.Stop();
        bool reached = RtcReached;
        RtcIrq.Set(reached);
        int scale = (int)_rtcScale.Value;
        ulong count = _rtc.Value, round = 1UL << (32 + scale), phase = count & (round - 1);
        ulong next = reached ? count - phase + round : count - phase + (_rtcCompare.Value << scale);
        _rtcTimer.Arm(_rtc.IsRunning ? _rtc.TimeOf(next) : long.MaxValue);
        if (reached && _sleeping && !_sleepTimer.IsArmed && Wakes(SifiveWake.RealTimeClock))
            RequestReset(SifiveResetCause.PowerOn, SifiveWake.RealTimeClock);
    }
}
