using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.RiscV;

// A hart that is used on its own, without a machine.
public sealed partial class RiscVCpu
{
    private CpuMemory? _memory;

    /// <summary>The memory of a hart made by <see cref="Create"/>.</summary>
    /// <exception cref="InvalidOperationException">The hart is part of a machine, which has the memory.</exception>
    public CpuMemory Memory => _memory ?? throw new InvalidOperationException($"{Name} is part of a machine: its memory is the machine's");

    /// <summary>Makes a hart with an empty memory of its own, in M-mode. Exceptions that no handler is set for end the run; time is instructions, in nanoseconds.</summary>
    /// <param name="isa">What it implements: see <see cref="RiscVIsa"/>.</param>
    /// <param name="engine">How code is executed; null for the default.</param>
    /// <exception cref="ArgumentException">The ISA is malformed or not supported.</exception>
    public static RiscVCpu Create(string isa = "rv64gc", EngineOptions? engine = null)
    {
        RiscVIsa parsed = RiscVIsa.Parse(isa);
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        var clock = new VirtualClock();
        var context = new CpuContext(space, clock, log, new TranslationCache(engine));
        var cpu = new RiscVCpu(0, parsed, new RiscVCpuOptions { StopOnTrap = true }, context, new RiscVFrontend(parsed)) { _memory = new CpuMemory(space) };
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
