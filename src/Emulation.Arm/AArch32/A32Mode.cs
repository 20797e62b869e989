namespace Emulation.Arm;

/// <summary>The mode word of blocks of AArch32 code. Exception level and what else both states have is as in <see cref="ArmMode"/>.</summary>
internal static class A32Mode
{
    /// <summary>Floating point and vectors are disabled at this level.</summary>
    public const uint NoFloat = 1 << 6;

    /// <summary>Data are big-endian (CPSR.E).</summary>
    public const uint BigEndian = 1 << 8;

    /// <summary>FPSCR.STRIDE: elements of short vectors are every other register.</summary>
    public const uint Stride = 1 << 9;

    /// <summary>Secure state of a CPU with Monitor mode, whose registers can be named there.</summary>
    public const uint Secure = 1 << 14;

    /// <summary>What a level contributes to the mode words of both states: the level, its regime, alignment checks.</summary>
    public const uint LevelBits = ArmMode.LevelMask | (7u << ArmMode.MmuShift) | ArmMode.Aligned;

    /// <summary>HSTR_EL2.T13: accesses to the thread registers trap.</summary>
    public const uint TrapsThreads = 1 << 5;

    /// <summary>AArch32.</summary>
    public const uint AArch32 = 1 << 16;

    /// <summary>T32 rather than A32.</summary>
    public const uint Thumb = 1 << 17;

    /// <summary>BE-32: SCTLR.B. Only cores before Armv7 have it, and those have neither PSTATE.IL nor software step, whose bits these are.</summary>
    public const uint WordInvariant = 1 << 10;

    /// <summary>Misaligned accesses are as before Armv6: SCTLR.U of Armv6 is 0.</summary>
    public const uint OldAlignment = 1 << 11;

    /// <summary>Number of the lowest bit of ITSTATE.</summary>
    public const int ItShift = 18;

    /// <summary>ITSTATE. Arm DDI 0487, E1.2.4.</summary>
    public const uint ItMask = 0xffu << ItShift;

    /// <summary>Number of the lowest bit of CPSR.M, without its bit 4, which is always 1.</summary>
    public const int ProcessorShift = 26;

    /// <summary>CPSR.M without bit 4.</summary>
    public const uint ProcessorMask = 0xfu << ProcessorShift;

    /// <summary>The floating-point controls.</summary>
    public const uint FloatMask = NoFloat | Stride | LengthHigh | (3u << LengthShift);

    private const int LengthShift = 30;
    private const uint LengthHigh = 1 << 15;

    /// <summary>
    /// What is added to the number of a regime of EL1&amp;0 of a CPU without AArch64, whose numbers have the regimes of EL2 and EL3 to spare:
    /// each Security state has regimes of its own, and so do two values of DACR.
    /// </summary>
    /// <param name="domains">0 or 1.</param>
    /// <param name="secure">The Security state.</param>
    public static int Regime(int domains, bool secure) => (domains << 2) | (secure ? 2 : 0);

    /// <summary>The regime of LDRT and STRT: that of User mode in the same state, under the same domains.</summary>
    /// <param name="mmuIndex">The regime of other loads and stores of a privileged mode: one of EL1 with PAN is below AArch64.</param>
    public static int UserMmu(int mmuIndex) => mmuIndex == ArmMode.MmuKernelPan ? ArmMode.MmuUser : mmuIndex & ~1;

    /// <summary>CPSR.M of a mode word.</summary>
    /// <param name="mode">A mode word.</param>
    public static ProcessorMode Processor(uint mode) => (ProcessorMode)(0x10 | ((mode & ProcessorMask) >> ProcessorShift));

    /// <summary>FPSCR.LEN: elements of short vectors, less one.</summary>
    /// <param name="mode">A mode word.</param>
    public static int Length(uint mode) => (int)(mode >> LengthShift) | ((mode & LengthHigh) != 0 ? 4 : 0);

    /// <summary>The bits of FPSCR.LEN.</summary>
    /// <param name="length">0 to 7.</param>
    public static uint OfLength(uint length) => (length << LengthShift) | ((length & 4) != 0 ? LengthHigh : 0);

    /// <summary>ITSTATE of a mode word.</summary>
    /// <param name="mode">A mode word.</param>
    public static int It(uint mode) => (int)((mode & ItMask) >> ItShift);

    /// <summary>A mode word with another ITSTATE.</summary>
    /// <param name="mode">A mode word.</param>
    /// <param name="it">ITSTATE.</param>
    public static uint WithIt(uint mode, int it) => (mode & ~ItMask) | ((uint)it << ItShift);

    /// <summary>ITAdvance().</summary>
    /// <param name="it">ITSTATE.</param>
    public static int Advance(int it) => (it & 7) == 0 ? 0 : (it & 0xe0) | ((it << 1) & 0x1f);
}
