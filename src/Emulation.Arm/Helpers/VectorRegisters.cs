namespace Emulation.Arm;

/// <summary>The registers of a vector helper: numbers of d, n, m from bit 0 on, 5 bits each; what AArch32 adds lies above.</summary>
internal static class VectorRegisters
{
    /// <summary>Bits 15 to 17: d, n, m are the upper halves of their registers.</summary>
    public const int OddShift = 15;

    /// <summary>The destination is half a register.</summary>
    public const int Half = 1 << 18;

    /// <summary>Floating point by the Standard FPSCR value: to nearest, default NaNs, flushing to zero.</summary>
    public const int Standard = 1 << 19;

    /// <summary>Packs three double registers of AArch32.</summary>
    public static int Doubles(int d, int n, int m, bool half, bool standard = false)
        => (d >> 1) | ((n >> 1) << 5) | ((m >> 1) << 10) | ((d & 1) << OddShift) | ((n & 1) << (OddShift + 1)) | ((m & 1) << (OddShift + 2))
            | (half ? Half : 0) | (standard ? Standard : 0);
}
