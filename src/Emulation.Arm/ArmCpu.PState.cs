namespace Emulation.Arm;

// MSR (immediate), WFI and WFE with their traps. Arm DDI 0487, C5.1.2, D1.6.
public sealed unsafe partial class ArmCpu
{
    private const ulong ControlWfi = 1 << 16, ControlWfe = 1 << 18;

    /// <summary>MSR (immediate).</summary>
    internal void WriteState(StateField field, ulong value)
    {
        switch (field)
        {
            case StateField.SpSel:
                SwitchTo(ExceptionLevel, (value & 1) != 0);
                break;
            case StateField.DaifSet:
                this[SystemSlot.Daif] |= value << 6;
                break;
            case StateField.DaifClear:
                this[SystemSlot.Daif] &= ~(value << 6);
                break;
            case StateField.Pan:
                SetState(StatePan, value);
                break;
            case StateField.Uao:
                SetState(StateUao, value);
                break;
            case StateField.Dit:
                SetState(StateDit, value);
                break;
            case StateField.Ssbs:
                SetState(StateSsbs, value);
                break;
        }

        OnStateWrite();
    }

    /// <summary>MSR DAIF above EL0: kernels do little else as often.</summary>
    /// <param name="value">The masks at their places.</param>
    internal void WriteDaif(ulong value)
    {
        this[SystemSlot.Daif] = value & AllMasked;
        bool debugs = (this[SystemSlot.MdscrEl1] & (DebugStep | DebugMonitor)) != 0;
        if (debugs)
            UpdateMode();
        if (debugs || AnyInterrupt())
            RequestAttention();                          // before the next instruction, which may be of the same block
    }

    /// <summary>DAIFSet and DAIFClr at EL0.</summary>
    /// <param name="word">The instruction.</param>
    internal void WriteUserDaif(uint word)
    {
        const ulong UserMasks = 1 << 9;
        if ((ControlOf(0) & UserMasks) != 0)
            WriteState((word & (1 << 5)) != 0 ? StateField.DaifClear : StateField.DaifSet, (word >> 8) & 15);
        else
            RecordTrap(UserTarget, ArmException.Code(ArmException.SystemRegister, TrapSyndrome(word)));
    }

    /// <summary>WFI or WFE.</summary>
    internal void Wait(WaitKind kind) => Wait(kind, 0);

    /// <summary>WFIT or WFET: until CNTVCT_EL0 is at the limit, too.</summary>
    internal void WaitUntil(WaitKind kind, int register, ulong limit)
    {
        const int RegisterValid = 1 << 2;
        ulong count = VirtualCount;
        if (count >= limit && !(kind == WaitKind.EventUntil && Volatile.Read(ref _event)))
            return;
        Wait(kind, RegisterValid | (register << 5));
        if (Halted)
            LimitWait(limit - count);
    }

    private void Wait(WaitKind kind, int syndrome)
    {
        bool forEvent = kind is WaitKind.Event or WaitKind.EventUntil;
        if (WaitTrap(forEvent) is var target and not 0 && !(forEvent ? Volatile.Read(ref _event) : WakePending))
        {
            RecordTrap(target, ArmException.Code(ArmException.WaitTrapped, (1 << 24) | (0xe << 20) | syndrome | (int)kind));
            return;
        }

        if (forEvent)
            WaitForEvent();
        else
            WaitForInterrupt();
    }

    private int WaitTrap(bool forEvent)
    {
        int level = ExceptionLevel;
        if (level == 0 && (ControlOf(0) & (forEvent ? ControlWfe : ControlWfi)) == 0)
            return UserTarget;
        if (level < 2 && (HcrTraps & (forEvent ? HcrTwe : HcrTwi)) != 0)
            return 2;
        return level < 3 && Options.HasEl3 && (this[SystemSlot.ScrEl3] & (forEvent ? ScrTwe : ScrTwi)) != 0 ? 3 : 0;
    }

    private void SetState(ulong bit, ulong value)
    {
        ref ulong state = ref this[SystemSlot.PState];
        state = (value & 1) != 0 ? state | bit : state & ~bit;
    }
}
