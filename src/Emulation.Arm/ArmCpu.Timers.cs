using Emulation.Core;

namespace Emulation.Arm;

// The generic timer: counters, outputs, event stream. Arm DDI 0487, D12.
public sealed unsafe partial class ArmCpu
{
    private readonly GenericTimer[] _timers;
    private readonly ClockTimer _eventStream;
    private readonly ClockTimer _waitLimit;
    private volatile bool _limitReached;

    /// <summary>The system counter: what CNTPCT_EL0 shows without an offset.</summary>
    public ulong TimerCount => Context.Clock.Ticks(Options.TimerFrequency);

    /// <summary>The output of a timer, to be connected to an interrupt controller.</summary>
    /// <param name="timer">Which.</param>
    public IrqLine TimerOutput(ArmTimer timer) => _timers[(int)timer].Line;

    internal GenericTimer Timer(ArmTimer timer) => _timers[(int)timer];

    /// <summary>What a timer's counter lies behind the system counter.</summary>
    internal ulong TimerOffset(ArmTimer timer) => timer switch
    {
        ArmTimer.Virtual => this[SystemSlot.CntVoff],
        ArmTimer.Physical => PhysicalOffset,
        _ => 0,
    };

    /// <summary>CNTVCT_EL0 as seen from the present level: a host sees no offset.</summary>
    internal ulong VirtualCount
        => (ExceptionLevel == 2 && IsHost) || (ExceptionLevel == 0 && IsHostUser) ? TimerCount : TimerCount - this[SystemSlot.CntVoff];

    /// <summary>CNTPCT_EL0 as seen from the present level: CNTPOFF_EL2 is for EL0 and EL1.</summary>
    internal ulong PhysicalCount => ExceptionLevel < 2 && !IsHostUser ? TimerCount - PhysicalOffset : TimerCount;

    // ECV: CNTHCTL_EL2.ECV and SCR_EL3.ECVEn
    private ulong PhysicalOffset
        => Isa.Has(ArmFeature.ECV) && El2Enabled && !IsHostUser && (this[SystemSlot.CnthctlEl2] & (1 << 12)) != 0
            && (!Options.HasEl3 || (this[SystemSlot.ScrEl3] & ScrEcvEn) != 0)
            ? this[SystemSlot.CntPoff]
            : 0;

    /// <summary>To be called when an offset changed.</summary>
    internal void UpdateTimers()
    {
        foreach (GenericTimer timer in _timers)
            timer.Update();
    }

    // D12.2.3 "Event streams": only looked at by a CPU that waits for an event
    private void ArmEventStream()
    {
        long next = long.MaxValue;
        foreach ((ulong control, ulong offset, int wide) in
            ((ulong, ulong, int)[])[(this[SystemSlot.CntkctlEl1], this[SystemSlot.CntVoff], 17), (Options.HasEl2 ? this[SystemSlot.CnthctlEl2] : 0, 0, 17)])
        {
            if ((control & (1 << 2)) == 0)
                continue;
            int bit = ((int)(control >> 4) & 15) + (Isa.Has(ArmFeature.ECV) && ((control >> wide) & 1) != 0 ? 8 : 0);
            ulong count = TimerCount - offset, period = 1UL << (bit + 1);
            ulong phase = (control & (1 << 3)) != 0 ? 0 : period / 2;      // EVNTDIR: falling or rising
            ulong distance = period - ((count - phase) & (period - 1));
            next = Math.Min(next, VirtualClock.TimeOf(TimerCount + distance, Options.TimerFrequency));
        }

        if (next != long.MaxValue)
            Arm(_eventStream, next);
    }

    // WFIT, WFET: a wait that ended earlier leaves the timer, which then wakes for no reason
    private void LimitWait(ulong ticks)
    {
        const int Limit = 30;                            // log2 of seconds: longer is for ever
        ticks = Math.Min(ticks, Options.TimerFrequency << Limit);
        Arm(_waitLimit, VirtualClock.TimeOf(TimerCount + ticks, Options.TimerFrequency));
    }

    private void EndWait()
    {
        _limitReached = true;
        NotifyInterrupt();
    }

    private void Arm(ClockTimer timer, long time)
    {
        Context.Memory.EnterDeviceLock();
        try
        {
            timer.Arm(time);
        }
        finally
        {
            Context.Memory.DeviceLock.Exit();
        }
    }
}
