namespace Emulation.Arm;

/// <summary>Generic timers of a CPU; each has an output line. Arm DDI 0487, D12.2 "The AArch64 view of the Generic Timer".</summary>
public enum ArmTimer
{
    /// <summary>EL1 physical timer, CNTP.</summary>
    Physical,

    /// <summary>EL1 virtual timer, CNTV.</summary>
    Virtual,

    /// <summary>Non-secure EL2 physical timer, CNTHP.</summary>
    HypervisorPhysical,

    /// <summary>Non-secure EL2 virtual timer, CNTHV.</summary>
    HypervisorVirtual,

    /// <summary>EL3 (Secure) physical timer, CNTPS.</summary>
    SecurePhysical,
}
