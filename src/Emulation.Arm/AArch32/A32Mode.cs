namespace Emulation.Arm;

/// <summary>The mode word of blocks of AArch32 code. Exception level as in <see cref="ArmMode"/>; the rest has bits of its own.</summary>
internal static class A32Mode
{
    /// <summary>Bit 31: AArch32.</summary>
    public const uint AArch32 = 1u << 31;

    /// <summary>T32 rather than A32.</summary>
    public const uint Thumb = 1u << 30;

    /// <summary>Data are big-endian (CPSR.E).</summary>
    public const uint BigEndian = 1u << 29;

    /// <summary>Floating point and vectors are enabled at this level.</summary>
    public const uint Float = 1u << 28;

    /// <summary>FPSCR.STRIDE: elements of short vectors are every other register.</summary>
    public const uint Stride = 1u << 27;

    /// <summary>Number of the lowest bit of FPSCR.LEN: elements of short vectors, less one.</summary>
    public const int LengthShift = 12;

    /// <summary>FPSCR.LEN.</summary>
    public const uint LengthMask = 7u << LengthShift;

    /// <summary>Number of the lowest bit of ITSTATE.</summary>
    public const int ItShift = 19;

    /// <summary>ITSTATE. Arm DDI 0487, E1.2.4.</summary>
    public const uint ItMask = 0xffu << ItShift;

    /// <summary>Number of the lowest bit of CPSR.M, without its bit 4, which is always 1.</summary>
    public const int ProcessorShift = 15;

    /// <summary>CPSR.M without bit 4.</summary>
    public const uint ProcessorMask = 0xfu << ProcessorShift;

    /// <summary>CPSR.M of a mode word.</summary>
    /// <param name="mode">A mode word.</param>
    public static ProcessorMode Processor(uint mode) => (ProcessorMode)(0x10 | ((mode & ProcessorMask) >> ProcessorShift));

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
