using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Exceptions end the run with a syndrome, before the instruction has done anything.</summary>
public sealed class ExceptionTests
{
    private const ulong Code = 0x1000, Data = 0x8000;

    [Test]
    public void Syndromes([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000);
        cpu.Memory.Map(Data, 0x1000);
        Run(cpu, 0xd400_2461, 0x5600_0123);              // svc #0x123
        Run(cpu, 0xd420_0540, 0xf200_002a);              // brk #42
        Run(cpu, 0x0000_0000, 0x0200_0000);              // udf #0
        Run(cpu, 0xd503_245f, null);                     // bti c: a hint
        cpu[1] = 0x9_0000;
        Run(cpu, 0xf940_0020, 0x9200_0010, 0x9_0000);    // ldr x0, [x1]
        Run(cpu, 0xf900_0020, 0x9200_0050, 0x9_0000);    // str x0, [x1]
        cpu[1] = Data + 12;
        Run(cpu, 0xc85f_7c20, 0x9200_0021, Data + 12);   // ldxr x0, [x1]
        Run(cpu, 0xf820_0022, 0x9200_0061, Data + 12);   // ldadd x0, x2, [x1]: across 16 bytes
        cpu[1] = Code + 2;
        Run(cpu, 0xd61f_0020, 0x8a00_0000, Code + 2);    // br x1
    }

    [Test]
    public void A_pair_that_faults_changes_no_register([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000);
        cpu.Memory.Map(Data, 0x1000);
        (cpu[0], cpu[1], cpu[2]) = (5, 6, Data + 0xff8);
        Run(cpu, 0xa881_0440, 0x9200_0050, Data + 0x1000);                   // stp x0, x1, [x2], #16
        cpu[2].Should().Be(Data + 0xff8);
        Run(cpu, 0xa8c1_0440, 0x9200_0010, Data + 0x1000);                   // ldp x0, x1, [x2], #16
        (cpu[0], cpu[1], cpu[2]).Should().Be((5UL, 6UL, Data + 0xff8));
    }

    [Test]
    public void Time_is_instructions()
    {
        using ArmCpu cpu = ArmCpu.Create();
        cpu.Memory.Map(Code, 0x1000, [0x1f, 0x20, 0x03, 0xd5, 0x40, 0xe0, 0x3b, 0xd5]);    // nop; mrs x0, cntvct_el0
        cpu.Run(Code, Code + 8).Reason.Should().Be(StopReason.ExitAddress);
        cpu["x0"].Should().Be(0);                        // one nanosecond at 62.5 MHz
    }

    [Test]
    public void Stack_pointers_belong_to_levels_and_are_saved()
    {
        using var cpu = new TestCpu(EngineKind.Interpreter);
        cpu.Cpu["sp"] = 0x100;
        cpu.Cpu.EnterLevel(1);
        cpu.Cpu["sp"].Should().Be(0);
        cpu.Cpu["sp"] = 0x200;
        cpu.Cpu.Fpcr = 0x0300_0000;
        var writer = new StateWriter();
        cpu.Cpu.Save(writer);
        using var copy = new TestCpu(EngineKind.Interpreter);
        copy.Cpu.Load(new StateReader("cpu0", 1, writer.Written.ToArray()));
        (copy.Cpu.ExceptionLevel, copy.Cpu["sp"], copy.Cpu.Fpcr).Should().Be((1, 0x200UL, 0x0300_0000U));
        copy.Cpu.Header.Fp.Options.Should().Be(cpu.Cpu.Header.Fp.Options);
        copy.Cpu.EnterLevel(0);
        copy.Cpu["sp"].Should().Be(0x100);
    }

    private static void Run(TestCpu cpu, uint word, uint? syndrome, ulong address = 0)
    {
        cpu.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(word)).Should().BeTrue();
        RunResult result = cpu.Cpu.Run(Code, Code + 4, 10);
        result.Reason.Should().Be(syndrome is null ? StopReason.ExitAddress : StopReason.UnhandledException, $"{word:x8}");
        if (syndrome is null)
            return;
        cpu.Cpu.Syndrome.Should().Be(syndrome.Value, $"{word:x8}: {result.Fault}");
        cpu.Cpu.FaultAddress.Should().Be(address, $"{word:x8}");
    }
}
