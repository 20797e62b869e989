using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Debug;

/// <summary>ITM, DWT and TPIU of a running CPU: what the host hears.</summary>
public sealed class TraceTests
{
    private const uint Code = 0x100, Demcr = 0xe000_edfc, Control = 0xe000_1000, Cycles = 0xe000_1004;

    [Test]
    public void CYCCNT_counts_instructions_exactly([Values] EngineKind engine)
    {
        using MCpu cpu = Create(engine);
        // ldr r2, [r0]; 7 nops; ldr r3, [r0]; subs r3, r3, r2; then without CYCCNTENA the same
        cpu.WriteCode(Code, 0x6802, 0xbf00, 0xbf00, 0xbf00, 0xbf00, 0xbf00, 0xbf00, 0xbf00, 0x6803, 0x1a9b);
        cpu[ArmMRegister.R0] = Cycles;
        DebugRegisterTests.Write(cpu, Demcr, 1 << 24);
        DebugRegisterTests.Write(cpu, Control, 0x4000_0001);
        Run(cpu, 10);
        cpu[ArmMRegister.R3].Should().Be(8);
        uint now = DebugRegisterTests.Bus(cpu, Cycles);
        now.Should().Be(10);
        DebugRegisterTests.Write(cpu, Control, 0x4000_0000);
        Run(cpu, 10);
        cpu[ArmMRegister.R3].Should().Be(0, "it does not count");
        DebugRegisterTests.Bus(cpu, Cycles).Should().Be(now);
        DebugRegisterTests.Write(cpu, Cycles, 0xffff_fff8);
        DebugRegisterTests.Write(cpu, Control, 0x4000_0001);
        cpu.SaveAndLoad();
        Run(cpu, 10);
        DebugRegisterTests.Bus(cpu, Cycles).Should().Be(2, "it wraps");
    }

    [Test]
    public void Stimulus_ports_reach_the_host([Values] EngineKind engine)
    {
        using MCpu cpu = Create(engine);
        // strb r1, [r0]; strh r1, [r0, #4]; str r1, [r0, #8]; str r1, [r0, #12]; ldr r2, [r0]
        cpu.WriteCode(Code, 0x7001, 0x8081, 0x6081, 0x60c1, 0x6802);
        cpu[ArmMRegister.R0] = 0xe000_0000;
        cpu[ArmMRegister.R1] = 0x1234_5641;
        Enable(cpu, ports: 7);
        var messages = new List<ItmMessage>();
        var bytes = new List<byte>();
        cpu.Cpu.Itm.Output += messages.Add;
        cpu.Cpu.Itm.Swo += bytes.Add;
        var serial = new SerialPort("itm");
        cpu.Cpu.Itm.Connect(0, serial);
        Run(cpu, 5);
        messages.Should().Equal(new ItmMessage(0, 0x41, 1), new ItmMessage(1, 0x5641, 2), new ItmMessage(2, 0x1234_5641, 4));
        bytes.Should().Equal(0x01, 0x41, 0x0a, 0x41, 0x56, 0x13, 0x41, 0x56, 0x34, 0x12);
        cpu[ArmMRegister.R2].Should().Be(1, "FIFOREADY");
        serial.RecentText.Should().Be("A");
    }

    [Test]
    public void Unprivileged_code_has_the_ports_that_ITM_TPR_leaves_it([Values(0u, 1u)] uint privileges)
    {
        using MCpu cpu = Create(EngineKind.Tier0);
        cpu.WriteCode(Code, 0x7001, 0x6802);
        cpu[ArmMRegister.R0] = 0xe000_0000;
        Enable(cpu, ports: 1);
        DebugRegisterTests.Write(cpu, 0xe000_0e40, privileges);
        int count = 0;
        cpu.Cpu.Itm.Output += _ => count++;
        cpu[ArmMRegister.Control] = 1;
        Run(cpu, 2).Reason.Should().Be(StopReason.InstructionLimit);
        count.Should().Be(privileges == 0 ? 1 : 0);
    }

    [Test]
    public void A_locked_ITM_keeps_its_registers_and_a_disabled_one_is_silent()
    {
        using MCpu cpu = Create(EngineKind.Tier0);
        DebugRegisterTests.Bus(cpu, 0xe000_0fb4).Should().Be(3);
        DebugRegisterTests.Write(cpu, 0xe000_0e00, 1);
        DebugRegisterTests.Bus(cpu, 0xe000_0e00).Should().Be(0);
        Enable(cpu, ports: 1);
        DebugRegisterTests.Bus(cpu, 0xe000_0fb4).Should().Be(1);
        int count = 0;
        cpu.Cpu.Itm.Output += _ => count++;
        DebugRegisterTests.Write(cpu, Demcr, 0);
        DebugRegisterTests.Write(cpu, 0xe000_0000, 0x41);
        count.Should().Be(0, "TRCENA is clear");
        DebugRegisterTests.Write(cpu, Demcr, 1 << 24);
        DebugRegisterTests.Write(cpu, 0xe000_0004, 0x41);
        count.Should().Be(0, "the port is off");
        DebugRegisterTests.Write(cpu, 0xe000_0000, 0x41);
        count.Should().Be(1);
    }

    [Test]
    public void Exceptions_are_traced([Values] EngineKind engine)
    {
        using MCpu cpu = Create(engine);
        cpu.Write(0x2c, 0x201);                          // SVCall
        cpu.WriteCode(0x200, 0x4770);                    // bx lr
        cpu.WriteCode(Code, 0xdf00, 0xbf00);
        Enable(cpu, ports: 0);
        DebugRegisterTests.Write(cpu, Control, 1 << 16);
        var bytes = new List<byte>();
        cpu.Cpu.Itm.Swo += bytes.Add;
        Run(cpu, 3);
        // entry of 11, exit of 11, return to thread
        bytes.Should().Equal(0x0e, 11, 0x10, 0x0e, 11, 0x20, 0x0e, 0, 0x30);
    }

    [Test]
    public void Data_accesses_are_traced_with_value_and_PC([Values] EngineKind engine)
    {
        using MCpu cpu = Create(engine);
        cpu.WriteCode(Code, 0x6001, 0x6041, 0x6802);     // str r1, [r0]; str r1, [r0, #4]; ldr r2, [r0]
        cpu[ArmMRegister.R0] = 0x2000_0100;
        cpu[ArmMRegister.R1] = 0x0bad_f00d;
        Enable(cpu, ports: 0);
        DebugRegisterTests.Write(cpu, 0xe000_1030, 0x2000_0100);
        DebugRegisterTests.Write(cpu, 0xe000_1034, 2);
        DebugRegisterTests.Write(cpu, 0xe000_1038, 15);  // comparator 1: writes, with PC and value
        var bytes = new List<byte>();
        cpu.Cpu.Itm.Swo += bytes.Add;
        Run(cpu, 3);
        bytes.Should().Equal(0x57, 0x00, 0x01, 0, 0, 0x9f, 0x0d, 0xf0, 0xad, 0x0b);
        DebugRegisterTests.Bus(cpu, 0xe000_1038).Should().Be((1 << 24) | (1 << 9) | 15);
        DebugRegisterTests.Bus(cpu, 0xe000_1038).Should().Be((1 << 9) | 15, "reading clears MATCHED");
    }

    internal static MCpu Create(EngineKind engine, ArmMCpuModel? model = null)
    {
        var cpu = new MCpu(engine, model ?? ArmMCpuModel.CortexM4F);
        cpu.Memory.Map(0, 0x1_0000);
        cpu.Memory.Map(0x2000_0000, 0x1_0000);
        cpu.Write(0, 0x2000_8000, Code | 1);
        cpu.Cpu.TryLoadVectors().Should().BeTrue();
        return cpu;
    }

    internal static RunResult Run(MCpu cpu, ulong instructions)
    {
        cpu.Cpu.SetPc(Code);
        return cpu.Run(instructions);
    }

    private static void Enable(MCpu cpu, uint ports)
    {
        DebugRegisterTests.Write(cpu, Demcr, 1 << 24);
        DebugRegisterTests.Write(cpu, 0xe004_00f0, 2);   // SWO, NRZ
        DebugRegisterTests.Write(cpu, 0xe000_0fb0, 0xc5ac_ce55);
        DebugRegisterTests.Write(cpu, 0xe000_0e80, 9);   // ITMENA, TXENA
        DebugRegisterTests.Write(cpu, 0xe000_0e00, ports);
    }
}
