using Emulation.Core;

namespace Emulation.Arm;

/// <summary>What the debug units need of their CPU.</summary>
internal interface IMDebugHost
{
    /// <summary>The CPU, whose accesses and instructions count.</summary>
    IVirtualCpu Cpu { get; }

    /// <summary>Where watchpoints and breakpoints go; null until the CPU is part of a machine.</summary>
    HookTable Hooks { get; }

    /// <summary>Cycles of the processor clock: instructions executed, without the present one.</summary>
    ulong Cycles { get; }

    /// <summary>Address of the present instruction.</summary>
    uint Pc { get; }

    /// <summary>Whether the present access to a debug register is privileged.</summary>
    bool IsPrivileged { get; }

    /// <summary>A debug event happened: the debug monitor gets pending if it may. DDI 0403E, C1.4.</summary>
    /// <param name="status">The bit of DFSR that says which.</param>
    /// <param name="instead">Whether it comes instead of the present instruction: a breakpoint.</param>
    void RaiseDebugEvent(uint status, bool instead);

    /// <summary>What instructions an address holds changed: the flash patch unit replaces others.</summary>
    void OnCodePatched();
}
