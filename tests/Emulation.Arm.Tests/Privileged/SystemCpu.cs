using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Arm.Tests.Privileged;

/// <summary>CPUs that share memory, at the reset address 0x1000; vectors of all levels are at 0x2000.</summary>
internal sealed class SystemCpu : IDisposable
{
    public const ulong Code = 0x1000, Vectors = 0x2000, Data = 0x8000;
    private readonly TranslationCache _cache;
    private readonly CpuMemory _memory;

    public SystemCpu(EngineKind engine, ArmCpuOptions? options = null, int count = 1, params uint[] words)
    {
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        options ??= new ArmCpuOptions();
        var frontend = new ArmFrontend(options.Model.Isa);
        _cache = new TranslationCache(new EngineOptions { Engine = engine });
        if (engine == EngineKind.Jit)
            _cache.TierOne = new JitEngine(_cache, frontend, new JitOptions { Threshold = 1, Synchronous = true });
        Clock = new VirtualClock();
        var context = new CpuContext(space, Clock, log, _cache);
        var group = new ArmCpuGroup();
        for (int i = 0; i < count; i++)
            _ = new ArmCpu(i, options with { ResetVector = Code, StartsPoweredOff = i > 0 }, context, frontend, group);
        Cpus = group.Cpus;
        Clock.SetSource(() => Time + (long)Cpus[0].InstructionCount);
        _memory = new CpuMemory(space);
        _memory.Map(0, 0x10_0000);
        var loops = new uint[0x200];                     // handlers that stay where they are
        Array.Fill(loops, 0x1400_0000u);
        _memory.Write(Vectors, MemoryMarshal.AsBytes(loops.AsSpan()));
        _memory.Write(Code, MemoryMarshal.AsBytes(words.AsSpan()));
        for (int level = 1; level <= Cpu.HighestLevel; level++)
            Cpu[SystemSlot.VbarEl1 + (level - 1)] = Vectors;
    }

    public IReadOnlyList<ArmCpu> Cpus { get; }

    public ArmCpu Cpu => Cpus[0];

    public VirtualClock Clock { get; }

    /// <summary>Added to instructions, which last a nanosecond.</summary>
    public long Time { get; set; }

    public CpuMemory Memory => _memory;

    public ulong this[int r]
    {
        get => Cpu[Cpu.Registers.X[r]];
        set => Cpu[Cpu.Registers.X[r]] = value;
    }

    public void Register(string name, ulong value)
    {
        Cpu.TryFindSystemRegister(name, out int encoding).Should().BeTrue(name);
        Cpu.TryWriteSystemRegister(encoding, value).Should().BeTrue(name);
    }

    public ulong Register(string name)
    {
        Cpu.TryFindSystemRegister(name, out int encoding).Should().BeTrue(name);
        Cpu.TryReadSystemRegister(encoding, out ulong value).Should().BeTrue(name);
        return value;
    }

    /// <summary>Runs instructions.</summary>
    public CpuExit Run(long instructions, int cpu = 0) => Cpus[cpu].Run(instructions);

    public void Dispose()
    {
        foreach (ArmCpu cpu in Cpus)
            cpu.Dispose();
        _memory.Dispose();
        _cache.Dispose();
    }
}
