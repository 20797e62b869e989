namespace Emulation.Arm;

// Self-hosted debug in AArch32: breakpoints, vector catch, DBGDSCR. Arm DDI 0487, G2; DDI 0406, C3.
public sealed partial class ArmCpu
{
    private uint VectorBase
        => (this[SystemSlot.SctlrEl1] & SctlrVectors) != 0 ? HighVectors : Isa.Has(ArmFeature.Security) ? (uint)this[SystemSlot.VbarEl1] : 0;

    // whether a monitor in AArch32 takes debug exceptions
    private bool HasA32Monitor => El1IsAArch32 && DebugTarget == 1;

    private uint WithA32Debug(uint mode)
    {
        if ((this[SystemSlot.MdscrEl1] & DebugMonitor) == 0 || !DebugEnabled(ExceptionLevel, this[SystemSlot.Daif]))
            return mode;
        return AnyBreakpoint() || (HasA32Monitor && this[SystemSlot.VectorCatch] != 0) ? mode | ArmMode.Breakpoints : mode;
    }

    // G2.8.2 "Breakpoint types"; the byte address select tells the halfwords of a word apart
    private bool HitsA32(ulong pc, ulong control, ulong value)
    {
        const int Mismatch = 4;
        int type = (int)(control >> 20) & 15;
        if (!ConcernsProcessor(control))
            return false;
        if (type == 2)
            return IsContext(value);
        bool here = ((uint)pc ^ (uint)value) >> 2 == 0 && ((control >> (5 + (int)(pc & 3))) & 1) != 0;
        return (type & ~1) switch
        {
            0 => here && ((type & 1) == 0 || IsLinked((int)(control >> 16) & 15)),

            // privileged code could never leave it, and to have one there is UNPREDICTABLE
            Mismatch => !here && ExceptionLevel == 0 && ((type & 1) == 0 || IsLinked((int)(control >> 16) & 15)),
            _ => false,
        };
    }

    // a PMC of 0, without HMC, is User, System and Supervisor mode
    private bool ConcernsProcessor(ulong control)
    {
        const ulong Privileged = 3 << 1, Hypervisor = 1 << 13;
        if ((control & (Privileged | Hypervisor)) == 0)
            return A32Mode.Processor(Header.Mode) is ProcessorMode.User or ProcessorMode.System or ProcessorMode.Supervisor;
        return ConcernsLevel(control, ExceptionLevel);
    }

    // The vectors of aborts are left out: their handler could not be entered. G2.11.1 "Vector Catch exceptions from addresses".
    private bool CatchesVector(ulong pc)
    {
        const int Aborts = (1 << 3) | (1 << 4), MonitorShift = 8, NonSecureShift = 24;
        uint catches = (uint)this[SystemSlot.VectorCatch];
        if (catches == 0 || (pc & 3) != 0)
            return false;
        int vector = (int)(pc >> 2 & 7);
        if (((1 << vector) & Aborts) != 0)
            return false;
        if (HasMonitor && IsSecure && ((uint)pc ^ (uint)this[SystemSlot.Mvbar]) < 32 && ((catches >> (MonitorShift + vector)) & 1) != 0)
            return true;
        if (Options.HasEl3 && !IsSecure)
            catches >>= NonSecureShift;
        return ((uint)pc ^ VectorBase) < 32 && ((catches >> vector) & 1) != 0;
    }

    // What debug registers say of an exception, and the class of AArch32's aborts that it becomes.
    private int EnterA32Debug(int exceptionClass, ref int code)
    {
        const ulong Entry = 15 << A32DebugRegisters.EntryShift;
        (ulong entry, int next) = exceptionClass switch
        {
            ArmException.HardwareBreakpoint => (A32DebugRegisters.EntryBreakpoint, ArmException.Breakpoint32),
            ArmException.VectorCatch => (A32DebugRegisters.EntryVectorCatch, ArmException.Breakpoint32),
            ArmException.Breakpoint32 => (A32DebugRegisters.EntryInstruction, ArmException.Breakpoint32),
            ArmException.Watchpoint => (A32DebugRegisters.EntryWatchpoint, ArmException.DataAbort),
            _ => (0u, exceptionClass),
        };
        if (entry == 0 || !HasA32Monitor)
            return exceptionClass;
        this[SystemSlot.MdscrEl1] = (this[SystemSlot.MdscrEl1] & ~Entry) | (entry << A32DebugRegisters.EntryShift);
        if (exceptionClass == ArmException.Watchpoint)
            this[SystemSlot.WatchFault] = (uint)Header.Pc + ((Header.Mode & A32Mode.Thumb) != 0 ? 4u : 8u);
        code = ArmException.Code(next, ArmException.Iss(code));
        return next;
    }
}
