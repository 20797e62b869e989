namespace Emulation.Core;

/// <summary>Why a vCPU gave control back to the scheduler.</summary>
public enum CpuExit
{
    /// <summary>The budget is used up, or a stop was asked for; there is more to run.</summary>
    Budget,

    /// <summary>It waits for an interrupt.</summary>
    Halted,

    /// <summary>
    /// It has more to run, and nothing better to do than to look again whether it may stop waiting: an interrupt that it does not take keeps it from
    /// halting, and none has come since it last waited.
    /// </summary>
    Resting,

    /// <summary>The exit address was reached.</summary>
    ExitAddress,

    /// <summary>A breakpoint was reached.</summary>
    Breakpoint,

    /// <summary>A watched access happened.</summary>
    Watchpoint,

    /// <summary>An exception that the guest does not handle; <see cref="IVirtualCpu.Fault"/> has it.</summary>
    UnhandledException,
}

/// <summary>A virtual CPU as the scheduler sees it.</summary>
public interface IVirtualCpu : IDevice
{
    /// <summary>Address of the next instruction.</summary>
    ulong Pc { get; }

    /// <summary>Instructions executed since power-on, counting those that raised an exception.</summary>
    /// <remarks>Inside a device access or a hook, on the vCPU's thread, it is exact: the instructions that completed before the current one.</remarks>
    ulong InstructionCount { get; }

    /// <summary>Whether it waits for an interrupt and none that would wake it is pending.</summary>
    /// <remarks>Read from any thread and never takes the device lock. What makes it false is stored before <see cref="Woken"/> is raised.</remarks>
    bool IsIdle { get; }

    /// <summary>The fault behind <see cref="CpuExit.UnhandledException"/>.</summary>
    GuestFault? Fault { get; }

    /// <summary>Raised on any thread when an idle vCPU may have work again.</summary>
    event Action? Woken;

    /// <summary>Executes at most <paramref name="budget"/> instructions, and exactly that many unless something else ends the run.</summary>
    /// <param name="budget">Instructions, at least 1.</param>
    /// <param name="exact">False lets the run end up to <see cref="MaxShortfall"/> instructions early, where that is cheaper.</param>
    /// <returns>Why it ended. <see cref="CpuExit.Budget"/> without any progress is allowed only after <see cref="RequestExit"/>.</returns>
    CpuExit Run(long budget, bool exact = true);

    /// <summary>Most instructions that a run which need not be exact leaves unused; its budget must be larger.</summary>
    const int MaxShortfall = 1000;

    /// <summary>Shortens the present <see cref="Run"/>, from inside it (a device access, a hook): at most this many further instructions after the current one. It never lengthens.</summary>
    /// <param name="instructions">Zero or more.</param>
    void LimitRun(long instructions);

    /// <summary>Asks, from any thread, that <see cref="Run"/> returns soon.</summary>
    void RequestExit();
}
