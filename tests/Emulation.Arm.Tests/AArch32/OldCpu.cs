using System.Runtime.InteropServices;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>A core in Supervisor mode from reset on, with a megabyte of memory: handlers at 0 that stay where they are, code at 0x1000, tables, data at 0x8000.</summary>
internal sealed class OldCpu : IDisposable
{
    public const uint Code = 0x1000, Table = 0x4000, SecondTable = 0x9000, Data = 0x8000, DataAbort = 0x10, PrefetchAbort = 0xc, Undefined = 4;
    private readonly TestCpu _cpu;

    public OldCpu(EngineKind engine, ArmIsa isa, bool thumb, params uint[] words)
    {
        _cpu = new TestCpu(engine, new ArmCpuOptions { StartsInAArch32 = true, ResetVector = Code }, isa);
        _cpu.Memory.Map(0, 0x10_0000);
        Write(0, [.. Enumerable.Repeat(0xeaff_fffeu, 8)]);
        Write(Code, words);
        if (thumb)
            Cpu.Cpsr |= 0x20;
    }

    public ArmCpu Cpu => _cpu.Cpu;

    public TestCpu Machine => _cpu;

    public uint Control
    {
        get => (uint)Cpu[SystemSlot.SctlrEl1];
        set
        {
            Cpu[SystemSlot.SctlrEl1] = value;
            Cpu.FlushTranslations();
            Cpu.OnPrivilegedWrite();
        }
    }

    /// <summary>A register of the present mode.</summary>
    public uint this[int r]
    {
        get => (uint)Cpu[_cpu.Frontend.Slots.A32.R((ProcessorMode)(Cpu.Cpsr & 0x1f), r)];
        set => Cpu[_cpu.Frontend.Slots.A32.R((ProcessorMode)(Cpu.Cpsr & 0x1f), r)] = value;
    }

    public uint Status => (uint)Cpu[SystemSlot.EsrEl1];

    public uint FaultAddress => (uint)Cpu[SystemSlot.FarEl1];

    /// <summary>The MMU is on: the first megabyte is mapped to itself for all levels; domain 0 is a client, as is domain 1.</summary>
    public void Translate()
    {
        Write(Table, 0xc0e);
        Cpu[SystemSlot.TtbrZeroEl1] = Table;
        Cpu.WriteDomains(5);
        Control |= 1;
    }

    public void Write(uint address, params uint[] words) => _cpu.Memory.Write(address, MemoryMarshal.AsBytes(words.AsSpan()));

    public uint Read(uint address) => BitConverter.ToUInt32(_cpu.Read(address, 4));

    public void Run(long instructions) => Cpu.Run(instructions);

    public void Dispose() => _cpu.Dispose();
}
