namespace Emulation.RiscV;

/// <summary>Interrupt numbers of <c>mip</c> and <c>mie</c>. RISC-V Privileged, "Machine Interrupt (mip and mie) Registers".</summary>
public static class RiscVInterrupt
{
    /// <summary>SSIP: software interrupt of the supervisor.</summary>
    public const int SupervisorSoftware = 1;

    /// <summary>MSIP: software interrupt of the machine, driven by an ACLINT or CLINT.</summary>
    public const int MachineSoftware = 3;

    /// <summary>STIP: timer of the supervisor.</summary>
    public const int SupervisorTimer = 5;

    /// <summary>MTIP: timer of the machine, driven by an ACLINT or CLINT.</summary>
    public const int MachineTimer = 7;

    /// <summary>SEIP: external interrupt of the supervisor, driven by a PLIC.</summary>
    public const int SupervisorExternal = 9;

    /// <summary>MEIP: external interrupt of the machine, driven by a PLIC.</summary>
    public const int MachineExternal = 11;

    /// <summary>LCOFIP: overflow of a performance counter.</summary>
    public const int CounterOverflow = 13;
}
