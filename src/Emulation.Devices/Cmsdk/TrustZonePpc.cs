namespace Emulation.Devices;

/// <summary>A peripheral protection controller of an IoT subsystem, as <see cref="IotKitSecurity"/> configures it. Arm ECM 0601256 (IoTKit), "Secure privilege control block".</summary>
public enum TrustZonePpc
{
    /// <summary>The first of the subsystem's APB: timers.</summary>
    Apb0,

    /// <summary>The second of the subsystem's APB: the timer of the slow clock.</summary>
    Apb1,

    /// <summary>The first of the APB outside of the subsystem.</summary>
    ApbExpansion0,

    /// <summary>The second of the APB outside of the subsystem.</summary>
    ApbExpansion1,

    /// <summary>The third of the APB outside of the subsystem.</summary>
    ApbExpansion2,

    /// <summary>The fourth of the APB outside of the subsystem.</summary>
    ApbExpansion3,

    /// <summary>That of the subsystem's AHB.</summary>
    Ahb0,

    /// <summary>The first of the AHB outside of the subsystem.</summary>
    AhbExpansion0,

    /// <summary>The second of the AHB outside of the subsystem.</summary>
    AhbExpansion1,

    /// <summary>The third of the AHB outside of the subsystem.</summary>
    AhbExpansion2,

    /// <summary>The fourth of the AHB outside of the subsystem.</summary>
    AhbExpansion3,
}
