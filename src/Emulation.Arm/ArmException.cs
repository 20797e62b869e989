namespace Emulation.Arm;

/// <summary>Exceptions as the run loop carries them: class and syndrome in one number. Arm DDI 0487, D17.2.37 "ESR_EL1".</summary>
internal static class ArmException
{
    public const int Unknown = 0;
    public const int Svc32 = 0x11;
    public const int Hvc32 = 0x12;
    public const int Smc32 = 0x13;
    public const int Svc64 = 0x15;
    public const int SystemRegister = 0x18;
    public const int InstructionAbort = 0x20;
    public const int PcAlignment = 0x22;
    public const int DataAbort = 0x24;
    public const int SpAlignment = 0x26;
    public const int Breakpoint32 = 0x38;
    public const int Breakpoint = 0x3c;

    /// <summary>Fault status: external abort, not on a walk.</summary>
    public const int ExternalAbort = 0x10;

    /// <summary>Fault status: alignment.</summary>
    public const int AlignmentFault = 0x21;

    private const int ClassShift = 25;
    private const int SyndromeMask = (1 << ClassShift) - 1;

    /// <summary>The number of an exception.</summary>
    /// <param name="exceptionClass">6 bits.</param>
    /// <param name="syndrome">25 bits.</param>
    public static int Code(int exceptionClass, int syndrome) => (exceptionClass << ClassShift) | (syndrome & SyndromeMask);

    /// <summary>Exception class of a number.</summary>
    /// <param name="code">What <see cref="Code"/> gave.</param>
    public static int Class(int code) => code >> ClassShift;

    /// <summary>What ESR holds. All A64 instructions have 32 bits, so IL is set.</summary>
    /// <param name="code">What <see cref="Code"/> gave.</param>
    public static ulong Syndrome(int code) => ((ulong)Class(code) << 26) | (1UL << 25) | (uint)(code & SyndromeMask);

    /// <summary>A name for messages.</summary>
    /// <param name="code">What <see cref="Code"/> gave.</param>
    public static string Name(int code) => Class(code) switch
    {
        Unknown => "undefined instruction",
        Svc32 or Svc64 => "SVC",
        Hvc32 => "HVC",
        Smc32 => "SMC",
        SystemRegister => "trapped system instruction",
        InstructionAbort => "instruction abort",
        PcAlignment => "PC alignment fault",
        DataAbort => "data abort",
        SpAlignment => "SP alignment fault",
        Breakpoint32 => "BKPT",
        Breakpoint => "BRK",
        int other => $"exception class 0x{other:x2}",
    };
}
