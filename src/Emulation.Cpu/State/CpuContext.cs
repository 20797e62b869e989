using Emulation.Core;

namespace Emulation.Cpu;

/// <summary>What a CPU is connected to.</summary>
/// <param name="Memory">The physical address space.</param>
/// <param name="Clock">The machine's time.</param>
/// <param name="Log">Where guest errors go.</param>
public sealed record CpuContext(AddressSpace Memory, VirtualClock Clock, GuestLog Log);
