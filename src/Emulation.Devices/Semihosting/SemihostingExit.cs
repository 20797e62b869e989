namespace Emulation.Devices;

/// <summary>How a program ended: SYS_EXIT or SYS_EXIT_EXTENDED.</summary>
/// <param name="Reason">The reason code, such as 0x20026 for an exit of the application.</param>
/// <param name="Code">Its status: that of the program where it exited by itself, else 1.</param>
public readonly record struct SemihostingExit(uint Reason, int Code)
{
    /// <summary>Reason of a program that exited by itself: ADP_Stopped_ApplicationExit.</summary>
    public const uint ApplicationExit = 0x2_0026;
}
