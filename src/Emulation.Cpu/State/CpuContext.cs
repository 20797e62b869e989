using Emulation.Core;

namespace Emulation.Cpu;

/// <summary>What a CPU is connected to. The CPUs of one machine share it.</summary>
/// <param name="Memory">The physical address space.</param>
/// <param name="Clock">The machine's time.</param>
/// <param name="Log">Where guest errors go.</param>
/// <param name="Cache">Translated code.</param>
public sealed record CpuContext(AddressSpace Memory, VirtualClock Clock, GuestLog Log, TranslationCache Cache)
{
    /// <summary>Hooks on code and memory.</summary>
    public HookTable Hooks { get; init; } = new();

    /// <summary>What the CPUs report to, or null.</summary>
    public CpuMeters? Meters { get; init; }

    /// <summary>Runs an action while no other vCPU of the machine executes. The default is right for one CPU, or CPUs that take turns on one thread.</summary>
    public Action<Action> Exclusive { get; set; } = static action => action();
}
