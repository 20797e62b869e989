using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

// A CPU that is used on its own, without a machine.
public sealed partial class ArmCpu
{
    private CpuMemory? _memory;

    /// <summary>The memory of a CPU made by <see cref="Create"/>.</summary>
    /// <exception cref="InvalidOperationException">The CPU is part of a machine, which has the memory.</exception>
    public CpuMemory Memory => _memory ?? throw new InvalidOperationException($"{Name} is part of a machine: its memory is the machine's");

    /// <summary>Makes a CPU with an empty memory of its own, at EL0, with <see cref="ArmCpuOptions.IsHosted"/>. Time is instructions, in nanoseconds.</summary>
    /// <param name="isa">What it implements; null for everything.</param>
    /// <param name="engine">How code is executed; null for the default.</param>
    public static ArmCpu Create(ArmIsa? isa = null, EngineOptions? engine = null)
    {
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        var clock = new VirtualClock();
        var context = new CpuContext(space, clock, log, new TranslationCache(engine));
        var cpu = new ArmCpu(0, new ArmCpuOptions { IsHosted = true, ResetLevel = 0 }, context, new ArmFrontend(isa ?? ArmIsa.Everything)) { _memory = new CpuMemory(space) };
        clock.SetSource(() => (long)cpu.InstructionCount);
        return cpu;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing || _memory is null)
            return;
        Context.Cache.Dispose();
        _memory.Dispose();
    }
}
