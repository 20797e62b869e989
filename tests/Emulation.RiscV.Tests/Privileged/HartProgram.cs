using System.Buffers.Binary;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>A hart with memory, a program at its start and a doorbell that interrupts it, for one engine.</summary>
internal sealed class HartProgram : IDisposable
{
    public const ulong Base = 0x8000_0000, Handler = Base + 0x1000, Doorbell = 0x1000_0000;
    private const int Mtvec = 0x305;
    private readonly TranslationCache _cache;
    private readonly RamBlock _ram = new("ram", 1 << 20);

    public HartProgram(EngineKind engine, string isa, params uint[] code)
    {
        var log = new GuestLog();
        Memory = new AddressSpace("memory", log);
        Memory.Root.Add(Base, new RamRegion(_ram));
        RiscVIsa parsed = RiscVIsa.Parse(isa);
        var frontend = new RiscVFrontend(parsed);
        _cache = TestEngines.CreateCache(engine, frontend);
        Cpu = new RiscVCpu(0, parsed, null, new CpuContext(Memory, new VirtualClock(), log, _cache), frontend);
        Memory.Root.Add(Doorbell, new MmioRegion("doorbell", 4096, new Bell(Cpu)));
        Load(Base, code);
        Load(Handler, Words.Spin);
        Cpu.TryWriteCsr(Mtvec, Handler);
        Cpu.SetPc(Base);
    }

    public AddressSpace Memory { get; }

    public RiscVCpu Cpu { get; }

    public ulong this[int x] => Cpu[$"x{x}"];

    public void Load(ulong address, params uint[] code)
    {
        byte[] bytes = new byte[4 * code.Length];
        for (int i = 0; i < code.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), code[i]);
        Memory.TryLoad(address, bytes).Should().BeTrue();
    }

    public ulong Read(ulong address)
    {
        Memory.Read(address, 8, out ulong value).Should().Be(BusResult.Ok);
        return value;
    }

    public RunResult Run(ulong instructions) => Cpu.RunAlone(instructions);

    public ulong Csr(int number)
    {
        Cpu.TryReadCsr(number, out ulong value).Should().BeTrue();
        return value;
    }

    public void OpenMemory()
    {
        Cpu.TryWriteCsr(0x3b0, ulong.MaxValue);
        Cpu.TryWriteCsr(0x3a0, 0x1f);
    }

    public void Dispose()
    {
        Cpu.Dispose();
        _cache.Dispose();
        _ram.Dispose();
    }

    private sealed class Bell(RiscVCpu cpu) : IMmio
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value) => cpu.SetInterrupt(RiscVInterrupt.MachineSoftware, true);
    }
}
