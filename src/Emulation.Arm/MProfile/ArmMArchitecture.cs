namespace Emulation.Arm;

/// <summary>Versions of the M profile.</summary>
public enum ArmMArchitecture
{
    /// <summary>Armv6-M. DDI 0419.</summary>
    V6M,

    /// <summary>Armv7-M and Armv7E-M. DDI 0403.</summary>
    V7M,

    /// <summary>Armv8-M without the Main Extension. DDI 0553.</summary>
    V8MBaseline,

    /// <summary>Armv8-M with the Main Extension. DDI 0553.</summary>
    V8MMainline,
}
