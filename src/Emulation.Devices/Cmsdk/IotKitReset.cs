namespace Emulation.Devices;

/// <summary>Who resets an IoT subsystem: bits of RESET_SYNDROME. Arm ECM 0601256 (IoTKit), "RESET_SYNDROME".</summary>
public enum IotKitReset
{
    /// <summary>The Non-secure watchdog.</summary>
    NonSecureWatchdog = 1,

    /// <summary>The Secure watchdog.</summary>
    SecureWatchdog = 2,

    /// <summary>The watchdog of the slow clock.</summary>
    SlowWatchdog = 3,

    /// <summary>AIRCR.SYSRESETREQ of the CPU.</summary>
    System = 4,

    /// <summary>SWRESET.</summary>
    Software = 9,
}
