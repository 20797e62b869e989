namespace Emulation.Arm;

/// <summary>How software calls firmware. Arm DEN 0028 "SMC Calling Convention".</summary>
public enum ArmConduit
{
    /// <summary>HVC.</summary>
    Hvc,

    /// <summary>SMC.</summary>
    Smc,
}
