namespace Emulation.Arm;

/// <summary>Registers of an M-profile CPU. DDI 0403E, B1.4; DDI 0553, B3.</summary>
public enum ArmMRegister
{
#pragma warning disable CS1591 // R0 to R12 say it all
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10,
    R11,
    R12,
#pragma warning restore CS1591

    /// <summary>R13: the stack pointer in use.</summary>
    Sp,

    /// <summary>R14.</summary>
    Lr,

    /// <summary>R15: address of the next instruction.</summary>
    Pc,

    /// <summary>APSR, IPSR and EPSR.</summary>
    Xpsr,

    /// <summary>The main stack pointer of the present Security state.</summary>
    Msp,

    /// <summary>The process stack pointer of the present Security state.</summary>
    Psp,

    /// <summary>Bit 0: exceptions of configurable priority are masked.</summary>
    Primask,

    /// <summary>Priorities from this on are masked; 0 for none.</summary>
    Basepri,

    /// <summary>Bit 0: all but NMI are masked.</summary>
    Faultmask,

    /// <summary>nPRIV, SPSEL, FPCA, SFPA from bit 0 on.</summary>
    Control,

    /// <summary>Limit of the main stack pointer.</summary>
    Msplim,

    /// <summary>Limit of the process stack pointer.</summary>
    Psplim,

    /// <summary>The Non-secure main stack pointer.</summary>
    MspNonSecure,

    /// <summary>The Non-secure process stack pointer.</summary>
    PspNonSecure,

    /// <summary>Floating-point status and control.</summary>
    Fpscr,
}
