namespace Emulation.Arm.Tests.MProfile.Manual;

// ExceptionEntry(), PushStack(), PushCalleeStack(), ExceptionTaken(), Vector(), DerivedLateArrival(), UpdateFPCCR(), PreserveFPState(). DDI 0553, B3.18 to B3.25, E2.1.
internal sealed partial class ManualV8
{
    /// <summary>Takes the pending exception of highest priority.</summary>
    public void Enter()
    {
        bool handler = IsHandler, process = !handler && Spsel[Bank];
        uint link = IsV8
            ? 0xffff_ffa0 | (Secure ? 0x40u : 0) | (handler ? 0 : 8u) | (Fpca ? 0 : 16u)
            : handler ? 0xffff_fff1 : process ? 0xffff_fffd : 0xffff_fff9;
        if (!IsV8 && Fpca)
            link &= ~16u;
        ManualFault fault = PushStack();
        Lr = link;
        if (fault.Number != 0)
        {
            TakeFault(fault, false, true);
            return;
        }

        (int number, bool secure) = Highest();
        Take(number, secure, false, false);
    }

    /// <summary>A synchronous fault of an instruction, or SVC.</summary>
    public void Raise(int number, bool secure) => Raise(Create(number, secure));

    private void Raise(ManualFault fault)
    {
        LockedUp |= fault.LocksUp;
        if (LockedUp)
            return;
        Pending[Index(fault.Number, fault.IsSecure)] = true;
        Enter();
    }

    private ManualFault PushStack()
    {
        int bank = Bank;
        bool handler = IsHandler, extended = Fpca && (Secure || !Security || NsacrCp10), limited;
        ref uint sp = ref Stack(handler, bank);
        uint mask = StackAlign || Fpca ? 4u : 0, size = !extended ? 0x20u : Secure && Ts ? 0xa8u : 0x68;
        uint frame = (sp - size) & ~mask, limit = Limit(handler, bank);
        uint psr = Flags | (T ? 1u << 24 : 0) | ((sp & mask) != 0 ? 0x200u : 0) | (Secure && Sfpa ? 1u << 20 : 0) | (uint)Ipsr;
        var fault = default(ManualFault);
        limited = frame < limit && !(IsRequestedNegative(bank) && Stkofhfnmign[bank]);
        if (limited)
        {
            Cfsr[bank] |= FaultStackOverflow;
            fault = Create(UsageFault, Secure);
        }

        uint[] words = [R[0], R[1], R[2], R[3], R[12], Lr, Pc, psr];
        for (uint i = 0; i < 8 && fault.Number == 0; i++)
            fault = Access(frame + (4 * i), true, bank, ref words[i]);
        if (Float && Fpca && PushFloat(frame, handler, bank, limited, fault) is { Number: not 0 } second)
            fault = Merge(fault, second);
        sp = limited ? limit : frame;
        return fault;
    }

    // the status of both is there; the one of higher priority goes on
    private ManualFault Merge(ManualFault a, ManualFault b)
    {
        if (a.Number == 0)
            return b;
        Pending[Index(b.Number, b.IsSecure)] |= !b.LocksUp;
        LockedUp |= b.LocksUp;
        return a;
    }

    private ManualFault PushFloat(uint frame, bool handler, int bank, bool limited, ManualFault before)
    {
        if (Security && Lspact[bank])
        {
            Sfsr |= SecureLsErr;
            return Create(SecureFault, true);
        }

        if (Security && !Secure && !NsacrCp10)
        {
            Cfsr[1] |= FaultNoCp;
            return Create(UsageFault, true);
        }

        if (Lspen)
        {
            UpdateContext(frame + 0x20, handler, bank, limited);
            return default;
        }

        if (before.Number != 0)
        {
            UnknownFloat = true;
            return default;
        }

        ManualFault fault = CheckFloat(IsPrivileged(handler, bank), bank);
        if (fault.Number != 0)
            return fault;
        int count = Secure && Ts ? 32 : 16;
        for (uint i = 0; i < (count == 32 ? 34 : 17) && fault.Number == 0; i++)
        {
            uint value = FloatWord(i);
            if (i != 17)
                fault = Access(frame + 0x20 + (4 * i), true, bank, ref value);
        }

        UnknownFloat |= fault.Number != 0 || !Security;
        Array.Clear(S, 0, count);
        Fpscr = 0;
        return fault;
    }

    private void UpdateContext(uint address, bool handler, int bank, bool limited)
    {
        int priority = ExecutionPriority();
        Fpcar[bank] = address & ~7u;
        (Lspact[bank], LazyUser[bank], LazyThread[bank], LimitViolated[bank]) = (true, !IsPrivileged(handler, bank), !handler, limited);
        bool Above(int number, bool secure) => Priority(number, Targets(number, secure)) < priority;
        uint ready = priority > -1 ? ReadyHardFault : 0;
        if (MemEnabled[bank] && Above(MemManage, bank == 1))
            ready |= 1 << 5;
        if (BusEnabled && Above(BusFault, bank == 1))
            ready |= 1 << 6;
        Ready[bank] = ready;
    }

    private ManualFault PushCalleeStack(bool chained)
    {
        bool handler = chained ? (Lr & 8) == 0 : IsHandler;
        ref uint sp = ref Stack(handler, 1);
        uint frame = sp - 0x28, limit = Limit(handler, 1);
        if (frame < limit && !(IsRequestedNegative(1) && Stkofhfnmign[1]))
        {
            Cfsr[1] |= FaultStackOverflow;
            sp = limit;
            return Create(UsageFault, true);
        }

        uint signature = 0xfefa_125a | (Float ? (Lr >> 4) & 1 : 1);
        ManualFault fault = Access(frame, true, 1, ref signature);
        for (uint i = 0; i < 8 && fault.Number == 0; i++)
            fault = Access(frame + 8 + (4 * i), true, 1, ref R[4 + i]);
        sp = frame;
        return fault;
    }

    // ExceptionTaken(): Lr is EXC_RETURN
    private void Take(int number, bool target, bool chained, bool ignores)
    {
        var fault = default(ManualFault);
        if (IsV8)
            fault = Finish(target, chained);
        if (fault.Number != 0 && !ignores)
        {
            TakeFault(fault, true, true);
            return;
        }

        LockedUp |= fault.LocksUp;
        if (fault.Number != 0 && !LockedUp)
            Pending[Index(fault.Number, fault.IsSecure)] = true;
        if (LockedUp)
            return;
        int bank = target ? 1 : 0;
        if (NoVectors[bank])
        {
            FailVector(number, target);
            return;
        }

        Pending[Index(number, target)] = false;
        Active[Index(number, target)] = true;
        (Secure, Ipsr, Fpca, Sfpa, T) = (target, number, false, false, true);
        Spsel[bank] = false;
        Pc = HandlerOf(number, target);
    }

    // a table that cannot be read: HardFault, or lockup when it could not preempt what is being entered
    private void FailVector(int number, bool target)
    {
        bool secure = Security && (target || !Bfhfnmins);
        Hfsr |= IsV8 ? (1u << 30) | 2 : 2;
        if (Priority(HardFault, secure) >= Priority(number, target))
        {
            LockedUp = true;
            return;
        }

        TakeFault(new ManualFault(HardFault, secure, false), true, true);
    }

    /// <summary>Where the handlers are.</summary>
    public static uint HandlerOf(int number, bool secure) => (secure ? 0x1000_8000u : 0x8000) + (16 * (uint)number);

    // EXC_RETURN, and what the handler must not see
    private ManualFault Finish(bool target, bool chained)
    {
        var fault = default(ManualFault);
        bool background = Security && (Lr & 0x40) != 0;
        if (background && target && chained && (Lr & 1) == 0)
        {
            Lr &= ~0x20u;
        }
        else if (background && !target)
        {
            if ((Lr & 0x20) != 0 && !(chained && (Lr & 1) == 0))
                fault = PushCalleeStack(chained);
            Lr |= 0x20;
        }

        Lr = (Lr & ~5u) | (Spsel[target ? 1 : 0] ? 4u : 0) | (target ? 1u : 0);
        bool clears = Security && !target;
        foreach (int r in (int[])[0, 1, 2, 3, 12])
            Set(r, clears);
        (Flags, UnknownFlags) = (clears ? 0 : Flags, !clears);
        for (int r = 4; r < 12 && background; r++)
        {
            if (!target || (Lr & 0x20) == 0)
                Set(r, !target);
        }

        return fault;
    }

    private void Set(int r, bool clears)
    {
        R[r] = clears ? 0 : R[r];
        UnknownR = clears ? UnknownR & ~(1u << r) : UnknownR | (1u << r);
    }
}
