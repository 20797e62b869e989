using Emulation.Core;

namespace Emulation.Arm;

// Asynchronous exceptions: inputs, masking, routing, waiting. Arm DDI 0487, D1.3.6.
public sealed unsafe partial class ArmCpu
{
    private uint _lines;
    private volatile bool _systemErrorPending;
    private const uint SystemErrorWaits = 1u << 31;
    private bool _event;
    private bool _waitsForEvent;

    /// <inheritdoc/>
    protected override bool InterruptPending
    {
        get
        {
            if (IsPoweredOff)
                return StartRequested;
            Counters.Poll();
            return AnyInterrupt();
        }
    }

    /// <inheritdoc/>
    protected override bool WakePending
    {
        get
        {
            if (IsPoweredOff)
                return StartRequested;
            return (Volatile.Read(ref _lines) & Physical) != 0 || _systemErrorPending || _limitReached || (_waitsForEvent && Volatile.Read(ref _event)) || VirtualPending() != 0;
        }
    }

    private static uint Physical => (1u << (int)ArmInterrupt.Irq) | (1u << (int)ArmInterrupt.Fiq);

    /// <summary>Drives an interrupt input. May be called from any thread, under the device lock.</summary>
    /// <param name="input">Which; a rising SError is pending until it is taken.</param>
    /// <param name="level">Whether the input is high.</param>
    public void SetInterrupt(ArmInterrupt input, bool level)
    {
        if (!Enum.IsDefined(input))
            throw new ArgumentOutOfRangeException(nameof(input), $"there is no interrupt input {input}");
        uint bit = 1u << (int)input;
        if (level)
        {
            Interlocked.Or(ref _lines, bit);
            Interlocked.Or(ref PendingHint, bit);
        }
        else
        {
            Interlocked.And(ref _lines, ~bit);
            Interlocked.And(ref PendingHint, ~bit);
            return;
        }

        if (input == ArmInterrupt.SError)
        {
            _systemErrorPending = true;
            Interlocked.Or(ref PendingHint, SystemErrorWaits);
        }

        NotifyInterrupt();
    }

    /// <summary>Connects an interrupt input to a wire.</summary>
    /// <param name="input">Which.</param>
    /// <param name="line">The wire.</param>
    public void ConnectInterrupt(ArmInterrupt input, IrqLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        line.Connect(level => SetInterrupt(input, level));
    }

    /// <summary>ISR_EL1.</summary>
    internal ulong InterruptStatus
    {
        get
        {
            uint lines = Volatile.Read(ref _lines), pending = VirtualPending();
            bool el1 = ExceptionLevel == 1;
            ulong hcr = el1 ? Hcr : 0;
            bool irq = (hcr & HcrImo) != 0 ? (pending & VirtualIrqBit) != 0 : (lines & (1u << (int)ArmInterrupt.Irq)) != 0;
            bool fiq = (hcr & HcrFmo) != 0 ? (pending & VirtualFiqBit) != 0 : (lines & (1u << (int)ArmInterrupt.Fiq)) != 0;
            bool error = (hcr & HcrAmo) != 0 ? (hcr & HcrVse) != 0 : _systemErrorPending;
            return (irq ? MaskI : 0) | (fiq ? MaskF : 0) | (error ? MaskA : 0);
        }
    }

    /// <summary>SEV, an event of another CPU, or of the event stream.</summary>
    internal void SetEvent()
    {
        Volatile.Write(ref _event, true);
        if (_waitsForEvent)
            NotifyInterrupt();
    }

    /// <summary>SEV: an event for every CPU.</summary>
    internal void SendEvent()
    {
        foreach (ArmCpu cpu in _group.Cpus)
            cpu.SetEvent();
    }

    /// <summary>WFI: halts behind the instruction. The run loop goes on at once when something is pending, masked or not.</summary>
    internal void WaitForInterrupt()
    {
        (_waitsForEvent, _limitReached) = (false, false);
        Halted = true;
        RequestAttention();
    }

    /// <summary>WFE.</summary>
    /// <remarks>
    /// A store of another CPU to a reserved address is an event too. Reservations here are found void only by comparison, so a CPU with one does not wait:
    /// it may wake for no reason.
    /// </remarks>
    internal void WaitForEvent()
    {
        if (Volatile.Read(ref _event) || Header.ReservationAddress != ulong.MaxValue)
        {
            Volatile.Write(ref _event, false);
            return;
        }

        (_waitsForEvent, _limitReached) = (true, false);
        Halted = true;
        ArmEventStream();
        RequestAttention();
    }

    private const uint VirtualIrqBit = 1, VirtualFiqBit = 2, VirtualErrorBit = 4;

    // what translated code looks at
    private ref uint PendingHint => ref *(uint*)(State + Registers.Pending.Offset);

    private void RefreshPendingHint() => Interlocked.Exchange(ref PendingHint, _lines | (_systemErrorPending ? SystemErrorWaits : 0));

    // enabled virtual interrupts that are pending, masked or not
    private uint VirtualPending()
    {
        ulong hcr = Hcr;
        if (ExceptionLevel > 1 || (hcr & HcrTge) != 0 || (hcr & (HcrImo | HcrFmo | HcrAmo)) == 0)
            return 0;
        uint lines = Volatile.Read(ref _lines), pending = 0;
        if ((hcr & HcrImo) != 0 && ((hcr & HcrVi) != 0 || (lines & (1u << (int)ArmInterrupt.VirtualIrq)) != 0))
            pending |= VirtualIrqBit;
        if ((hcr & HcrFmo) != 0 && ((hcr & HcrVf) != 0 || (lines & (1u << (int)ArmInterrupt.VirtualFiq)) != 0))
            pending |= VirtualFiqBit;
        if ((hcr & (HcrAmo | HcrVse)) == (HcrAmo | HcrVse))
            pending |= VirtualErrorBit;
        return pending;
    }

    private bool AnyInterrupt()
        => (Volatile.Read(ref _lines) != 0 || _systemErrorPending || (Hcr & (HcrVi | HcrVf | HcrVse)) != 0) && NextInterrupt(out _, out _);

    // the one that is taken before the next instruction
    private bool NextInterrupt(out ArmInterrupt which, out int target)
    {
        uint lines = Volatile.Read(ref _lines);
        target = 0;
        which = ArmInterrupt.Fiq;
        if ((lines & (1u << (int)ArmInterrupt.Fiq)) != 0 && IsTaken(ScrFiq, HcrFmo, MaskF, out target))
            return true;
        which = ArmInterrupt.Irq;
        if ((lines & (1u << (int)ArmInterrupt.Irq)) != 0 && IsTaken(ScrIrq, HcrImo, MaskI, out target))
            return true;
        which = ArmInterrupt.SError;
        if (_systemErrorPending && IsTaken(ScrEa, HcrAmo, MaskA, out target))
            return true;
        uint pending = VirtualPending();
        if (pending == 0)
            return false;
        ulong daif = this[SystemSlot.Daif];
        target = -1;                                     // EL1, by a virtual interrupt
        which = ArmInterrupt.VirtualFiq;
        if ((pending & VirtualFiqBit) != 0 && (daif & MaskF) == 0)
            return true;
        which = ArmInterrupt.VirtualIrq;
        if ((pending & VirtualIrqBit) != 0 && (daif & MaskI) == 0)
            return true;
        which = ArmInterrupt.SError;
        return (pending & VirtualErrorBit) != 0 && (daif & MaskA) == 0;
    }

    // D1.3.6.3 "Asynchronous exception masking"
    private bool IsTaken(ulong monitorBit, ulong hypervisorBit, ulong mask, out int target)
    {
        if (HasMonitor)
            return IsTakenToA32(monitorBit, mask, out target);
        int level = ExceptionLevel;
        ulong hcr = Hcr;
        if (Options.HasEl3 && (this[SystemSlot.ScrEl3] & monitorBit) != 0)
            target = 3;
        else if ((hcr & (hypervisorBit | HcrTge)) != 0)
            target = 2;
        else
            target = 1;
        if (target < level)
            return false;
        if (target > level && (target == 3 || (target == 2 && !IsHostUser)))
            return true;
        return (this[SystemSlot.Daif] & mask) == 0;
    }

    /// <inheritdoc/>
    protected override void TakeInterrupt()
    {
        if (IsPoweredOff)
        {
            ServeStart();
            return;
        }

        if (!NextInterrupt(out ArmInterrupt which, out int target))
            return;
        _stepping = false;
        if (which is ArmInterrupt.SError)
            TakeSystemError(target);
        else if (IsA32Target(Math.Max(target, 1)))
            TakeA32Interrupt(which, target);
        else
            Enter(Math.Max(target, 1), which is ArmInterrupt.Irq or ArmInterrupt.VirtualIrq ? IrqOffset : FiqOffset, Header.Pc);
    }

    private void TakeSystemError(int target)
    {
        ulong syndrome = 0;
        if (target < 0)
        {
            this[SystemSlot.HcrEl2] &= ~HcrVse;
            syndrome = this[SystemSlot.VsesrEl2] & 0x1ff_ffff;
            target = 1;
        }
        else
        {
            _systemErrorPending = false;
            Interlocked.And(ref PendingHint, ~SystemErrorWaits);
        }

        if (IsA32Target(target))
        {
            TakeA32Interrupt(ArmInterrupt.SError, target);
            return;
        }

        Syndrome = ArmException.Syndrome(ArmException.Code(ArmException.SError, (int)syndrome));
        this[SystemSlot.EsrEl1 + (target - 1)] = Syndrome;
        Enter(target, SystemErrorOffset, Header.Pc);
    }
}
