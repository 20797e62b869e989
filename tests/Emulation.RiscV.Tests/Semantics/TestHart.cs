using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.RiscV.Tests.Semantics;

/// <summary>One hart with memory, in M-mode, stopping at unhandled traps: what instruction tests run on.</summary>
internal sealed class TestHart : IDisposable
{
    private readonly AddressSpace _space;
    private readonly TranslationCache _cache;
    private readonly CpuMemory _memory;

    public TestHart(string isa, EngineKind engine)
    {
        Isa = RiscVIsa.Parse(isa);
        var log = new GuestLog();
        _space = new AddressSpace("memory", log);
        Frontend = new RiscVFrontend(Isa);
        _cache = TestEngines.CreateCache(engine, Frontend);
        var context = new CpuContext(_space, new VirtualClock(), log, _cache);
        Cpu = new RiscVCpu(0, Isa, new RiscVCpuOptions { StopOnTrap = true }, context, Frontend);
        _memory = new CpuMemory(_space);
        if (Isa.Flen > 0)
        {
            Cpu.MStatus |= 1UL << Status.FsShift;
            Cpu.UpdateMode();
        }
    }

    public RiscVIsa Isa { get; }

    public RiscVFrontend Frontend { get; }

    public RiscVCpu Cpu { get; }

    /// <summary>Regions that tier 1 has ready.</summary>
    public int Regions => (_cache.TierOne as JitEngine)?.Statistics.Live ?? 0;

    public void Map(ulong address, ulong size, ReadOnlySpan<byte> content = default) => _memory.Map(address, size, content);

    public byte[] Read(ulong address, int count)
    {
        var bytes = new byte[count];
        _memory.Read(address, bytes);
        return bytes;
    }

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => _memory.Write(address, bytes);

    public ulong X(int r) => r == 0 ? 0 : Cpu[Frontend.Slots.X(r)];

    public void SetX(int r, ulong value) => Cpu[Frontend.Slots.X(r)] = value;

    public void SetAll(params ReadOnlySpan<(int Register, ulong Value)> values)
    {
        foreach ((int register, ulong value) in values)
            SetX(register, value);
    }

    public ulong F(int r) => Cpu[Frontend.Slots.F[r]];

    public void SetF(int r, ulong value) => Cpu[Frontend.Slots.F[r]] = value;

    public void Dispose()
    {
        Cpu.Dispose();
        _memory.Dispose();
        _cache.Dispose();
    }
}
