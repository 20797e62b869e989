namespace Emulation.Arm;

/// <summary>Modes of AArch32, by their numbers in CPSR.M. Arm DDI 0487, G1.6 "AArch32 PE modes".</summary>
public enum ProcessorMode
{
    /// <summary>Unprivileged.</summary>
    User = 0x10,

    /// <summary>Fast interrupts; banks R8 to R14.</summary>
    Fiq = 0x11,

    /// <summary>Interrupts.</summary>
    Irq = 0x12,

    /// <summary>Supervisor calls, and reset.</summary>
    Supervisor = 0x13,

    /// <summary>Secure monitor.</summary>
    Monitor = 0x16,

    /// <summary>Aborts.</summary>
    Abort = 0x17,

    /// <summary>Hypervisor.</summary>
    Hyp = 0x1a,

    /// <summary>Undefined instructions.</summary>
    Undefined = 0x1b,

    /// <summary>Privileged, with the registers of User.</summary>
    System = 0x1f,
}
