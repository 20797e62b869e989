namespace Emulation.Devices;

/// <summary>What resets an STM32 device; the values are the flags of RCC_CSR (RM0090 7.3.21).</summary>
[Flags]
public enum Stm32ResetCause : uint
{
    /// <summary>No flag: the wake-up from Standby mode.</summary>
    None = 0,

    /// <summary>Brown-out.</summary>
    BrownOut = 1u << 25,

    /// <summary>The NRST pin, which every system reset drives, too.</summary>
    Pin = 1u << 26,

    /// <summary>Power came on.</summary>
    PowerOn = 1u << 27,

    /// <summary>SYSRESETREQ of the CPU.</summary>
    Software = 1u << 28,

    /// <summary>The independent watchdog.</summary>
    IndependentWatchdog = 1u << 29,

    /// <summary>The window watchdog.</summary>
    WindowWatchdog = 1u << 30,

    /// <summary>A low-power mode that the option bytes forbid.</summary>
    LowPower = 1u << 31,
}
