namespace Emulation.Arm;

/// <summary>What signing and authenticating do with pointers that are not in order; each has what is above. Values as in ID_AA64ISAR1_EL1.APA. Arm DDI 0487, D8.10.</summary>
public enum PointerVariant
{
    /// <summary>FEAT_PAuth: a wrong code leaves an address that faults when used.</summary>
    PAuth = 1,

    /// <summary>FEAT_EPAC: signing what is no canonical address gives a code of zeros.</summary>
    Epac = 2,

    /// <summary>FEAT_PAuth2: codes are exclusive-ored into pointers.</summary>
    PAuth2 = 3,

    /// <summary>FEAT_FPAC: a wrong code raises an exception when it is authenticated by an instruction of its own.</summary>
    Fpac = 4,

    /// <summary>FEAT_FPACCOMBINE: and when an instruction authenticates and uses the pointer.</summary>
    FpacCombine = 5,
}
