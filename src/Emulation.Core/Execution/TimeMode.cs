namespace Emulation.Core;

/// <summary>What drives a machine's clock.</summary>
public enum TimeMode
{
    /// <summary>Time is executed instructions times a rate; an idle machine jumps to its next event. Same input, same state, on any host and engine.</summary>
    Deterministic,

    /// <summary>Time follows the host's monotonic clock while the machine runs; each vCPU has a thread.</summary>
    RealTime,
}

/// <summary>What a guest's request for a reset does.</summary>
public enum ResetPolicy
{
    /// <summary>The run ends with <see cref="StopReason.Reset"/>; nothing is reset.</summary>
    Stop,

    /// <summary>The machine is reset and the run goes on.</summary>
    Restart,
}
