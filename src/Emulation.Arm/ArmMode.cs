namespace Emulation.Arm;

/// <summary>Layout of the mode word of the block key.</summary>
internal static class ArmMode
{
    /// <summary>Bits 0-1: exception level.</summary>
    public const uint LevelMask = 3;

    /// <summary>Bit 28: pages may be guarded, so that BTYPE is kept.</summary>
    public const uint Guarded = 1u << 28;

    /// <summary>How many translation regimes there are. Only one: without the system level all addresses are physical.</summary>
    public const int MmuCount = 1;

    /// <summary>The translation regime.</summary>
    public const int Mmu = 0;
}
