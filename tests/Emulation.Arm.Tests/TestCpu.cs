using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Arm.Tests;

/// <summary>One CPU with memory, on any engine; tier 1 compiles each block at its first entry, on the spot.</summary>
internal sealed class TestCpu : IDisposable
{
    private readonly TranslationCache _cache;

    public TestCpu(EngineKind engine, ArmIsa? isa = null, int level = 0, ArmCpuOptions? options = null)
    {
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        Frontend = new ArmFrontend(isa ?? ArmIsa.Everything);
        _cache = new TranslationCache(new EngineOptions { Engine = engine });
        if (engine == EngineKind.Jit)
            _cache.TierOne = new JitEngine(_cache, Frontend, new JitOptions { Threshold = 1, Synchronous = true });
        var clock = new VirtualClock();
        Cpu = new ArmCpu(0, options ?? new ArmCpuOptions { ResetLevel = level }, new CpuContext(space, clock, log, _cache), Frontend);
        clock.SetSource(() => (long)Cpu.InstructionCount);
        Memory = new CpuMemory(space);
    }

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
