namespace Emulation.Devices;

/// <summary>The low-power modes of an STM32. RM0090 5.3.</summary>
public enum Stm32LowPowerMode
{
    /// <summary>The CPU runs.</summary>
    Run,

    /// <summary>The CPU's clock is off.</summary>
    Sleep,

    /// <summary>All clocks of the 1.2 V domain are off.</summary>
    Stop,

    /// <summary>The 1.2 V domain is off.</summary>
    Standby,
}
