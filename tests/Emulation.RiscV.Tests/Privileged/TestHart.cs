using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.RiscV.Privileged;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>A hart with memory and a clock that the test sets, and no instructions: tests call what translated code would call.</summary>
internal sealed unsafe class TestHart : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong RamSize = 1 << 20;
    public const string Everything = "_zicntr_zihpm_zkr_zicbom_zicboz_smepmp_smstateen_sscofpmf_sstc_svadu_svnapot_svpbmt_svinval";

    private readonly TranslationCache _cache = new();
    private long _now;

    public TestHart(string isa = "rv64gc" + Everything, RiscVCpuOptions? options = null)
    {
        Log = new GuestLog();
        Memory = new AddressSpace("memory", Log);
        Ram = new RamBlock("ram", RamSize);
        Memory.Root.Add(RamBase, new RamRegion(Ram));
        Clock = new VirtualClock();
        Clock.SetSource(() => _now);
        Cpu = new RiscVCpu(0, RiscVIsa.Parse(isa), options, new CpuContext(Memory, Clock, Log, _cache), new NoFrontend());
    }

    public GuestLog Log { get; }

    public AddressSpace Memory { get; }

    public RamBlock Ram { get; }

    public VirtualClock Clock { get; }

    public RiscVCpu Cpu { get; }

    /// <summary>Virtual time in nanoseconds; setting it runs the timers that are due.</summary>
    public long Now
    {
        get => _now;
        set
        {
            _now = value;
            Clock.RunDue();
        }
    }

    /// <summary>Instructions executed so far, without the present one.</summary>
    public ulong Instructions
    {
        get => Cpu.InstructionCount;
        set => Cpu.Header.Budget -= (long)(value - Cpu.InstructionCount);
    }

    public ulong Pc
    {
        get => Cpu.Header.Pc;
        set => Cpu.Header.Pc = value;
    }

    public ulong this[int csr]
    {
        get
        {
            Cpu.TryReadCsr(csr, out ulong value).Should().BeTrue($"CSR 0x{csr:x3} exists");
            return value;
        }
        set => Cpu.TryWriteCsr(csr, value).Should().BeTrue($"CSR 0x{csr:x3} is writable");
    }

    public void Enter(PrivilegeLevel privilege)
    {
        Cpu.SetPrivilege(privilege, insideInstruction: false);
        Cpu.UpdateMode();
    }

    /// <summary>csrr; null when it is illegal.</summary>
    public ulong? Read(int csr) => Result(SystemHelpers.CsrR(Cpu.State, (ulong)csr));

    /// <summary>csrw; false when it is illegal.</summary>
    public bool Write(int csr, ulong value)
    {
        SystemHelpers.CsrW(Cpu.State, (ulong)csr, value);
        return TakeFault() is null;
    }

    /// <summary>csrrw with a destination.</summary>
    public ulong? Swap(int csr, ulong value) => Result(SystemHelpers.CsrRw(Cpu.State, (ulong)csr, value));

    /// <summary>csrrs with a source.</summary>
    public ulong? Set(int csr, ulong mask) => Result(SystemHelpers.CsrRs(Cpu.State, (ulong)csr, mask));

    /// <summary>csrrc with a source.</summary>
    public ulong? Clear(int csr, ulong mask) => Result(SystemHelpers.CsrRc(Cpu.State, (ulong)csr, mask));

    /// <summary>Translates; the cause of the fault, or null.</summary>
    public int? Translate(ulong address, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation, int size = 1)
        => Cpu.Translate(address, size, kind, mmuIndex, out translation) ? null : TakeFault()!.Value.Code;

    /// <summary>The exception recorded since the last call.</summary>
    public (int Code, ulong Value)? TakeFault()
    {
        ref CpuHeader header = ref Cpu.Header;
        if ((header.Exit & ExitRequest.Exception) == 0)
            return null;
        header.Exit &= ~ExitRequest.Exception;
        return (header.ExceptionCode, header.ExceptionValue);
    }

    public void Dispose()
    {
        Cpu.Dispose();
        _cache.Dispose();
        Ram.Dispose();
    }

    private ulong? Result(ulong value) => TakeFault() is null ? value : null;

    private sealed class NoFrontend : IFrontend
    {
        public RegisterFile Registers { get; } = new(CpuHeader.Size);

        public int MmuIndexCount => RiscVMode.MmuCount;

        public TranslationResult Translate(IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, uint mode, int maxInstructions, IInstrumentation? hooks)
            => throw new NotSupportedException("this hart has no instructions");

        public string Disassemble(ReadOnlySpan<byte> code, ulong pc, uint mode, out int length)
        {
            length = 4;
            return "";
        }
    }
}
