namespace Emulation.Devices;

/// <summary>Why the power management unit of an FE310 brought the chip up. FE310-G002 Manual, "PMU Wakeup Cause Register".</summary>
public enum SifiveWake
{
    /// <summary>A reset.</summary>
    Reset = 0,

    /// <summary>The real-time clock.</summary>
    RealTimeClock = 1,

    /// <summary>The pin <c>dwakeup_n</c>.</summary>
    DigitalInput = 2,
}
