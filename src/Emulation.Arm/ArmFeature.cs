namespace Emulation.Arm;

/// <summary>Optional parts of AArch64, by the names of the manual. Arm DDI 0487, A2 "Armv8-A Architecture Extensions".</summary>
public enum ArmFeature
{
    /// <summary>The base instructions of Armv8.0.</summary>
    Base,

    /// <summary>Scalar floating point.</summary>
    FP,

    /// <summary>Advanced SIMD.</summary>
    AdvSIMD,

    /// <summary>CRC32 and CRC32C.</summary>
    CRC32,

    /// <summary>Large System Extensions: atomic instructions.</summary>
    LSE,

    /// <summary>Limited ordering regions.</summary>
    LOR,

    /// <summary>Load-acquire RCpc.</summary>
    LRCPC,

    /// <summary>Load-acquire RCpc with offsets.</summary>
    LRCPC2,

    /// <summary>Flag manipulation.</summary>
    FlagM,

    /// <summary>More flag manipulation.</summary>
    FlagM2,

    /// <summary>Half-precision arithmetic.</summary>
    FP16,

    /// <summary>JavaScript conversion.</summary>
    JSCVT,

    /// <summary>Rounding to integers of 32 and 64 bits.</summary>
    FRINTTS,

    /// <summary>Speculation barrier.</summary>
    SB,

    /// <summary>Rounding multiply-add.</summary>
    RDM,

    /// <summary>Dot products of bytes.</summary>
    DotProd,

    /// <summary>AES rounds.</summary>
    AES,

    /// <summary>Polynomial products of 64 bits.</summary>
    PMULL,

    /// <summary>SHA-1.</summary>
    SHA1,

    /// <summary>SHA-256.</summary>
    SHA256,

    /// <summary>SHA-3.</summary>
    SHA3,
}
