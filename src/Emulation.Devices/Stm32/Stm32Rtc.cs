using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Real-time clock of the STM32F4 with backup registers. RM0090 chapter 26. Ports: 1 KiB MMIO; out "alarm", "tamper_stamp" and "wakeup" to EXTI lines 17, 21 and 22; in tamper and time-stamp pins.</summary>
/// <remarks>
/// It belongs to the backup domain: a system reset leaves it. The coarse calibration (RTC_CALIBR), the reference clock and the outputs are kept as written and do nothing;
/// tamper inputs with a filter act at once.
/// </remarks>
public sealed partial class Stm32Rtc : MmioDevice
{
    /// <summary>Number of backup registers.</summary>
    public const int BackupCount = 20;

    private const int Synchronization = 2;
    private readonly Stm32System _system;
    private readonly VirtualClock _clock;
    private readonly ClockCounter _counter;
    private readonly ClockTimer _alarmTimer;
    private readonly CycleTimer _wakeup;
    private readonly Register _control, _status, _prescalers, _wakeReload, _calibration, _tamper;
    private readonly RegisterArray _alarms, _alarmSubseconds, _backup;
    private readonly Register _stampTime, _stampDate, _stampSubsecond;
    private byte[]? _kept;
    private int _keyStep;
    private uint _statusWritten;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="system">Says who may write, and which reset is coming.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="rtcClock">RTCCLK.</param>
    public Stm32Rtc(string name, Stm32System system, VirtualClock clock, GuestLog log, ClockSignal rtcClock)
        : base(name, log, 0x400, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(clock);
        (_system, _clock) = (system, clock);
        Alarm = AddLine("alarm");
        TamperStamp = AddLine("tamper_stamp");
        Wakeup = AddLine("wakeup");
        _counter = new ClockCounter(clock, rtcClock, Schedule);
        _alarmTimer = clock.CreateTimer($"{name} alarm", OnAlarmTimer);
        _wakeup = new CycleTimer($"{name} wakeup", clock, rtcClock, OnWakeup);
        Registers.Define(0x00, "RTC_TR").Bits(31, 0, "time", read: ReadTime, write: v => LoadTime((uint)v));
        Registers.Define(0x04, "RTC_DR").Bits(31, 0, "date", read: ReadDate, write: v => LoadDate((uint)v));
        _control = Registers.Define(0x08, "RTC_CR").Bits(15, 0, "WUCKSEL to TSIE").Bits(17, 16, "SUB1H, ADD1H", read: static () => 0, write: v => ShiftHour((uint)v)).Bits(23, 18, "BKP to COE").Reserved(31, 24).Then(OnControl);
        _status = Registers.Define(0x0c, "RTC_ISR").Bits(31, 0, "flags", read: ReadStatus, write: v => _statusWritten = (uint)v).Then(OnStatus);
        _prescalers = Registers.Define(0x10, "RTC_PRER", 0x007f_00ff).Bits(14, 0, "PREDIV_S").Reserved(15, 15).Bits(22, 16, "PREDIV_A").Reserved(31, 23);
        _wakeReload = Registers.Define(0x14, "RTC_WUTR", 0xffff).Bits(15, 0, "WUT").Reserved(31, 16);
        Registers.Define(0x18, "RTC_CALIBR").Bits(4, 0, "DC").Reserved(6, 5).Flag(7, "DCS").Reserved(31, 8);
        _alarms = Registers.DefineMany(0x1c, 2, 4, "RTC_ALRMR").Bits(31, 0, "alarm").Then(_ => Schedule());
        Registers.Define(0x24, "RTC_WPR").Bits(7, 0, "KEY", read: static () => 0, write: OnKey).Reserved(31, 8);
        Registers.Define(0x28, "RTC_SSR").Bits(15, 0, "SS", FieldMode.ReadOnly, read: ReadSubsecond).Reserved(31, 16);
        Registers.Define(0x2c, "RTC_SHIFTR").Bits(14, 0, "SUBFS", read: static () => 0, write: v => _shiftBack = (uint)v).Reserved(30, 15).Flag(31, "ADD1S", read: static () => false, write: v => _shiftSecond = v).Then(Shift);
        _stampTime = Registers.Define(0x30, "RTC_TSTR").Bits(31, 0, "time", FieldMode.ReadOnly);
        _stampDate = Registers.Define(0x34, "RTC_TSDR").Bits(31, 0, "date", FieldMode.ReadOnly);
        _stampSubsecond = Registers.Define(0x38, "RTC_TSSSR").Bits(15, 0, "SS", FieldMode.ReadOnly).Reserved(31, 16);
        _calibration = Registers.Define(0x3c, "RTC_CALR").Bits(8, 0, "CALM").Reserved(12, 9).Bits(15, 13, "CALW16, CALW8, CALP").Reserved(31, 16);
        _tamper = Registers.Define(0x40, "RTC_TAFCR").Bits(4, 0, "TAMP1E to TAMP2TRG").Reserved(6, 5).Bits(15, 7, "TAMPTS to TAMPPUDIS").Bits(18, 16, "TAMP1INSEL to ALARMOUTTYPE").Reserved(31, 19).Then(Update);
        _alarmSubseconds = Registers.DefineMany(0x44, 2, 4, "RTC_ALRMSSR").Bits(14, 0, "SS").Reserved(23, 15).Bits(27, 24, "MASKSS").Reserved(31, 28).Then(_ => Schedule());
        _backup = Registers.DefineMany(0x50, BackupCount, 4, "RTC_BKPR").Bits(31, 0, "BKP");
        system.ResetRequested += () =>
        {
            var writer = new StateWriter();
            Registers.Save(writer);
            _kept = writer.Written.ToArray();
        };
        ResetState();
    }

    /// <summary>Alarm A or B.</summary>
    public IrqLine Alarm { get; }

    /// <summary>Tamper or time stamp.</summary>
    public IrqLine TamperStamp { get; }

    /// <summary>The wake-up timer.</summary>
    public IrqLine Wakeup { get; }

    /// <summary>What the calendar shows; years from 2000.</summary>
    public DateTime Now => Calendar(Cycles).Time;

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        ulong at = offset & ~3UL;
        // 26.3.5: all is behind DBP, most behind the keys of RTC_WPR, too
        bool free = at is 0x24 or 0x40 or >= 0x50;
        if (!_system.BackupWritable && at != 0x24)
        {
            Log.Error(Name, "is written while PWR_CR.DBP is 0");
            return;
        }

        bool locked = _keyStep != 2 && !free;
        if (locked && at != 0x0c)
        {
            Log.Error(Name, "is written without the keys in RTC_WPR");
            return;
        }

        if (!locked && at is 0x3c)
            Rebase();
        _statusLocked = locked;
        base.Write(offset, size, value);
        if (at is 0x3c or 0x10)
            Schedule();
    }

    /// <summary>RCC_BDCR.BDRST: the backup domain is reset.</summary>
    public void ResetBackup()
    {
        _kept = null;
        Registers.Reset();
        Clear();
        Update();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        if (_system.KeepsBackup && _kept is not null)
        {
            Registers.Load(new StateReader(Name, StateVersion, _kept));
            _kept = null;
            _keyStep = 0;
            Update();
            return;
        }

        _kept = null;
        Clear();
    }

    private void OnKey(ulong key)
    {
        const ulong First = 0xca, Second = 0x53;
        _keyStep = key == First ? 1 : key == Second && _keyStep >= 1 ? 2 : 0;
    }
}
