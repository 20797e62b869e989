using Emulation.Core;

namespace Emulation.Arm;

/// <summary>What the debug units need of their CPU.</summary>
internal interface IMDebugHost
{
    /// <summary>The CPU, whose accesses and instructions count.</summary>
    IVirtualCpu Cpu { get; }

    /// <summary>Where watchpoints and breakpoints go; null until the CPU is part of a machine.</summary>
    HookTable Hooks { get; }

    /// <summary>What the CPU's physical addresses lead to.</summary>
    AddressSpace Memory { get; }

    /// <summary>Where the CPU's private peripheral bus is in <see cref="Memory"/>: no other CPU has it there.</summary>
    ulong PrivateBus { get; }

    /// <summary>Cycles of the processor clock: instructions executed, without the present one.</summary>
    ulong Cycles { get; }

    /// <summary>Address of the present instruction.</summary>
    uint Pc { get; }

    /// <summary>Whether the present access to a debug register is privileged.</summary>
    bool IsPrivileged { get; }

    /// <summary>Whether DebugMonitor is pending: DEMCR.MON_PEND.</summary>
    bool IsMonitorPending { get; set; }

    /// <summary>Other words than before are remapped: what is known of pages is void from the next instruction on.</summary>
    void OnRemapped();

    /// <summary>A debug event happened: the debug monitor gets pending if it may. DDI 0403E, C1.4.</summary>
    /// <param name="status">The bit of DFSR that says which.</param>
    /// <param name="instead">Whether it comes instead of the present instruction: a breakpoint.</param>
    void RaiseDebugEvent(uint status, bool instead);
}
