namespace Emulation.Arm;

/// <summary>System registers of AArch32 that hold what is written to them.</summary>
internal enum A32SystemSlot
{
    Sctlr,
    Actlr,
    Cpacr,
    Scr,
    Nsacr,
    Ttbr0,
    Ttbr1,
    Ttbcr,
    Dacr,
    Dfsr,
    Ifsr,
    Adfsr,
    Aifsr,
    Dfar,
    Ifar,
    Par,
    Prrr,
    Nmrr,
    Vbar,
    Mvbar,
    Hvbar,
    Contextidr,
    Tpidrprw,
    Fcseidr,
    Csselr,
    Cntkctl,
    Count,
}
