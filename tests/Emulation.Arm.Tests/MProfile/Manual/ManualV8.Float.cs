namespace Emulation.Arm.Tests.MProfile.Manual;

// ExecuteFPCheck(), PreserveFPState(), TakePreserveFPException(). DDI 0553, B3.23, E2.1; DDI 0403E, B1.5.7.
internal sealed partial class ManualV8
{
    /// <summary>What is done before an instruction of the floating-point unit; false when an exception has been taken.</summary>
    public bool PrepareFloat()
    {
        for (int bank = 0; bank < 2; bank++)
        {
            if (Lspact[bank] && !Preserve(bank))
                return false;
        }

        if (!Fpca || (Secure && !Sfpa))
            (Fpca, Sfpa, Fpscr) = (true, Secure, 0);
        return true;
    }

    private bool Preserve(int bank)
    {
        bool full = bank == 1 && Ts;
        var fault = default(ManualFault);
        if (IsV8 && DeniesFloat(!LazyUser[bank], bank) is { Denied: true } denied)
        {
            Cfsr[denied.IsSecure ? 1 : 0] |= FaultNoCp;
            fault = new ManualFault(UsageFault, denied.IsSecure, false);
        }

        for (uint i = 0; i < (full ? 34 : 17) && fault.Number == 0 && !LimitViolated[bank]; i++)
        {
            uint value = FloatWord(i);
            if (i != 17)
                fault = Access(Fpcar[bank] + (4 * i), true, bank, ref value, lazy: true);
        }

        if (fault.Number != 0 && !Continue(fault, bank))
            return false;
        Lspact[bank] = false;
        if (full)
        {
            Array.Clear(S);
            Fpscr = 0;
        }

        return true;
    }

    // S0 to S15, FPSCR, nothing, S16 to S31
    private uint FloatWord(uint i) => i < 16 ? S[i] : i == 16 ? Fpscr : i == 17 ? 0 : S[i - 2];

    // pending when it does not preempt
    private bool Continue(ManualFault fault, int bank)
    {
        uint ready = fault.Number switch { MemManage => 1u << 5, BusFault => 1 << 6, _ => 1 << 10 };
        (int number, bool secure) = (fault.Number, fault.IsSecure);
        bool escalates = (Ready[bank] & ready) == 0;
        if (escalates)
            (number, secure) = (HardFault, Security && (secure || !Bfhfnmins));
        bool preempts = Priority(number, secure) < ExecutionPriority();
        if (!preempts && (Ready[bank] & ReadyHardFault) == 0)
        {
            LockedUp = true;
            return false;
        }

        Hfsr |= escalates ? 1u << 30 : 0;
        Pending[Index(number, secure)] = true;
        if (preempts)
            Enter();
        return !preempts;
    }
}
