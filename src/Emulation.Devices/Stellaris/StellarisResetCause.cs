namespace Emulation.Devices;

/// <summary>Causes of resets as in RESC. LM3S6965 data sheet, "Reset Cause (RESC)".</summary>
[Flags]
public enum StellarisResetCause
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The pin RST.</summary>
    External = 1 << 0,

    /// <summary>Power came on.</summary>
    PowerOn = 1 << 1,

    /// <summary>The supply was low.</summary>
    BrownOut = 1 << 2,

    /// <summary>The watchdog.</summary>
    Watchdog = 1 << 3,

    /// <summary>Software: AIRCR.SYSRESETREQ.</summary>
    Software = 1 << 4,

    /// <summary>The regulator's output was out of range.</summary>
    Regulator = 1 << 5,
}
