namespace Emulation.Arm;

/// <summary>An M-profile CPU as data: what it implements and how it identifies itself. Boards change single properties with <c>with</c>.</summary>
/// <remarks>Identification from the CPUs' Technical Reference Manuals.</remarks>
/// <param name="Name">Such as <c>cortex-m4</c>.</param>
/// <param name="Architecture">Version of the architecture.</param>
/// <param name="Isa">Instructions.</param>
/// <param name="CpuId">CPUID.</param>
public sealed partial record ArmMCpuModel(string Name, ArmMArchitecture Architecture, ArmIsa Isa, uint CpuId)
{
    /// <summary>Bits of priorities that are implemented, 2 to 8, the highest.</summary>
    public int PriorityBits { get; init; } = 3;

    /// <summary>External interrupts unless a board says another number.</summary>
    public int Interrupts { get; init; } = 32;

    /// <summary>Whether VTOR is there.</summary>
    public bool HasVectorTableOffset { get; init; } = true;

    /// <summary>Whether unprivileged execution is there.</summary>
    public bool HasUnprivileged { get; init; } = true;

    /// <summary>MPU regions; 0 for none.</summary>
    public int MpuRegions { get; init; }

    /// <summary>SAU regions.</summary>
    public int SauRegions { get; init; }

    /// <summary>Whether the bit-band regions at 0x20000000 and 0x40000000 have alias regions.</summary>
    public bool HasBitBand { get; init; }

    /// <summary>Caches: CLIDR; 0 for none.</summary>
    public uint CacheLevels { get; init; }

    /// <summary>CCSIDR of the data and the instruction cache.</summary>
    public (uint Data, uint Instruction) CacheSizes { get; init; }

    /// <summary>CTR.</summary>
    public uint CacheType { get; init; }

    /// <summary>ID_PFR0, ID_PFR1, ID_DFR0, ID_AFR0, ID_MMFR0 to ID_MMFR3, ID_ISAR0 to ID_ISAR5.</summary>
    public IReadOnlyList<uint> IdRegisters { get; init; } = [];

    /// <summary>MVFR0, MVFR1, MVFR2.</summary>
    public (uint Mvfr0, uint Mvfr1, uint Mvfr2) FloatId { get; init; }

    /// <summary>Bits of ACTLR that are stored.</summary>
    public uint AuxiliaryControlBits { get; init; }

    /// <summary>Whether there is a floating-point unit.</summary>
    public bool HasFloat => Isa.Has(ArmFeature.VFPv2);

    /// <summary>Whether the Security Extension is there.</summary>
    public bool HasSecurity => Isa.Has(ArmFeature.SecurityExtension);

    /// <summary>Whether it is Armv7-M or has the Main Extension: configurable faults, BASEPRI, FAULTMASK, all of T32.</summary>
    public bool IsMainline => Isa.Has(ArmFeature.MainExtension);

    /// <summary>Whether it is Armv8-M.</summary>
    public bool IsV8 => Isa.Has(ArmFeature.V8M);

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Null when there is none of that name.</returns>
    public static ArmMCpuModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
