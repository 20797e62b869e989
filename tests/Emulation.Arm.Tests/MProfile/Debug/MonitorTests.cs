using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Debug;

/// <summary>Debug events and the DebugMonitor exception.</summary>
public sealed class MonitorTests
{
    private const uint Code = 0x100, Demcr = 0xe000_edfc, Dfsr = 0xe000_ed30, Hfsr = 0xe000_ed2c, Monitor = 12, HardFault = 3;

    [Test]
    public void BKPT_is_the_monitors_or_a_HardFault([Values] EngineKind engine, [Values] bool enabled)
    {
        using MCpu cpu = Create(engine, enabled);
        cpu.WriteCode(Code, 0xbe01);
        TraceTests.Run(cpu, 1);
        cpu.Cpu.Ipsr.Should().Be((int)(enabled ? Monitor : HardFault));
        DebugRegisterTests.Bus(cpu, Dfsr).Should().Be(2);
        DebugRegisterTests.Bus(cpu, Hfsr).Should().Be(enabled ? 0 : 0x8000_0000);
        cpu.Read(cpu[ArmMRegister.Msp] + 24).Should().Be(Code, "the return address is the breakpoint");
    }

    [Test]
    public void The_FPB_breaks_before_an_instruction([Values] EngineKind engine, [Values("cortex-m4", "cortex-m7", "cortex-m33")] string name)
    {
        ArmMCpuModel model = ArmMCpuModel.Find(name)!;
        using MCpu cpu = Create(engine, true, model);
        cpu.WriteCode(Code, 0x2001, 0x2002, 0x2003, 0x2004);
        uint comparator = name == "cortex-m4" ? (2u << 30) | (Code + 4) | 1 : (Code + 6) | 1;
        DebugRegisterTests.Write(cpu, 0xe000_2008, comparator);
        TraceTests.Run(cpu, 4);
        cpu[ArmMRegister.R0].Should().Be(4, "the unit is off");
        DebugRegisterTests.Write(cpu, 0xe000_2000, 3);
        TraceTests.Run(cpu, 4);
        cpu.Cpu.Ipsr.Should().Be((int)Monitor);
        cpu[ArmMRegister.R0].Should().Be(3);
        cpu.Cpu.IsSecure.Should().Be(model.HasSecurity);
        DebugRegisterTests.Bus(cpu, Dfsr).Should().Be(2);
    }

    [Test]
    public void A_breakpoint_that_nothing_may_handle_is_passed()
    {
        using MCpu cpu = Create(EngineKind.Tier0, false);
        cpu.WriteCode(Code, 0x2001, 0x2002);
        DebugRegisterTests.Write(cpu, 0xe000_2008, (1u << 30) | Code | 1);
        DebugRegisterTests.Write(cpu, 0xe000_2000, 3);
        TraceTests.Run(cpu, 2);
        cpu[ArmMRegister.R0].Should().Be(2);
        cpu.Cpu.Ipsr.Should().Be(0);
        DebugRegisterTests.Bus(cpu, Dfsr).Should().Be(0);
    }

    // offset of the access, function of the comparator, whether it is one
    [TestCase(0x6001, 6u, true, TestName = "write")]
    [TestCase(0x6001, 5u, false, TestName = "write, reads watched")]
    [TestCase(0x6802, 5u, true, TestName = "read")]
    [TestCase(0x6802, 7u, true, TestName = "read, both watched")]
    [TestCase(0x6041, 7u, false, TestName = "write behind")]
    [TestCase(0xbf00, 4u, true, TestName = "PC")]
    public void The_DWT_watches(int instruction, uint function, bool hits)
    {
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            using MCpu cpu = Create(engine, true);
            cpu.WriteCode(Code, (ushort)instruction, 0xbf00, 0xbf00);
            cpu[ArmMRegister.R0] = 0x2000_0100;
            DebugRegisterTests.Write(cpu, 0xe000_1020, function == 4 ? Code : 0x2000_0100);
            DebugRegisterTests.Write(cpu, 0xe000_1024, function == 4 ? 0u : 2);
            DebugRegisterTests.Write(cpu, 0xe000_1028, function);
            TraceTests.Run(cpu, 2);
            cpu.Cpu.Ipsr.Should().Be(hits ? (int)Monitor : 0, $"{engine}");
            DebugRegisterTests.Bus(cpu, Dfsr).Should().Be(hits ? 4u : 0);
        }
    }

    [Test]
    public void A_value_is_watched_at_the_address_of_another_comparator([Values(0x1234u, 0x1235u)] uint value)
    {
        using MCpu cpu = Create(EngineKind.Tier0, true);
        cpu.WriteCode(Code, 0x8001, 0xbf00);             // strh r1, [r0]
        cpu[ArmMRegister.R0] = 0x2000_0100;
        cpu[ArmMRegister.R1] = value;
        DebugRegisterTests.Write(cpu, 0xe000_1020, 0x2000_0100);
        DebugRegisterTests.Write(cpu, 0xe000_1030, 0x1234);
        DebugRegisterTests.Write(cpu, 0xe000_1038, 6 | (1 << 8) | (1 << 10));
        TraceTests.Run(cpu, 2);
        cpu.Cpu.Ipsr.Should().Be(value == 0x1234 ? (int)Monitor : 0);
    }

    [Test]
    public void Armv8_comparators_watch_a_range([Values(0x0fcu, 0x100u, 0x11cu, 0x120u)] uint offset)
    {
        using MCpu cpu = Create(EngineKind.Tier0, true, ArmMCpuModel.CortexM33);
        cpu.WriteCode(Code, 0x6001, 0xbf00);
        cpu[ArmMRegister.R0] = 0x2000_0000 + offset;
        DebugRegisterTests.Write(cpu, 0xe000_1020, 0x2000_0100);
        DebugRegisterTests.Write(cpu, 0xe000_1028, 5 | (1 << 4) | (2 << 10));   // writes
        DebugRegisterTests.Write(cpu, 0xe000_1030, 0x2000_011f);
        DebugRegisterTests.Write(cpu, 0xe000_1038, 7);                          // up to here
        TraceTests.Run(cpu, 2);
        cpu.Cpu.Ipsr.Should().Be(offset is 0x100 or 0x11c ? (int)Monitor : 0);
    }

    [Test]
    public void Secure_code_has_no_monitor_when_DAUTHCTRL_forbids_it()
    {
        using MCpu cpu = Create(EngineKind.Tier0, true, ArmMCpuModel.CortexM33);
        cpu.WriteCode(Code, 0x2001, 0x2002);
        DebugRegisterTests.Write(cpu, 0xe000_2008, Code | 1);
        DebugRegisterTests.Write(cpu, 0xe000_2000, 3);
        (DebugRegisterTests.Bus(cpu, 0xe000_efb8), DebugRegisterTests.Bus(cpu, Demcr) & (1 << 20)).Should().Be((0xffu, 1u << 20));
        DebugRegisterTests.Write(cpu, 0xe000_ee04, 1);   // SPIDENSEL without INTSPIDEN
        (DebugRegisterTests.Bus(cpu, 0xe000_efb8), DebugRegisterTests.Bus(cpu, Demcr) & (1 << 20)).Should().Be((0xefu, 0u));
        TraceTests.Run(cpu, 2);
        cpu[ArmMRegister.R0].Should().Be(2);
    }

    [Test]
    public void The_monitor_steps_one_instruction([Values] EngineKind engine, [Values] bool saved)
    {
        using MCpu cpu = Create(engine, true);
        // the monitor counts in r7 and goes behind a BKPT
        cpu.Write(4 * Monitor, 0x301);
        cpu.WriteCode(0x300, 0x3701, 0x4770);            // adds r7, #1; bx lr
        cpu.WriteCode(Code, 0x2001, 0x2002, 0x2003, 0xe7fe);
        DebugRegisterTests.Write(cpu, Demcr, (1 << 24) | (1 << 18) | (1 << 17) | (1 << 16));   // MON_STEP, MON_PEND, MON_EN
        cpu.Cpu.SetPc(Code);
        for (uint expected = 0; expected < 4; expected++)
        {
            cpu[ArmMRegister.R7].Should().Be(expected);
            cpu[ArmMRegister.R0].Should().Be(expected);
            cpu.Run(expected == 0 ? 2u : 3);             // the monitor, behind the instruction that is broken off
            if (saved)
                cpu.SaveAndLoad();
            cpu.Run(1);                                  // one instruction
        }

        DebugRegisterTests.Bus(cpu, Dfsr).Should().Be(1);
    }

    private static MCpu Create(EngineKind engine, bool enabled, ArmMCpuModel? model = null)
    {
        MCpu cpu = TraceTests.Create(engine, model);
        for (uint n = 2; n < 16; n++)
            cpu.Write(4 * n, 0x201);
        cpu.WriteCode(0x200, 0xe7fe);                    // here
        DebugRegisterTests.Write(cpu, Demcr, (1 << 24) | (enabled ? 1u << 16 : 0));
        return cpu;
    }
}
