namespace Emulation.Arm;

/// <summary>The mode word of blocks of M-profile code. What the emitter of T32 looks at is where <see cref="A32Mode"/> has it; the number of the processor mode is 0.</summary>
internal static class MMode
{
    /// <summary>Bit 0: privileged.</summary>
    public const uint Privileged = 1;

    /// <summary>Handler mode.</summary>
    public const uint Handler = 1 << 5;

    /// <summary>The floating-point registers cannot be used: CPACR, NSACR.</summary>
    public const uint NoFloat = A32Mode.NoFloat;

    /// <summary>Accesses must be aligned: CCR.UNALIGN_TRP, Armv6-M, Armv8-M Baseline.</summary>
    public const uint Aligned = ArmMode.Aligned;

    /// <summary>A floating-point instruction has to do something before: lazy state to save, CONTROL.FPCA or SFPA to set.</summary>
    public const uint FloatWaits = 1 << 9;

    /// <summary>Division by zero faults: CCR.DIV_0_TRP.</summary>
    public const uint DivisionTraps = 1 << 10;

    /// <summary>The stack pointer in use has a limit.</summary>
    public const uint StackLimit = 1 << 11;

    /// <summary>Secure state.</summary>
    public const uint Secure = A32Mode.Secure;

    /// <summary>Bit of a regime's number: privileged.</summary>
    public const int PrivilegedMmu = 1;

    /// <summary>Bit of a regime's number: the execution priority is negative, so the MPU may not count.</summary>
    public const int UrgentMmu = 2;

    /// <summary>Bit of a regime's number: Secure state.</summary>
    public const int SecureMmu = 4;

    /// <summary>How many translation regimes there are.</summary>
    public const int MmuCount = 8;
}
