namespace Emulation.Arm;

/// <summary>How an M-profile CPU sleeps.</summary>
public enum ArmMSleep
{
    /// <summary>It executes.</summary>
    Awake,

    /// <summary>Sleep mode: WFI, WFE or sleep on exit with SCR.SLEEPDEEP clear.</summary>
    Sleeping,

    /// <summary>Deep sleep: the same with SCR.SLEEPDEEP set.</summary>
    Deep,
}
