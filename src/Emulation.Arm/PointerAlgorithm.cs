namespace Emulation.Arm;

/// <summary>How pointer authentication codes are computed. Arm DDI 0487, D8.10 "Pointer authentication".</summary>
public enum PointerAlgorithm
{
    /// <summary>The implementation's own: quick here, as no guest can tell. ID_AA64ISAR1_EL1.API.</summary>
    ImplementationDefined,

    /// <summary>QARMA5, the architected algorithm of Armv8.3. ID_AA64ISAR1_EL1.APA.</summary>
    Qarma5,

    /// <summary>QARMA3, the architected one with fewer rounds. ID_AA64ISAR2_EL1.APA3.</summary>
    Qarma3,
}
