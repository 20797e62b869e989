namespace Emulation.Arm;

// Floating point: FPSCR, lazy state preservation. DDI 0403E, B1.5.7, B3.2.21; DDI 0553, B3.18 PushStack(), PreserveFPState().
public sealed unsafe partial class ArmMCpu
{
    private const uint FpscrFlags = 0xf000_0000, FpscrControls = 0x07c0_0000;
    private const uint LazyActive = 1, LazyUser = 2, LazySecure = 4, LazyThread = 8, HardFaultReady = 1 << 4, MemManageReady = 1 << 5, BusFaultReady = 1 << 6;
    private const uint LimitViolated = 1 << 9, SecureFaultReady = 1 << 7, MonitorReady = 1 << 8, UsageFaultReady = 1 << 10;

    /// <summary>Floating-point status and control.</summary>
    public uint Fpscr
    {
        get => ((uint)this[Registers.A32.Fpscr] & FpscrFlags) | (uint)this[Registers.Fpcr] | (ArmStatus.ReadFpsr(this, Registers) & 0x9f);
        set
        {
            ArmStatus.WriteFpcr(this, Registers, Model.Isa, value & FpscrControls);
            ArmStatus.WriteFpsr(this, Registers, value & 0x9f);
            this[Registers.A32.Fpscr] = value & FpscrFlags;
        }
    }

    uint IA32Cpu.Fpexc
    {
        get => 0;
        set { }
    }

    // FPCCR.LSPACT of some state, or a context that is not in use yet
    private bool FloatNeedsCheck
        => System.AnyLazy || (System.FloatKeepsState(Bank) && (!_fpca || (_secure && !_sfpa)));

    uint IA32Cpu.ReadFloatRegister(int number) => number == 1 ? Fpscr : 0;

    // ExecuteFPCheck(), behind the checks of CPACR
    internal void ExecuteFpCheck()
    {
        for (int bank = 0; bank < 2; bank++)
        {
            if ((System.LazyContext[bank] & LazyActive) != 0 && !PreserveFloat(bank))
                return;
        }

        if (System.FloatKeepsState(Bank) && (!_fpca || (_secure && !_sfpa)))
        {
            Fpscr = System.FloatDefaults[Bank] & FpscrControls;      // what else it holds is UNKNOWN
            _fpca = true;
            if (_secure)
                _sfpa = true;
        }

        UpdateMode();
    }

    /// <summary>Whether the floating-point unit may be used: CPACR, NSACR.</summary>
    private bool FloatEnabled(bool secure, bool privileged) => CpacrAllows(secure, privileged) && (secure || System.NonSecureMayUseFloat);

    private bool CpacrAllows(bool secure, bool privileged)
    {
        uint access = (System.CoprocessorAccess[secure ? 1 : 0] >> 20) & 3;
        return access == 3 || (access == 1 && privileged);
    }

    // CheckCPEnabled(10): what NSACR alone denies is a Secure fault
    private bool DeniedBySecure(bool secure, bool privileged) => secure || (CpacrAllows(false, privileged) && !System.NonSecureMayUseFloat);

    private void ResetFloat()
    {
        for (int i = 0; i < 32; i++)
            this[Registers.A32.S[i]] = 0;
        Fpscr = 0;
    }

    // The registers go where entry left room for them. A fault is that of the code whose state it is; when it does not preempt, it is pending and the state is lost: false when an exception is to be taken.
    private bool PreserveFloat(int bank)
    {
        uint context = System.LazyContext[bank], frame = System.LazyAddress[bank];
        bool secure = bank == 1, privileged = (context & LazyUser) == 0, stores = (context & LimitViolated) == 0;
        int count = secure && System.FloatIsSecure ? 34 : 17;
        if (Model.IsV8 && !FloatEnabled(secure, privileged))
        {
            if (!TryPendLazy(MFault.NoCoprocessor, bank, DeniedBySecure(secure, privileged)))
                return false;
            stores = false;
        }

        for (int i = 0; stores && i < count; i++)
        {
            if (i == 17 || TryWriteStack(frame + (4 * (uint)i), FloatWord(i), privileged, secure, urgent: (context & HardFaultReady) == 0))
                continue;
            int code = Header.ExceptionCode;
            int fault = code >= MFault.SecureFirst ? MFault.SecureLazy : code is MFault.DataAccess or MFault.InstructionAccess ? MFault.MemManageLazy : MFault.BusLazy;
            if (!TryPendLazy(fault, bank, secure))
                return false;
            break;
        }

        System.LazyContext[bank] &= ~LazyActive;
        if (secure && System.FloatIsSecure)
            ClearFloat(32);
        return true;
    }

    // TakePreserveFPException(): true when the fault is just pending
    private bool TryPendLazy(int code, int bank, bool secure)
    {
        SetFaultStatus(code, 0, secure);
        (int number, uint ready) = code switch
        {
            MFault.MemManageLazy => (MException.MemManage, MemManageReady),
            MFault.BusLazy => (MException.BusFault, BusFaultReady),
            MFault.NoCoprocessor => (MException.UsageFault, UsageFaultReady),
            _ => (MException.SecureFault, SecureFaultReady),
        };
        uint context = System.LazyContext[bank];
        int index = Exceptions.IndexOf(number, secure);
        bool escalates = (context & ready) == 0;
        if (escalates)
            index = Exceptions.IndexOf(MException.HardFault, Model.HasSecurity && (Exceptions.TargetsSecure(index) || !System.FaultsAreNonSecure));
        bool preempts = Exceptions.Priority(index) < Exceptions.ExecutionPriority;
        if (!preempts && (context & HardFaultReady) == 0)
        {
            Lockup($"lockup: {MFault.Name(code)} at 0x{(uint)Header.Pc:x8} in {MException.Name(_ipsr)}; {FaultStatus}");
            return false;
        }

        if (escalates)
            System.HardFaultStatus |= SystemControl.Forced;
        Exceptions.SetPending(index, true);
        if (preempts)
            RecordException(MFault.Pending, 0);
        return !preempts;
    }

    // S0 to S15, FPSCR, a reserved word, S16 to S31
    private uint FloatWord(int i) => i switch
    {
        < 16 => (uint)this[Registers.A32.S[i]],
        16 => Fpscr,
        17 => 0,
        _ => (uint)this[Registers.A32.S[i - 2]],
    };

    private void ClearFloat(int registers)
    {
        for (int i = 0; i < registers; i++)
            this[Registers.A32.S[i]] = 0;
        Fpscr = 0;
    }

    // false after a fault, which is pending
    private bool PushFloat(uint frame, uint size, bool privileged, bool stacked, bool limited)
    {
        int bank = Bank;
        if (Model.HasSecurity && (System.LazyContext[bank] & LazyActive) != 0)
        {
            Pend(MFault.LazyError, 0, true);
            return false;
        }

        if (size == BasicFrame)
        {
            Pend(MFault.NoCoprocessor, 0, true);
            return false;
        }

        if (System.SavesLazily(bank))
        {
            System.LazyAddress[bank] = (frame + BasicFrame) & ~7u;
            System.LazyContext[bank] = LazyState(bank, privileged) | (limited ? LimitViolated : 0);
            return true;
        }

        if (!stacked)
            return false;
        if (!FloatEnabled(_secure, privileged))
        {
            Pend(MFault.NoCoprocessor, 0, DeniedBySecure(_secure, privileged));
            return false;
        }

        int count = size == FullFrame ? 34 : 17;
        for (int i = 0; stacked && i < count; i++)
            stacked = i == 17 || TryPush(frame + BasicFrame + (4 * (uint)i), FloatWord(i), privileged);
        if (Model.HasSecurity)
            ClearFloat(size == FullFrame ? 32 : 16);
        return stacked;
    }

    // UpdateFPCCR()
    private uint LazyState(int bank, bool privileged)
    {
        int priority = Exceptions.ExecutionPriority;
        bool secure = bank == 1;
        uint state = LazyActive | (privileged ? 0 : LazyUser) | (_ipsr == 0 ? LazyThread : 0) | (secure ? LazySecure : 0);
        bool Above(int number) => Exceptions.Priority(Exceptions.IndexOf(number, secure)) < priority;
        if (priority > -1)
            state |= HardFaultReady;
        if (System.IsFaultEnabled(MException.BusFault, bank) && Above(MException.BusFault))
            state |= BusFaultReady;
        if (System.IsFaultEnabled(MException.MemManage, bank) && Above(MException.MemManage))
            state |= MemManageReady;
        if (DebugMonitorEnabled && Above(MException.DebugMonitor))
            state |= MonitorReady;
        if (Model.IsV8 && System.IsFaultEnabled(MException.UsageFault, bank) && Above(MException.UsageFault))
            state |= UsageFaultReady;
        if (Model.HasSecurity && System.IsFaultEnabled(MException.SecureFault, 1) && Above(MException.SecureFault))
            state |= SecureFaultReady;
        return state;
    }

    // false when the return has become another exception
    private bool TryPopFloat(uint frame, bool secure, bool privileged, uint link, ref uint size)
    {
        int bank = secure ? 1 : 0;
        bool full = secure && System.FloatIsSecure;
        size = full ? FullFrame : ExtendedFrame;
        if (Model.HasSecurity && !secure && (System.LazyContext[1] & LazyActive) != 0)
        {
            ChainFault(MFault.LazyError, link, true);
            return false;
        }

        if ((System.LazyContext[bank] & LazyActive) != 0)
        {
            System.LazyContext[bank] &= ~LazyActive;
            return true;
        }

        if (!FloatEnabled(secure, privileged))
        {
            ChainFault(MFault.NoCoprocessor, link, DeniedBySecure(secure, privileged));
            return false;
        }

        Span<uint> words = stackalloc uint[34];
        for (int i = 0; i < (full ? 34 : 17); i++)
        {
            if (i == 17 || TryPop(frame + BasicFrame + (4 * (uint)i), privileged, out words[i]))
                continue;
            ChainPending(link);
            return false;
        }

        for (int i = 0; i < 16; i++)
            this[Registers.A32.S[i]] = words[i];
        for (int i = 16; full && i < 32; i++)
            this[Registers.A32.S[i]] = words[i + 2];
        Fpscr = words[16];
        return true;
    }
}
