using Emulation.Cpu;

namespace Emulation.Arm;

// Self-hosted debug: step, breakpoints, watchpoints. Arm DDI 0487, D2.
public sealed unsafe partial class ArmCpu
{
    private const ulong DebugStep = 1, DebugMonitor = 1 << 15, DebugKernel = 1 << 13, Tde = 1 << 8, SecureDebugDisable = 1 << 16;
    private bool _stepping;
    private bool _steppedExclusive;
    private bool _watches;

    /// <summary>The level that debug exceptions go to.</summary>
    private int DebugTarget => El2Enabled && ((this[SystemSlot.MdcrEl2] & Tde) != 0 || (Hcr & HcrTge) != 0) ? 2 : 1;

    /// <summary>After a write of a debug register.</summary>
    internal void OnDebugWrite()
    {
        bool before = _watches;
        RefreshWatches();
        if (before || _watches)
            FlushTranslations();                         // pages that are watched are checked at every access
        OnPrivilegedWrite();
    }

    private void RefreshWatches()
    {
        _watches = false;
        for (int n = 0; n < DebugRegisters.Watchpoints; n++)
            _watches |= (this[SystemSlot.WatchpointFirst + (2 * n) + 1] & 1) != 0;
        _watches &= (this[SystemSlot.MdscrEl1] & DebugMonitor) != 0;
    }

    /// <summary>An instruction that is stepped begins: when it completes, the next one raises the exception.</summary>
    /// <param name="word">The instruction.</param>
    internal void BeginStep(uint word)
    {
        _stepping = true;
        _steppedExclusive = (word & 0x3f40_0000) == 0x0840_0000;
        CompleteStep();
        RequestAttention();
    }

    /// <summary>The pending software step exception.</summary>
    internal void RaiseStep()
    {
        const int Valid = 1 << 24, Exclusive = 1 << 6;
        RecordTrap(0, ArmException.Code(ArmException.SoftwareStep, ArmException.DebugFault | (_stepping ? Valid | (_steppedExclusive ? Exclusive : 0) : 0)));
    }

    /// <summary>Raises when a breakpoint is at an address.</summary>
    /// <param name="pc">The instruction's.</param>
    internal void CheckBreakpoints(ulong pc)
    {
        for (int n = 0; n < DebugRegisters.Breakpoints; n++)
        {
            ulong control = this[SystemSlot.BreakpointFirst + (2 * n) + 1], value = this[SystemSlot.BreakpointFirst + (2 * n)];
            if ((control & 1) == 0)
                continue;
            if (IsAArch32 ? HitsA32(pc, control, value) : ConcernsLevel(control, ExceptionLevel) && Hits(pc, control, value))
            {
                RecordTrap(0, ArmException.Code(ArmException.HardwareBreakpoint, ArmException.DebugFault));
                return;
            }
        }

        if (HasA32Monitor && CatchesVector(pc))
            RecordTrap(0, ArmException.Code(ArmException.VectorCatch, ArmException.DebugFault));
    }

    private bool Hits(ulong pc, ulong control, ulong value) => ((control >> 20) & 15) switch
    {
        0 => (pc ^ value) >> 2 << 15 == 0,
        1 => (pc ^ value) >> 2 << 15 == 0 && IsLinked((int)(control >> 16) & 15),
        2 => IsContext(value),
        _ => false,
    };

    private void CompleteStep()
    {
        if ((this[SystemSlot.PState] & StateStep) == 0)
            return;
        this[SystemSlot.PState] &= ~StateStep;
        UpdateMode();
    }

    private uint DebugMode(ulong state)
    {
        if (!DebugEnabled(ExceptionLevel, this[SystemSlot.Daif]))
            return 0;
        uint mode = 0;
        ulong control = this[SystemSlot.MdscrEl1];
        if ((control & DebugStep) != 0)
            mode |= (state & StateStep) != 0 ? ArmMode.StepActive : ArmMode.StepPending;
        return (control & DebugMonitor) != 0 && AnyBreakpoint() ? mode | ArmMode.Breakpoints : mode;
    }

    private bool AnyBreakpoint()
    {
        for (int n = 0; n < DebugRegisters.Breakpoints; n++)
        {
            if ((this[SystemSlot.BreakpointFirst + (2 * n) + 1] & 1) != 0)
                return true;
        }

        return false;
    }

    private bool DebugEnabled(int level, ulong daif)
    {
        if (HasA32Monitor)
            return this[SystemSlot.OsLock] == 0;         // there is no mask of debug exceptions
        int target = DebugTarget;
        if (level > target || this[SystemSlot.OsLock] != 0 || (IsSecureBelow && level < 3 && (this[SystemSlot.MdcrEl3] & SecureDebugDisable) != 0))
            return false;
        return level < target || ((this[SystemSlot.MdscrEl1] & DebugKernel) != 0 && (daif & MaskD) == 0);
    }

    private bool StepsAfterReturn(int level, ulong saved)
        => (this[SystemSlot.MdscrEl1] & DebugStep) != 0 && !DebugEnabled(ExceptionLevel, this[SystemSlot.Daif]) && DebugEnabled(level, saved);

    // PMC or PAC, and HMC: D2.8.3 "Execution conditions"
    private static bool ConcernsLevel(ulong control, int level) => level switch
    {
        0 => (control & 4) != 0,
        1 => (control & 2) != 0,
        _ => (control & (1 << 13)) != 0,
    };

    private bool IsContext(ulong value) => (uint)value == (uint)this[IsHost && ExceptionLevel != 1 ? SystemSlot.ContextIdrEl2 : SystemSlot.ContextIdrEl1];

    private bool IsLinked(int n)
    {
        if (n >= DebugRegisters.Breakpoints)
            return false;
        ulong control = this[SystemSlot.BreakpointFirst + (2 * n) + 1];
        return (control & 1) != 0 && ((control >> 20) & 15) == 3 && IsContext(this[SystemSlot.BreakpointFirst + (2 * n)]);
    }

    private bool WatchesPage(ulong page)
    {
        for (int n = 0; n < DebugRegisters.Watchpoints; n++)
        {
            ulong control = this[SystemSlot.WatchpointFirst + (2 * n) + 1], value = this[SystemSlot.WatchpointFirst + (2 * n)];
            int bits = Math.Max(StateLayout.PageShift, (int)(control >> 24) & 31);
            if ((control & 1) != 0 && ((page ^ value) >> bits << (bits + 8)) == 0)
                return true;
        }

        return false;
    }

    // LDTR, LDRT and their siblings are accesses of EL0
    private bool IsWatched(ulong address, int size, MemoryAccessKind kind, int mmuIndex)
    {
        int level = IsUserRegime(mmuIndex) ? 0 : ExceptionLevel;
        if (!DebugEnabled(ExceptionLevel, this[SystemSlot.Daif]))
            return false;
        for (int n = 0; n < DebugRegisters.Watchpoints; n++)
        {
            ulong control = this[SystemSlot.WatchpointFirst + (2 * n) + 1], value = this[SystemSlot.WatchpointFirst + (2 * n)];
            if ((control & 1) == 0 || !ConcernsLevel(control, level) || (control & (kind == MemoryAccessKind.Write ? 16UL : 8)) == 0)
                continue;
            if ((control & (1 << 20)) != 0 && !IsLinked((int)(control >> 16) & 15))
                continue;
            int mask = (int)(control >> 24) & 31, select = (int)(control >> 5) & 0xff;
            for (ulong i = 0; i < (ulong)size; i++)
            {
                ulong at = address + i;
                bool hit = mask != 0
                    ? ((at ^ value) >> mask << (mask + 8)) == 0
                    : ((at ^ value) >> 3 << 11) == 0 && ((select << ((value & 4) != 0 ? 4 : 0)) & (1 << (int)(at & 7))) != 0;
                if (hit)
                    return true;
            }
        }

        return false;
    }
}
