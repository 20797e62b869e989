namespace Emulation.Arm;

// Floating point: FPSCR, lazy state preservation. DDI 0403E, B1.5.7, B3.2.21; DDI 0553, B3.18 PushStack(), PreserveFPState().
public sealed unsafe partial class ArmMCpu
{
    private const uint FpscrFlags = 0xf000_0000, FpscrControls = 0x07c0_0000;
    private const uint LazyActive = 1, LazyUser = 2, LazySecure = 4, LazyThread = 8, HardFaultReady = 1 << 4, MemManageReady = 1 << 5, BusFaultReady = 1 << 6;
    private const uint SecureFaultReady = 1 << 7, MonitorReady = 1 << 8, UsageFaultReady = 1 << 10;

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
            Fpscr = (Fpscr & ~FpscrControls) | (System.FloatDefaults[Bank] & FpscrControls);
            _fpca = true;
            if (_secure)
                _sfpa = true;
        }

        UpdateMode();
    }

    /// <summary>Whether the floating-point unit may be used: CPACR, NSACR.</summary>
    private bool FloatEnabled(bool secure, bool privileged)
    {
        uint access = (System.CoprocessorAccess[secure ? 1 : 0] >> 20) & 3;
        if (!(access == 3 || (access == 1 && privileged)))
            return false;
        return secure || !Model.HasSecurity || System.NonSecureMayUseFloat;
    }

    private void ResetFloat()
    {
        for (int i = 0; i < 32; i++)
            this[Registers.A32.S[i]] = 0;
        Fpscr = 0;
    }

    // the registers go where entry left room for them
    private bool PreserveFloat(int bank)
    {
        uint context = System.LazyContext[bank], frame = System.LazyAddress[bank];
        bool secure = bank == 1, privileged = (context & LazyUser) == 0;
        int count = secure && System.FloatIsSecure ? 34 : 17;
        for (int i = 0; i < count; i++)
        {
            uint address = frame + (4 * (uint)i);
            if (i == 17 || TryWriteStack(address, FloatWord(i), privileged, secure))
                continue;
            int code = Header.ExceptionCode;
            if (code >= MFault.SecureFirst)
                RecordException(MFault.SecureLazy, 0);
            else
                RecordException(code is MFault.DataAccess or MFault.InstructionAccess ? MFault.MemManageLazy : MFault.BusLazy, 0);
            return false;
        }

        System.LazyContext[bank] &= ~LazyActive;
        if (secure && System.FloatIsSecure)
            ClearFloat(32);
        return true;
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
    private bool PushFloat(uint frame, uint size, bool privileged, bool stacked)
    {
        int bank = Bank;
        if (Model.HasSecurity && (System.LazyContext[bank] & LazyActive) != 0)
        {
            Pend(MFault.LazyError, 0, true);
            return false;
        }

        if (System.SavesLazily(bank))
        {
            System.LazyAddress[bank] = (frame + BasicFrame) & ~7u;
            System.LazyContext[bank] = LazyState(bank, privileged);
            return true;
        }

        if (!FloatEnabled(_secure, privileged))
        {
            Pend(MFault.NoCoprocessor, 0, _secure);
            return false;
        }

        int count = size == FullFrame ? 34 : 17;
        for (int i = 0; stacked && i < count; i++)
            stacked = i == 17 || TryPush(frame + BasicFrame + (4 * (uint)i), FloatWord(i), privileged);
        if (size == FullFrame)
            ClearFloat(32);
        return stacked;
    }

    // UpdateFPCCR()
    private uint LazyState(int bank, bool privileged)
    {
        int priority = Exceptions.ExecutionPriority;
        bool secure = bank == 1;
        uint state = LazyActive | (privileged ? 0 : LazyUser) | (_ipsr == 0 ? LazyThread : 0) | (secure ? LazySecure : 0);
        bool Above(int number) => Exceptions.Priority(Exceptions.IndexOf(number, secure)) < priority;
        if (Exceptions.Priority(Exceptions.IndexOf(MException.HardFault, Model.HasSecurity && (secure || !System.FaultsAreNonSecure))) < priority)
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

    // a fault of lazy state is that of the code whose state it is
    private bool LazyCanTake(int number)
    {
        uint ready = number switch { MException.MemManage => MemManageReady, MException.BusFault => BusFaultReady, _ => SecureFaultReady };
        uint context = System.LazyContext[0] | System.LazyContext[1];
        return (context & ready) != 0 && Exceptions.Priority(Exceptions.IndexOf(number, (context & LazySecure) != 0)) < Exceptions.ExecutionPriority;
    }

    // false when the return has become another exception
    private bool TryPopFloat(uint frame, bool secure, bool privileged, uint link, ref uint size)
    {
        int bank = secure ? 1 : 0;
        bool full = secure && System.FloatIsSecure;
        size = full ? FullFrame : ExtendedFrame;
        if ((System.LazyContext[bank] & LazyActive) != 0)
        {
            System.LazyContext[bank] &= ~LazyActive;
            return true;
        }

        if (!FloatEnabled(secure, privileged))
        {
            ChainFault(MFault.NoCoprocessor, link, secure);
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
