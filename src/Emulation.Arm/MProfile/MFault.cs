namespace Emulation.Arm;

/// <summary>Exceptions as the run loop carries them. Numbers below 32 are bits of CFSR, those from 32 on bits of SFSR. DDI 0403E, B3.2.15; DDI 0553, D1.2.</summary>
internal static class MFault
{
    public const int InstructionAccess = 0, DataAccess = 1, MemManageUnstacking = 3, MemManageStacking = 4, MemManageLazy = 5;
    public const int InstructionBus = 8, PreciseBus = 9, BusUnstacking = 11, BusStacking = 12, BusLazy = 13;
    public const int UndefinedInstruction = 16, InvalidState = 17, InvalidPc = 18, NoCoprocessor = 19, StackOverflow = 20, Unaligned = 24, DivideByZero = 25;

    /// <summary>The first of SecureFault.</summary>
    public const int SecureFirst = 32;

    public const int InvalidEntry = 32, InvalidIntegrity = 33, InvalidReturn = 34, AttributionUnit = 35, InvalidTransition = 36, SecureLazy = 37, LazyError = 39;

    /// <summary>SVC.</summary>
    public const int SupervisorCall = 64;

    /// <summary>BKPT, with its immediate from bit 8 on.</summary>
    public const int Breakpoint = 65;

    /// <summary>A debug event: a breakpoint, watchpoint or step of the debug unit. The value is the bit of DFSR.</summary>
    public const int DebugEvent = 66;

    /// <summary>Nothing can handle what happened: the run ends.</summary>
    public const int Lockup = 67;

    /// <summary>A fault of lazy state preservation, which is pending already.</summary>
    public const int Pending = 68;

    /// <summary><see cref="NoCoprocessor"/> of an instruction of the floating-point unit.</summary>
    public const int NoFloat = NoCoprocessor | 0x100;

    /// <summary>The part of a code without an immediate.</summary>
    public const int Mask = 0xff;

    /// <summary>A name for messages.</summary>
    /// <param name="code">A code.</param>
    public static string Name(int code) => (code & Mask) switch
    {
        InstructionAccess => "MemManage fault: IACCVIOL",
        DataAccess => "MemManage fault: DACCVIOL",
        MemManageUnstacking => "MemManage fault: MUNSTKERR",
        MemManageStacking => "MemManage fault: MSTKERR",
        MemManageLazy => "MemManage fault: MLSPERR",
        InstructionBus => "BusFault: IBUSERR",
        PreciseBus => "BusFault: PRECISERR",
        BusUnstacking => "BusFault: UNSTKERR",
        BusStacking => "BusFault: STKERR",
        BusLazy => "BusFault: LSPERR",
        UndefinedInstruction => "UsageFault: UNDEFINSTR",
        InvalidState => "UsageFault: INVSTATE",
        InvalidPc => "UsageFault: INVPC",
        NoCoprocessor => "UsageFault: NOCP",
        StackOverflow => "UsageFault: STKOF",
        Unaligned => "UsageFault: UNALIGNED",
        DivideByZero => "UsageFault: DIVBYZERO",
        InvalidEntry => "SecureFault: INVEP",
        InvalidIntegrity => "SecureFault: INVIS",
        InvalidReturn => "SecureFault: INVER",
        AttributionUnit => "SecureFault: AUVIOL",
        InvalidTransition => "SecureFault: INVTRAN",
        SecureLazy => "SecureFault: LSPERR",
        LazyError => "SecureFault: LSERR",
        SupervisorCall => "SVCall",
        Breakpoint => "BKPT",
        DebugEvent => "debug event",
        _ => "exception",
    };
}
