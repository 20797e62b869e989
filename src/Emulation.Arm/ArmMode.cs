namespace Emulation.Arm;

/// <summary>Layout of the mode word of the block key: everything that changes translation.</summary>
internal static class ArmMode
{
    /// <summary>Bits 0-1: exception level.</summary>
    public const uint LevelMask = 3;

    /// <summary>Bits 2-4: translation regime of loads and stores.</summary>
    public const int MmuShift = 2;

    /// <summary>LDTR and STTR are as at EL0.</summary>
    public const uint Unprivileged = 1 << 5;

    /// <summary>Floating point and AdvSIMD trap.</summary>
    public const uint FpTrapped = 1 << 6;

    /// <summary>Loads and stores must be aligned: SCTLR.A, or Device memory because the MMU is off.</summary>
    public const uint Aligned = 1 << 7;

    /// <summary>Data is big-endian: SCTLR.EE, SCTLR.E0E, PSTATE.E of AArch32.</summary>
    public const uint BigEndian = 1 << 8;

    /// <summary>The stack pointer is checked where it is a base: SCTLR.SA, SCTLR.SA0.</summary>
    public const uint CheckSp = 1 << 9;

    /// <summary>PSTATE.IL.</summary>
    public const uint Illegal = 1 << 10;

    /// <summary>Software step is active and not pending: one instruction, then an exception.</summary>
    public const uint StepActive = 1 << 11;

    /// <summary>Software step is pending.</summary>
    public const uint StepPending = 1 << 12;

    /// <summary>Some breakpoint is enabled.</summary>
    public const uint Breakpoints = 1 << 13;

    /// <summary>A higher level may trap system registers that else are read and written in place.</summary>
    public const uint Trapping = 1 << 14;

    /// <summary>PSTATE.SP: the stack pointer is that of the level.</summary>
    public const uint OwnSp = 1 << 15;

    /// <summary>AArch32 state.</summary>
    public const uint AArch32 = 1 << 16;

    /// <summary>AArch32: T32 code.</summary>
    public const uint Thumb = 1 << 17;

    /// <summary>AArch32: bits 18-25 are PSTATE.IT.</summary>
    public const int ItShift = 18;

    /// <summary>Bits 26-27: PSTATE.BTYPE, where it matters.</summary>
    public const int BranchTypeShift = 26;

    /// <summary>Pages may be guarded: BTYPE is kept and branch targets are checked.</summary>
    public const uint Guarded = 1 << 28;

    /// <summary>Copying and setting memory is UNDEFINED: SCTLR.MSCEn, HCRX_EL2.MSCEn.</summary>
    public const uint NoCopies = 1 << 29;

    /// <summary>How many translation regimes there are.</summary>
    public const int MmuCount = 8;

    /// <summary>EL1&amp;0, as EL0.</summary>
    public const int MmuUser = 0;

    /// <summary>EL1&amp;0, as EL1.</summary>
    public const int MmuKernel = 1;

    /// <summary>EL1&amp;0, as EL1 with PSTATE.PAN.</summary>
    public const int MmuKernelPan = 2;

    /// <summary>EL2, without a host's EL0.</summary>
    public const int MmuHypervisor = 3;

    /// <summary>EL2&amp;0, as EL0.</summary>
    public const int MmuHostUser = 4;

    /// <summary>EL2&amp;0, as EL2.</summary>
    public const int MmuHost = 5;

    /// <summary>EL2&amp;0, as EL2 with PSTATE.PAN.</summary>
    public const int MmuHostPan = 6;

    /// <summary>EL3.</summary>
    public const int MmuMonitor = 7;

    /// <summary>Translation regime of loads and stores.</summary>
    /// <param name="mode">A mode word.</param>
    public static int Mmu(uint mode) => (int)(mode >> MmuShift) & 7;

    /// <summary>Translation regime of LDTR and STTR.</summary>
    /// <param name="mode">A mode word.</param>
    public static int UnprivilegedMmu(uint mode)
    {
        int index = Mmu(mode);
        return (mode & Unprivileged) == 0 ? index : index < MmuHypervisor ? MmuUser : MmuHostUser;
    }

    /// <summary>Translation regime of instruction fetches: PAN is no concern of theirs.</summary>
    /// <param name="mode">A mode word.</param>
    public static int FetchMmu(uint mode) => Mmu(mode) switch
    {
        int any when (mode & AArch32) != 0 => any,
        MmuKernelPan => MmuKernel,
        MmuHostPan => MmuHost,
        int other => other,
    };

    /// <summary>Exception level whose rights a regime has.</summary>
    /// <param name="mmuIndex">A regime.</param>
    public static int LevelOf(int mmuIndex) => mmuIndex switch
    {
        MmuUser or MmuHostUser => 0,
        MmuKernel or MmuKernelPan => 1,
        MmuMonitor => 3,
        _ => 2,
    };
}
