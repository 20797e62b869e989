namespace Emulation.Arm.Tests.MProfile.Manual;

// ExceptionPriority(), ExecutionPriority(), PendingExceptionDetails(), CreateException(), DeActivate(). DDI 0553, B3.9 to B3.13, E2.1.
internal sealed partial class ManualV8
{
    private const int Lowest = 256, RestrictedPriority = 0x80, Numbers = 24;

    /// <summary>Where an exception is in the arrays.</summary>
    public int Index(int number, bool secure) => secure && Security && IsBanked(number) ? Secured + number : number;

    /// <summary>ExceptionTargetsSecure().</summary>
    public bool Targets(int number, bool secure)
    {
        if (!Security)
            return false;
        if (number >= First)
            return !Itns[number];
        return number switch
        {
            1 or SecureFault => true,
            Nmi or BusFault => !Bfhfnmins,
            _ => secure,
        };
    }

    public int Priority(int number, bool secure, bool group = true)
    {
        switch (number)
        {
            case 1:
                return -4;
            case Nmi:
                return -2;
            case HardFault:
                return secure && Bfhfnmins ? -3 : -1;
        }

        int priority = Priorities[Index(number, secure)];
        if (group)
            priority -= priority % (2 << PriGroup[secure ? 1 : 0]);
        return Pris && Security && !secure ? (priority >> 1) + RestrictedPriority : priority;
    }

    private static bool IsBanked(int number) => number is HardFault or MemManage or UsageFault or SvCall or PendSv or 15;

    private bool IsActive(int number, bool secure)
        => Security && !IsBanked(number) ? Active[number] && Targets(number, secure) == secure : Active[Index(number, secure)];

    private int RawPriority()
    {
        int result = Lowest;
        for (int number = 1; number < Numbers; number++)
        {
            for (int bank = 0; bank < (Security ? 2 : 1); bank++)
            {
                if (IsActive(number, bank == 1))
                    result = Math.Min(result, Priority(number, bank == 1));
            }
        }

        return result;
    }

    public int ExecutionPriority()
    {
        int boosted = Lowest;
        if (Basepri[0] != 0 && Main)
        {
            boosted = Basepri[0] - (Basepri[0] % (2 << PriGroup[0]));
            if (Pris && Security)
                boosted = (boosted >> 1) + RestrictedPriority;
        }

        if (Security && Main && Basepri[1] != 0)
            boosted = Math.Min(boosted, Basepri[1] - (Basepri[1] % (2 << PriGroup[1])));
        if (Primask[0])
            boosted = Math.Min(boosted, Pris && Security ? RestrictedPriority : 0);
        if (Security && Primask[1])
            boosted = 0;
        if (Faultmask[0])
            boosted = Math.Min(boosted, !Security || Bfhfnmins ? -1 : Pris ? RestrictedPriority : 0);
        if (Security && Faultmask[1])
            boosted = Math.Min(boosted, Bfhfnmins ? -3 : -1);
        return Math.Min(boosted, RawPriority());
    }

    /// <summary>The pending exception of highest priority that may be taken; 0 for none.</summary>
    public (int Number, bool IsSecure) Highest()
    {
        (int Group, int Priority, int Number, int Order) best = (ExecutionPriority(), int.MinValue, 0, 0);
        bool secure = false;
        for (int number = 1; number < Numbers; number++)
        {
            for (int bank = Security ? 1 : 0; bank >= 0; bank--)
            {
                bool s = bank == 1;
                if (!Pending[Index(number, s)] || (!IsBanked(number) && Targets(number, s) != s))
                    continue;
                var found = (Priority(number, s), Priority(number, s, false), number, s ? 0 : 1);
                if (found.CompareTo(best) < 0)
                    (best, secure) = (found, s);
            }
        }

        return (best.Number, secure);
    }

    // the Security state matters for those of two
    private ManualFault Create(int number, bool secure)
    {
        secure = Targets(number, secure);
        int bank = secure ? 1 : 0;
        bool enabled = number switch
        {
            MemManage => Main && MemEnabled[bank],
            BusFault => Main && BusEnabled,
            UsageFault => Main && UsageEnabled[bank],
            SecureFault => Main && SecureEnabled,
            _ => true,
        };
        if (enabled && Priority(number, secure) < ExecutionPriority())
            return new ManualFault(number, secure, false);
        secure = Security && (secure || !Bfhfnmins);
        bool locksUp = Priority(HardFault, secure) >= ExecutionPriority();
        if (Main && !locksUp)
            Hfsr |= 1 << 30;
        return new ManualFault(HardFault, secure, locksUp);
    }

    // IsReqExcPriNeg(): for the MPU and CCR
    private bool IsRequestedNegative(int bank) => IsActive(Nmi, bank == 1) || IsActive(HardFault, bank == 1) || Faultmask[bank];

    private void DeActivate(int number, bool secure)
    {
        int raw = RawPriority();
        switch (IsV8 ? raw : 0)
        {
            case -1:
                Active[Index(HardFault, !Bfhfnmins)] = false;
                break;
            case -2:
                Active[Nmi] = false;
                break;
            case -3:
                Active[Index(HardFault, true)] = false;
                break;
            default:
                if (IsBanked(number) || !Security || Targets(number, secure) == secure)
                    Active[Index(number, secure)] = false;
                break;
        }

        if (Main && (IsV8 ? raw >= 0 : number != Nmi))
            Faultmask[secure && Security ? 1 : 0] = false;
    }

    // a fault is pending, and what is highest then is taken
    private void TakeFault(ManualFault fault, bool chained, bool ignores)
    {
        LockedUp |= fault.LocksUp;
        if (LockedUp)
            return;
        Pending[Index(fault.Number, fault.IsSecure)] = true;
        (int number, bool secure) = Highest();
        Take(number, secure, chained, ignores);
    }
}
