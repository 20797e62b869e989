using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Arm.Tests;

/// <summary>One CPU with memory, on any engine; tier 1 compiles each block at its first entry, on the spot.</summary>
internal sealed class TestCpu : IDisposable
{
    private readonly TranslationCache _cache;

    public TestCpu(EngineKind engine, ArmIsa? isa = null, int level = 0)
        : this(engine, Hosted(new ArmCpuOptions(), level), isa)
    {
    }

    public TestCpu(EngineKind engine, ArmCpuOptions options, ArmIsa? isa = null)
    {
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        Frontend = new ArmFrontend(isa ?? ArmIsa.Everything);
        _cache = new TranslationCache(new EngineOptions { Engine = engine });
        if (engine == EngineKind.Jit)
            _cache.TierOne = new JitEngine(_cache, Frontend, new JitOptions { Threshold = 1, Synchronous = true });
        var clock = new VirtualClock();
        Cpu = new ArmCpu(0, options, new CpuContext(space, clock, log, _cache), Frontend);
        clock.SetSource(() => (long)Cpu.InstructionCount);
        Memory = new CpuMemory(space);
    }

    /// <summary>Options for code without an operating system.</summary>
    public static ArmCpuOptions Hosted(ArmCpuOptions? options = null, int level = 0) => (options ?? new ArmCpuOptions()) with { ResetLevel = level, IsHosted = true };

    public ArmFrontend Frontend { get; }

    public ArmCpu Cpu { get; }

    public CpuMemory Memory { get; }

    /// <summary>Regions that tier 1 has ready.</summary>
    public int Regions => (_cache.TierOne as JitEngine)?.Statistics.Live ?? 0;

    /// <summary>X0 to X30.</summary>
    public ulong this[int r]
    {
        get => Cpu[Frontend.Slots.X[r]];
        set => Cpu[Frontend.Slots.X[r]] = value;
    }

    public ulong this[string name] => Cpu[name];

    public UInt128 V(int r) => Cpu.GetWideRegister(Frontend.Slots.Vector[r]);

    public void SetV(int r, UInt128 value) => Cpu.SetWideRegister(Frontend.Slots.Vector[r], value);

    public byte[] Read(ulong address, int count)
    {
        var bytes = new byte[count];
        Memory.Read(address, bytes);
        return bytes;
    }

    public void Dispose()
    {
        Cpu.Dispose();
        Memory.Dispose();
        _cache.Dispose();
    }
}
