using Emulation.Core;

namespace Emulation.Devices;

/// <summary>General-purpose timer module of a Stellaris microcontroller. LM3S6965 data sheet, "General-Purpose Timers". Ports: 4 KiB MMIO; two CCP signals; out IRQ "a", "b", "trigger".</summary>
/// <remarks>A debugger does not stop it: TASTALL and TBSTALL are kept as written. Prescalers work in the one-shot and periodic 16-bit modes.</remarks>
public sealed class StellarisTimer : StellarisPeripheral
{
    private const uint Interrupts = 0x70f;
    private readonly StellarisTimerHalf _a, _b;
    private readonly BitField _config, _mask;
    private readonly RegisterArray _mode, _load, _match, _prescale, _prescaleMatch;
    private readonly Register _control;
    private uint _raw;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock, which it counts.</param>
    /// <param name="rtc">The 32.768 kHz clock at the even CCP pin for the real-time clock mode; null for none.</param>
    public StellarisTimer(string name, VirtualClock clock, GuestLog log, ClockSignal busClock, ClockSignal? rtc = null) : base(name, clock, log, busClock)
    {
        IrqA = AddLine("a");
        IrqB = AddLine("b");
        Trigger = AddLine("trigger");
        Registers.Define(0x00, "GPTMCFG").Bits(2, 0, "GPTMCFG", out _config).Ignored(31, 3).Then(Changed);
        _mode = Registers.DefineMany(0x04, 2, 4, "GPTMTnMR").Bits(1, 0, "TnMR").Flag(2, "TnCMR").Flag(3, "TnAMS").Ignored(31, 4).Then(_ => Changed());
        _control = Registers.Define(0x0c, "GPTMCTL").Flag(0, "TAEN").Flag(1, "TASTALL").Bits(3, 2, "TAEVENT").Flag(4, "RTCEN").Flag(5, "TAOTE").Flag(6, "TAPWML").Ignored(7, 7)
            .Flag(8, "TBEN").Flag(9, "TBSTALL").Bits(11, 10, "TBEVENT").Ignored(12, 12).Flag(13, "TBOTE").Flag(14, "TBPWML").Ignored(31, 15).Then(Changed);
        Register mask = Registers.Define(0x18, "GPTMIMR").Bits(10, 0, "CBE, CBM, TBTO; RTC, CAE, CAM, TATO", out _mask).Ignored(31, 11);
        mask.Then(() =>
        {
            mask.Value &= Interrupts;
            UpdateIrq();
        });
        Registers.Define(0x1c, "GPTMRIS", access: RegisterAccess.ReadOnly).Bits(10, 0, "raw", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 11);
        Registers.Define(0x20, "GPTMMIS", access: RegisterAccess.ReadOnly).Bits(10, 0, "masked", FieldMode.ReadOnly, read: () => _raw & _mask!.Value).Reserved(31, 11);
        Registers.Define(0x24, "GPTMICR", access: RegisterAccess.WriteOnly).Bits(10, 0, "clear", FieldMode.WriteOnly, write: Clear).Ignored(31, 11);
        _load = Registers.DefineMany(0x28, 2, 4, "GPTMTnILR", 0xffff).Bits(31, 0, "TnILR", read: ReadLoad, write: WriteLoad);
        _match = Registers.DefineMany(0x30, 2, 4, "GPTMTnMATCHR", 0xffff).Bits(31, 0, "TnMR", read: i => i == 0 ? MatchA : Half(i).Match, write: WriteMatch);
        _prescale = Registers.DefineMany(0x38, 2, 4, "GPTMTnPR").Bits(7, 0, "TnPSR").Ignored(31, 8).Then(_ => Changed());
        _prescaleMatch = Registers.DefineMany(0x40, 2, 4, "GPTMTnPMR").Bits(7, 0, "TnPSMR").Ignored(31, 8);
        Registers.DefineMany(0x48, 2, 4, "GPTMTnR", access: RegisterAccess.ReadOnly).Bits(31, 0, "TnR", FieldMode.ReadOnly, read: ReadCounter);
        _a = new StellarisTimerHalf($"{name}A", clock, busClock, rtc, f => Raise(f));
        _b = new StellarisTimerHalf($"{name}B", clock, busClock, null, f => Raise(f << 8));
        ResetState();
    }

    /// <summary>Timer A's interrupt, and that of the 32-bit modes.</summary>
    public IrqLine IrqA { get; }

    /// <summary>Timer B's interrupt.</summary>
    public IrqLine IrqB { get; }

    /// <summary>Pulses at time-outs of timers whose TnOTE is set: the converter's trigger.</summary>
    public IrqLine Trigger { get; }

    /// <summary>The even CCP pin: capture and PWM of timer A.</summary>
    public PinSignal CaptureA => _a.Signal;

    /// <summary>The odd CCP pin: capture and PWM of timer B.</summary>
    public PinSignal CaptureB => _b.Signal;

    private bool Is32Bit => _config.Value < 4;

    private uint MatchA => Is32Bit ? (_a.Match & 0xffff) | (_b.Match << 16) : _a.Match & 0xffff;

    private uint LoadA => Is32Bit ? (_a.Load & 0xffff) | (_b.Load << 16) : _a.Load & 0xffff;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _raw = 0;
        _a.Reset();
        _b.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_raw);
        _a.Save(writer);
        _b.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _raw = reader.ReadUInt32() & 0x7ff;
        _a.Load32(reader);
        _b.Load32(reader);
    }

    private StellarisTimerHalf Half(int index) => index == 0 ? _a : _b;

    private ulong ReadLoad(int index) => index == 0 ? LoadA : _b.Load;

    // a 32-bit write goes to both halves
    private void WriteLoad(int index, ulong value)
    {
        Half(index).Load = (uint)value & 0xffff;
        if (index == 0 && Is32Bit)
            _b.Load = (uint)value >> 16;
        Changed(reload: index == 0 || !Is32Bit ? Half(index) : null);
    }

    private void WriteMatch(int index, ulong value)
    {
        Half(index).Match = (uint)value & 0xffff;
        if (index == 0 && Is32Bit)
            _b.Match = (uint)value >> 16;
        Changed();
    }

    private ulong ReadCounter(int index)
    {
        uint value = _a.Value;
        if (!Is32Bit)
            return index == 0 ? value : _b.Value;
        return index == 0 ? value : value >> 16;
    }

    private void Clear(ulong bits)
    {
        _raw &= ~(uint)bits;
        UpdateIrq();
        Changed();
    }

    private void Changed() => Changed(null);

    private void Changed(StellarisTimerHalf? reload)
    {
        ulong control = _control.Value;
        StellarisTimerMode a = _config.Value switch { 0 => Mode(0, wide: true), 1 => StellarisTimerMode.Clock, 4 => Mode(0, wide: false), _ => StellarisTimerMode.Off };
        StellarisTimerMode b = _config.Value == 4 ? Mode(1, wide: false) : StellarisTimerMode.Off;
        Configure(_a, a, control, LoadA, MatchA, (uint)_prescale[0], ReferenceEquals(reload, _a), 0);
        Configure(_b, b, control >> 8, _b.Load, _b.Match, (uint)_prescale[1], ReferenceEquals(reload, _b), 8);
    }

    private StellarisTimerMode Mode(int index, bool wide)
    {
        ulong mode = _mode[index];
        return (mode & 3, wide) switch
        {
            (1, _) => StellarisTimerMode.OneShot,
            (2, false) when (mode & 8) != 0 => StellarisTimerMode.Pwm,
            (2, _) => StellarisTimerMode.Periodic,
            (3, false) => (mode & 4) != 0 ? StellarisTimerMode.EdgeTime : StellarisTimerMode.EdgeCount,
            _ => StellarisTimerMode.Off,
        };
    }

    private void Configure(StellarisTimerHalf half, StellarisTimerMode mode, ulong control, uint load, uint match, uint prescale, bool reload, int shift)
    {
        uint divisor = !Is32Bit && mode is StellarisTimerMode.OneShot or StellarisTimerMode.Periodic ? prescale + 1 : 1;
        // while the flag is up, further time-outs change nothing but the converter's trigger
        bool observed = (_raw >> shift & 1) == 0 || ((control & 0x20) != 0 && Trigger.IsConnected);
        half.Configure(mode, (control & 1) != 0, load, match, divisor, (int)(control >> 2 & 3), (control & 0x40) != 0, observed, reload);
    }

    // flags as in GPTMRIS of timer A: time-out, capture match, capture event, RTC
    private void Raise(uint flags)
    {
        _raw |= flags;
        bool timedOut = (flags & 0x101) != 0;
        if ((flags & 0x101) != 0 || (flags & 0x202) != 0)
            StopIfDone(flags);
        UpdateIrq();
        if (timedOut && (_control.Value >> ((flags & 1) != 0 ? 5 : 13) & 1) != 0)
            Trigger.Pulse();
        Changed();
    }

    // one-shot timers and edge counters clear their enable
    private void StopIfDone(uint flags)
    {
        int shift = (flags & 3) != 0 ? 0 : 8;
        ulong mode = _mode[shift >> 3] & 7;
        bool counts = (mode & 7) == 3 && _config.Value == 4;
        if (((flags >> shift & 1) != 0 && (mode & 3) == 1) || ((flags >> shift & 2) != 0 && counts))
            _control.Value &= ~(1UL << shift);
    }

    private void UpdateIrq()
    {
        ulong masked = _raw & _mask.Value;
        IrqA.Set((masked & 0x00f) != 0);
        IrqB.Set((masked & 0x700) != 0);
    }
}
