using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>What random streams leave out: cache and synchronisation instructions, system registers, exclusives that fail.</summary>
public sealed class SystemInstructionTests
{
    private const ulong Code = 0x1000, Data = 0x8000;

    [Test]
    public void Zeroing_a_block([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(engine, 0xd50b_7421);  // dc zva, x1
        cpu.Memory.Write(Data, Enumerable.Repeat((byte)0xff, 256).ToArray());
        cpu[1] = Data + 0x7f;
        Run(cpu, 1);
        byte[] memory = cpu.Read(Data, 256);
        memory[..64].Should().OnlyContain(b => b == 0xff);
        memory[64..128].Should().OnlyContain(b => b == 0);
        memory[128..].Should().OnlyContain(b => b == 0xff);
    }

    [Test]
    public void Registers_of_user_level([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(
            engine,
            0xd51b_d041,                                 // msr tpidr_el0, x1
            0xd53b_d042,                                 // mrs x2, tpidr_el0
            0xd53b_0023,                                 // mrs x3, ctr_el0
            0xd53b_00e4,                                 // mrs x4, dczid_el0
            0xd53b_e005,                                 // mrs x5, cntfrq_el0
            0xd51b_4406,                                 // msr fpcr, x6
            0xd53b_4407,                                 // mrs x7, fpcr
            0xd503_3fdf,                                 // isb
            0xd50b_7528,                                 // ic ivau, x8
            0xd50b_7a28);                                // dc cvac, x8
        (cpu[1], cpu[6], cpu[8]) = (0x1234_5678_9abc_def0, 0xffff_ffff, Data);
        Run(cpu, 10);
        (cpu[2], cpu[4], cpu[5]).Should().Be((0x1234_5678_9abc_def0UL, 4UL, 62_500_000UL));
        (cpu[3] & 0xf).Should().Be(4);                   // instruction cache lines of 16 words
        cpu[7].Should().Be(0x07c8_0000);                 // the bits that exist
    }

    [Test]
    public void Exclusive_stores_fail_without_a_reservation([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(
            engine,
            0xc85f_7c20,                                 // ldxr x0, [x1]
            0xd503_3f5f,                                 // clrex
            0xc802_7c23,                                 // stxr w2, x3, [x1]
            0xc85f_7c20,                                 // ldxr x0, [x1]
            0xc804_7ca3,                                 // stxr w4, x3, [x5]
            0xc87f_1820,                                 // ldxp x0, x6, [x1]
            0xf900_0423,                                 // str x3, [x1, #8]
            0xc827_0c23);                                // stxp w7, x3, x3, [x1]
        (cpu[1], cpu[3], cpu[5]) = (Data, 9, Data + 16);
        Run(cpu, 8);
        (cpu[2], cpu[4], cpu[7]).Should().Be((1UL, 1UL, 1UL));
        cpu.Read(Data, 8).Should().OnlyContain(b => b == 0);
    }

    private static TestCpu Start(EngineKind engine, params uint[] words)
    {
        var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(words.AsSpan()));
        cpu.Memory.Map(Data, 0x1000);
        return cpu;
    }

    private static void Run(TestCpu cpu, int count)
    {
        RunResult result = cpu.Cpu.Run(Code, Code + (4 * (ulong)count), 100);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
    }
}
