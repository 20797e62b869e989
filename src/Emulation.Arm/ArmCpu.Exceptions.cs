namespace Emulation.Arm;

// Exception entry and return. Arm DDI 0487, D1.3.
public sealed unsafe partial class ArmCpu
{
    private const int SynchronousOffset = 0, IrqOffset = 0x80, FiqOffset = 0x100, SystemErrorOffset = 0x180;
    private const ulong ControlSpan = 1 << 23, ControlSsbs = 1UL << 44;

    // where the recorded exception goes, when that does not follow from its class; what failed in stage 2
    private int _target;
    private WalkFault _fault;

    /// <summary>Firmware that the host provides; null where the guest has its own, or none.</summary>
    public IArmFirmware? Firmware { get; set; }

    /// <summary>Records an exception that goes to a level other than its class says.</summary>
    internal void RecordTrap(int target, int code, ulong value = 0)
    {
        _target = target;
        RecordException(code, value);
    }

    /// <inheritdoc/>
    protected override bool TakeException(int code, ulong value)
    {
        int exceptionClass = ArmException.Class(code), syndrome = ArmException.Iss(code), target = _target;
        ulong pc = Header.Pc;
        WalkFault fault = _fault;
        (_target, _fault) = (0, default);
        if (_stepping && exceptionClass != ArmException.SoftwareStep)
            this[SystemSlot.PState] |= StateStep;        // it did not complete
        _stepping = false;
        if (exceptionClass == ArmException.Semihosting)
        {
            if (TryHost())
                return true;
            code = ArmException.WithoutSemihosting(syndrome);
            (exceptionClass, syndrome) = (ArmException.Class(code), ArmException.Iss(code));
        }

        if (IsAArch32)
        {
            exceptionClass = EnterA32Debug(exceptionClass, ref code);
            syndrome = ArmException.Iss(code);
        }

        if (IsAArch32)
        {
            target = RouteFromA32(ref exceptionClass, ref syndrome, target, ref pc, out bool answered);
            if (answered)
                return true;
            if (IsA32Target(target))
            {
                Syndrome = ArmException.Syndrome(ArmException.Code(exceptionClass, syndrome));
                FaultAddress = value;
                return TakeA32Exception(exceptionClass, syndrome, value, fault, target, pc);
            }

            syndrome = WithWideNumbers(exceptionClass, syndrome);
        }

        if (exceptionClass == ArmException.Smc64 && ExceptionLevel == 1 && (Hcr & HcrTsc) != 0)
            target = 2;
        if (exceptionClass is ArmException.Svc64 or ArmException.Hvc64 or ArmException.Smc64)
            this[Registers.BranchType] = 0;              // of the instruction behind
        switch (exceptionClass)
        {
            case ArmException.Svc64:
                pc += 4;
                CompleteStep();
                break;
            case ArmException.Hvc64 or ArmException.Smc64 when target == 0:
                target = CallTarget(exceptionClass, syndrome, out bool handled);
                if (handled)
                    return true;
                if (target < 0)
                    (exceptionClass, syndrome, target) = (ArmException.Unknown, 0, 0);
                else
                    pc += 4;
                break;
            case ArmException.DataAbort:
                syndrome = IsAArch32 ? RefineA32DataAbort(syndrome, fault) : RefineDataAbort(syndrome, fault, target);
                break;
            case ArmException.FpTrapped:
                target = FpTrapTarget(ExceptionLevel);
                break;
        }

        if (target == 0)
            target = DefaultTarget(exceptionClass, syndrome);
        if (target == ExceptionLevel && ArmException.IsPaired(exceptionClass))
            exceptionClass++;
        if (exceptionClass == ArmException.FpTrapped && target == 2 && ExceptionLevel == 0 && (Hcr & (HcrTge | HcrE2h)) == HcrTge)
            (exceptionClass, syndrome) = (ArmException.Unknown, 0);
        Syndrome = ArmException.Syndrome(ArmException.Code(exceptionClass, syndrome));
        if (IsAArch32 && IsNarrow(exceptionClass, syndrome))
            Syndrome &= ~(1UL << 25);                    // IL: an instruction of 16 bits
        if (HasAddress(exceptionClass))
            FaultAddress = value;
        if (Options.IsHosted && this[SystemSlot.VbarEl1 + (target - 1)] == 0)
            return false;
        int place = target - 1;
        this[SystemSlot.EsrEl1 + place] = Syndrome;
        if (HasAddress(exceptionClass))
            this[SystemSlot.FarEl1 + place] = value;
        if (fault.IsStage2 && target == 2)
            this[SystemSlot.HpfarEl2] = (fault.Intermediate >> 12 << 4) | (IsSecure ? 1UL << 63 : 0);
        Enter(target, SynchronousOffset, pc);
        return true;
    }

    /// <summary>Enters the handler of a level.</summary>
    /// <param name="target">1 to 3, not below the present level.</param>
    /// <param name="offset">Of the kind of exception in each quarter of the vector table.</param>
    /// <param name="returnAddress">What ELR holds.</param>
    private void Enter(int target, int offset, ulong returnAddress)
    {
        int place = target - 1;
        this[SystemSlot.SpsrEl1 + place] = SavedState();
        this[SystemSlot.ElrEl1 + place] = returnAddress;
        offset += ExceptionLevel < target ? IsA32Below(target) ? 0x600 : 0x400 : _ownSp ? 0x200 : 0;
        Header.Mode &= ~ArmMode.AArch32;
        SwitchTo(target, true);
        ulong control = ControlOf(target), state = this[SystemSlot.PState];
        if ((control & ControlSpan) == 0 && Isa.Has(ArmFeature.PAN) && (target == 1 || (target == 2 && IsHostUser)))
            state |= StatePan;
        state &= ~(StateUao | StateIllegal | StateStep | StateSsbs);
        if ((control & ControlSsbs) != 0 && Isa.Has(ArmFeature.SSBS))
            state |= StateSsbs;
        this[SystemSlot.PState] = state;
        this[SystemSlot.Daif] = AllMasked;
        this[Registers.BranchType] = 0;
        Header.Pc = (this[SystemSlot.VbarEl1 + place] & ~0x7ffUL) + (ulong)offset;
        UpdateMode();
        if (AnyInterrupt())
            RequestAttention();
    }

    /// <summary>PSTATE as SPSR holds it.</summary>
    internal ulong SavedState()
        => IsAArch32 ? SavedA32State() : Nzcv | this[SystemSlot.Daif] | this[SystemSlot.PState] | (this[Registers.BranchType] << 10) | ((ulong)ExceptionLevel << 2) | (_ownSp ? 1UL : 0);

    /// <summary>ERET. Gives the new PC.</summary>
    /// <param name="pc">ELR; authenticated by ERETAA and ERETAB.</param>
    internal ulong ReturnFromException(ulong pc)
    {
        ulong saved = this[SystemSlot.SpsrEl1 + (ExceptionLevel - 1)];
        bool legal = IsLegalReturn(saved);
        if (legal && (saved & 0x10) != 0)
            return ReturnToAArch32((uint)saved, (uint)pc);
        ulong state = saved & (StateDit | StateUao | StatePan | StateSsbs | StateIllegal) & StateBits;
        int level = legal ? (int)(saved >> 2) & 3 : ExceptionLevel;
        if (!legal)
            state |= StateIllegal;
        if ((saved & StateStep) != 0 && StepsAfterReturn(legal ? level : ExceptionLevel, saved))
            state |= StateStep;
        if (legal)
            SwitchTo(level, (saved & 1) != 0);
        Nzcv = (uint)saved;
        this[SystemSlot.Daif] = saved & AllMasked;
        this[SystemSlot.PState] = state;
        ulong type = legal && Isa.Has(ArmFeature.BTI) ? (saved >> 10) & 3 : 0;
        this[Registers.BranchType] = type;
        _guards |= type != 0;
        Header.Pc = legal ? BranchAddress(pc, level) : pc;
        Header.ReservationAddress = ulong.MaxValue;
        _event = true;
        OnStateWrite();
        return Header.Pc;
    }

    /// <summary>Bits of <see cref="SystemSlot.PState"/> that there are.</summary>
    internal ulong StateBits
        => StateIllegal | StateStep | (Isa.Has(ArmFeature.PAN) ? StatePan : 0) | (Isa.Has(ArmFeature.UAO) ? StateUao : 0)
            | (Isa.Has(ArmFeature.DIT) ? StateDit : 0) | (Isa.Has(ArmFeature.SSBS) ? StateSsbs : 0);

    // D1.4.4 "Illegal exception returns from AArch64 state"
    private bool IsLegalReturn(ulong saved)
    {
        if ((saved & 0x10) != 0)
            return IsLegalReturnToA32((uint)saved & ModeBits);
        int level = (int)(saved >> 2) & 3;
        if (level < 2 && El1IsAArch32)
            return false;
        if ((saved & 2) != 0 || level > ExceptionLevel || !HasLevel(level) || (level == 0 && (saved & 1) != 0))
            return false;
        if (level == 2 && !El2Enabled)
            return false;
        return level != 1 || (Hcr & HcrTge) == 0;
    }

    // the tag of an address does not get into the PC: D4.1.2
    private ulong BranchAddress(ulong pc, int level)
    {
        if ((long)(pc << 8) >> 8 == (long)pc)
            return pc;
        ulong tcr = this[level == 3 ? SystemSlot.TcrEl3 : level == 2 || IsHostUser ? SystemSlot.TcrEl2 : SystemSlot.TcrEl1];
        bool upper = (pc & (1UL << 55)) != 0;
        bool two = level < 2 || (level == 2 && IsHost);
        bool ignored = two ? (tcr & (1UL << (upper ? 38 : 37))) != 0 : (tcr & (1 << 20)) != 0;
        if (!ignored)
            return pc;
        return two ? (ulong)((long)(pc << 8) >> 8) : pc & ((1UL << 56) - 1);
    }

    private static bool HasAddress(int exceptionClass)
        => exceptionClass is (>= ArmException.InstructionAbort and <= ArmException.DataAbort + 1) or ArmException.Watchpoint or ArmException.Watchpoint + 1;

    private int DefaultTarget(int exceptionClass, int syndrome)
    {
        int level = ExceptionLevel;
        bool aborts = exceptionClass is ArmException.InstructionAbort or ArmException.DataAbort;
        if (aborts && (syndrome & 0x3f) is ArmException.ExternalAbort or (>= 0x13 and <= 0x17))
        {
            if (Options.HasEl3 && (this[SystemSlot.ScrEl3] & ScrEa) != 0)
                return 3;
            if (level < 2 && (Hcr & HcrTea) != 0)
                return 2;
        }

        if (level < 2 && exceptionClass is ArmException.Breakpoint or ArmException.Breakpoint32 or ArmException.HardwareBreakpoint or ArmException.SoftwareStep or ArmException.Watchpoint)
            return DebugTarget;
        return level == 0 ? UserTarget : level;
    }

    // where a call goes: a level, or -1 when it is UNDEFINED
    private int CallTarget(int exceptionClass, int immediate, out bool handled)
    {
        int level = ExceptionLevel;
        handled = false;
        if (level == 0)
            return -1;
        if (exceptionClass == ArmException.Hvc64)
        {
            if (El2Enabled || level == 3)
            {
                bool enabled = Options.HasEl3 ? (this[SystemSlot.ScrEl3] & ScrHce) != 0 : (this[SystemSlot.HcrEl2] & HcrHcd) == 0;
                return Options.HasEl2 && enabled ? Math.Max(level, 2) : -1;
            }

            handled = Firmware is { } forHvc && CallOut(() => forHvc.HandleCall(this, ArmConduit.Hvc, immediate));
            return -1;
        }

        if (Options.HasEl3)
            return (this[SystemSlot.ScrEl3] & ScrSmd) != 0 ? -1 : 3;
        handled = Firmware is { } firmware && CallOut(() => firmware.HandleCall(this, ArmConduit.Smc, immediate));
        return -1;
    }

    private bool CallOut(Func<bool> call)
    {
        ulong pc = Header.Pc;
        Header.Pc = pc + 4;
        if (call())
        {
            Syndrome = 0;
            CompleteStep();
            RequestAttention();
            return true;
        }

        Header.Pc = pc;
        return false;
    }
}
