namespace Emulation.RiscV;

/// <summary>Fields of <c>menvcfg</c> and <c>senvcfg</c>. RISC-V Privileged, "Machine Environment Configuration (menvcfg) Register".</summary>
internal static class EnvironmentConfig
{
    public const ulong Fiom = 1;
    public const int CbieShift = 4;
    public const ulong Cbie = 3UL << CbieShift;
    public const ulong Cbcfe = 1UL << 6;
    public const ulong Cbze = 1UL << 7;
    public const ulong Adue = 1UL << 61;
    public const ulong Pbmte = 1UL << 62;
    public const ulong Stce = 1UL << 63;

    /// <summary>The new value of a register with these fields: CBIE = 2 is reserved, so a write of it leaves the field alone.</summary>
    public static ulong Write(ulong old, ulong value, ulong writable)
    {
        if ((value & Cbie) == 2UL << CbieShift)
            writable &= ~Cbie;
        return (old & ~writable) | (value & writable);
    }
}
