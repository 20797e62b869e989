namespace Emulation.Arm;

/// <summary>Exceptions as the run loop carries them: class and syndrome in one number. Arm DDI 0487, D17.2.37 "ESR_EL1".</summary>
internal static class ArmException
{
    public const int Unknown = 0;
    public const int WaitTrapped = 0x01;
    public const int SystemRegister32 = 0x03;
    public const int SystemPair32 = 0x04;
    public const int DebugRegister32 = 0x05;
    public const int FpTrapped = 0x07;
    public const int FloatRegister32 = 0x08;
    public const int PointerTrapped = 0x09;
    public const int DebugPair32 = 0x0c;
    public const int BranchTarget = 0x0d;
    public const int IllegalState = 0x0e;
    public const int Svc32 = 0x11;
    public const int Hvc32 = 0x12;
    public const int Smc32 = 0x13;
    public const int Svc64 = 0x15;
    public const int Hvc64 = 0x16;
    public const int Smc64 = 0x17;
    public const int SystemRegister = 0x18;
    public const int PointerAuthentication = 0x1c;
    public const int InstructionAbort = 0x20;
    public const int PcAlignment = 0x22;
    public const int DataAbort = 0x24;
    public const int SpAlignment = 0x26;
    public const int MemoryCopy = 0x27;
    public const int SError = 0x2f;
    public const int HardwareBreakpoint = 0x30;
    public const int SoftwareStep = 0x32;
    public const int Watchpoint = 0x34;
    public const int Breakpoint32 = 0x38;
    public const int VectorCatch = 0x3a;
    public const int Breakpoint = 0x3c;

    /// <summary>No class of the manual: a call of semihosting, by HLT (ISS 0) or SVC (ISS its immediate and <see cref="ByCall"/>), which is the plain instruction where nothing answers.</summary>
    public const int Semihosting = 0x3f;

    /// <summary>ISS of <see cref="Semihosting"/>: SVC.</summary>
    public const int ByCall = 1 << 16;

    /// <summary>Fault status: external abort, not on a walk.</summary>
    public const int ExternalAbort = 0x10;

    /// <summary>Fault status: alignment.</summary>
    public const int AlignmentFault = 0x21;

    /// <summary>Fault status: debug exception.</summary>
    public const int DebugFault = 0x22;

    /// <summary>ISS of a trap of floating point: valid, condition "always".</summary>
    public const int FpSyndrome = (1 << 24) | (0xe << 20);

    private const int ClassShift = 25;
    private const int SyndromeMask = (1 << ClassShift) - 1;

    /// <summary>The number of an exception.</summary>
    /// <param name="exceptionClass">6 bits: of classes in pairs the one for exceptions from a lower level.</param>
    /// <param name="syndrome">25 bits.</param>
    public static int Code(int exceptionClass, int syndrome) => (exceptionClass << ClassShift) | (syndrome & SyndromeMask);

    /// <summary>The exception of an instruction that would call semihosting, where nothing answers: that of HLT is UNDEFINED.</summary>
    /// <param name="syndrome">ISS of <see cref="Semihosting"/>.</param>
    public static int WithoutSemihosting(int syndrome) => (syndrome & ByCall) != 0 ? Code(Svc32, syndrome & ~ByCall) : Code(Unknown, 0);

    /// <summary>Exception class of a trapped access of AArch32.</summary>
    /// <param name="name">What was accessed.</param>
    public static int OfAccess(A32SystemName name) => (name.Coprocessor, name.Crn) switch
    {
        (14, A32SystemName.Pair) => DebugPair32,
        (14, _) => DebugRegister32,
        (_, A32SystemName.Pair) => SystemPair32,
        _ => SystemRegister32,
    };

    /// <summary>Exception class of a number.</summary>
    /// <param name="code">What <see cref="Code"/> gave.</param>
    public static int Class(int code) => code >> ClassShift;

    /// <summary>ISS of a number.</summary>
    /// <param name="code">What <see cref="Code"/> gave.</param>
    public static int Iss(int code) => code & SyndromeMask;

    /// <summary>Whether the class after this one is the same exception from the same level.</summary>
    /// <param name="exceptionClass">6 bits.</param>
    public static bool IsPaired(int exceptionClass)
        => exceptionClass is InstructionAbort or DataAbort or HardwareBreakpoint or SoftwareStep or Watchpoint;

    /// <summary>What ESR holds. All A64 instructions have 32 bits, so IL is set.</summary>
    /// <param name="code">What <see cref="Code"/> gave.</param>
    public static ulong Syndrome(int code) => ((ulong)Class(code) << 26) | (1UL << 25) | (uint)Iss(code);

    /// <summary>A name for messages.</summary>
    /// <param name="code">What <see cref="Code"/> gave.</param>
    public static string Name(int code) => Class(code) switch
    {
        Unknown => "undefined instruction",
        WaitTrapped => "trapped WFI or WFE",
        FpTrapped => "trapped floating point",
        IllegalState => "illegal execution state",
        PointerTrapped => "trapped pointer authentication",
        BranchTarget => "branch target exception",
        PointerAuthentication => "pointer authentication failure",
        Svc32 or Svc64 => "SVC",
        Hvc32 or Hvc64 => "HVC",
        Smc32 or Smc64 => "SMC",
        SystemRegister or SystemRegister32 or SystemPair32 or DebugRegister32 or DebugPair32 or FloatRegister32 => "trapped system instruction",
        InstructionAbort => "instruction abort",
        PcAlignment => "PC alignment fault",
        DataAbort => "data abort",
        SpAlignment => "SP alignment fault",
        SError => "SError",
        HardwareBreakpoint => "breakpoint",
        SoftwareStep => "software step",
        Watchpoint => "watchpoint",
        MemoryCopy => "memory copy or set out of order",
        Breakpoint32 => "BKPT",
        VectorCatch => "vector catch",
        Breakpoint => "BRK",
        Semihosting => "semihosting call",
        int other => $"exception class 0x{other:x2}",
    };
}
