namespace Emulation.RiscV;

/// <summary>
/// Layout of the mode word of the block key (<c>CpuHeader.Mode</c>): everything outside the instruction bytes that changes their
/// translation. The privileged part computes it whenever a CSR write, trap or return changes one of its sources; the
/// frontend only reads it.
/// </summary>
internal static class RiscVMode
{
    /// <summary>Bits 0-2: <c>Mmu*</c>, the translation regime of loads and stores (with MPRV, not that of fetches).</summary>
    public const uint DataMmuMask = 7;

    /// <summary>Physical addresses, PMP only: M-mode, and fetches in M-mode.</summary>
    public const int MmuMachine = 0;

    /// <summary>User pages. Also the fetch regime of U-mode.</summary>
    public const int MmuUser = 1;

    /// <summary>Supervisor pages, SUM = 0. Also the fetch regime of S-mode.</summary>
    public const int MmuSupervisor = 2;

    /// <summary>Supervisor pages, SUM = 1.</summary>
    public const int MmuSupervisorSum = 3;

    /// <summary>As <see cref="MmuUser"/> with MXR = 1.</summary>
    public const int MmuUserMxr = 4;

    /// <summary>As <see cref="MmuSupervisor"/> with MXR = 1.</summary>
    public const int MmuSupervisorMxr = 5;

    /// <summary>As <see cref="MmuSupervisorSum"/> with MXR = 1.</summary>
    public const int MmuSupervisorSumMxr = 6;

    /// <summary>How many translation regimes there are.</summary>
    public const int MmuCount = 7;

    /// <summary>Bits 3-4: privilege, 0 = U, 1 = S, 3 = M.</summary>
    public const int PrivilegeShift = 3;

    /// <summary>mstatus.FS = Off: every floating-point instruction is illegal.</summary>
    public const uint FsOff = 1 << 5;

    /// <summary>mstatus.FS = Dirty: floating-point writes need not mark it.</summary>
    public const uint FsDirty = 1 << 6;

    /// <summary>The effective XLEN of the present privilege is 32.</summary>
    public const uint Xlen32 = 1 << 7;

    /// <summary>WFI is illegal here: TW below M-mode, or U-mode where it always is.</summary>
    public const uint TrapWfi = 1 << 8;

    /// <summary>SFENCE.VMA, SINVAL.VMA and the like are illegal in S-mode: mstatus.TVM. (In U-mode they are illegal anyway.)</summary>
    public const uint TrapVm = 1 << 9;

    /// <summary>SRET is illegal in S-mode: mstatus.TSR. (In U-mode it is illegal anyway.)</summary>
    public const uint TrapSret = 1 << 10;

    /// <summary>WRS.NTO is illegal here: mstatus.TW below M-mode.</summary>
    public const uint TrapWrs = 1 << 11;

    /// <summary>Bits 12-13: what CBO.INVAL does here, all enabling CSRs taken together: 0 = illegal, 1 = flush, 3 = invalidate.</summary>
    public const int CbieShift = 12;

    /// <summary>CBO.CLEAN and CBO.FLUSH are legal here (CBCFE in every enabling CSR).</summary>
    public const uint Cbcfe = 1 << 14;

    /// <summary>CBO.ZERO is legal here (CBZE in every enabling CSR).</summary>
    public const uint Cbze = 1 << 15;

    /// <summary>fcsr.frm holds a reserved value (5 to 7): instructions with dynamic rounding are illegal.</summary>
    public const uint FrmInvalid = 1 << 16;

    /// <summary>Privilege of a mode word.</summary>
    /// <param name="mode">A mode word.</param>
    public static int Privilege(uint mode) => (int)(mode >> PrivilegeShift) & 3;

    /// <summary>Data translation regime of a mode word.</summary>
    /// <param name="mode">A mode word.</param>
    public static int DataMmu(uint mode) => (int)(mode & DataMmuMask);

    /// <summary>What CBO.INVAL does: 0 = illegal, 1 = flush, 3 = invalidate.</summary>
    /// <param name="mode">A mode word.</param>
    public static int Cbie(uint mode) => (int)(mode >> CbieShift) & 3;
}
