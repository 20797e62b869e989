using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Privileged;

/// <summary>Interrupts, timers, waiting, power.</summary>
public sealed class InterruptTests
{
    private const uint Nop = 0xd503_201f, Wfi = 0xd503_207f, Wfe = 0xd503_205f, Sev = 0xd503_209f, DaifClear = 0xd503_42ff, Loop = 0x1400_0000;
    private const ulong Offset = 0x200;                  // same level, own stack pointer

    [Test]
    public void An_interrupt_waits_until_it_is_unmasked([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var s = new SystemCpu(engine, null, 1, Nop, Nop, DaifClear /* #2 */, Nop, Nop);
        var line = new IrqLine("irq");
        s.Cpu.ConnectInterrupt(ArmInterrupt.Irq, line);
        line.Set(true);
        s.Run(2);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 8);
        s.Register("ISR_EL1").Should().Be(0x80);
        s.Run(1);
        s.Run(0);
        s.Cpu.Pc.Should().BeOneOf(SystemCpu.Code + 12, SystemCpu.Vectors + Offset + 0x80);
        s.Run(1);
        s.Cpu[SystemSlot.ElrEl1].Should().Be(SystemCpu.Code + 12);
        s.Cpu[SystemSlot.SpsrEl1].Should().Be(0x345);
        s.Cpu[SystemSlot.Daif].Should().Be(0x3c0);
    }

    [TestCase(0UL, 0UL, 0, 1)]
    [TestCase(ArmCpu.HcrImo, 0UL, 0, 2)]
    [TestCase(ArmCpu.HcrTge, 0UL, 0, 2)]
    [TestCase(0UL, ArmCpu.ScrIrq, 0, 3)]
    [TestCase(0UL, 0UL, 1, 1)]
    [TestCase(ArmCpu.HcrImo, 0UL, 1, 2)]
    [TestCase(ArmCpu.HcrImo, 0UL, 2, 2)]
    [TestCase(ArmCpu.HcrImo, ArmCpu.ScrIrq, 2, 3)]
    [TestCase(0UL, ArmCpu.ScrIrq, 3, 3)]
    [TestCase(0UL, 0UL, 2, 0)]
    [TestCase(ArmCpu.HcrImo, 0UL, 3, 0)]
    public void Routing(ulong hcr, ulong scr, int from, int to)
    {
        using var s = new SystemCpu(EngineKind.Interpreter, new ArmCpuOptions { HasEl2 = true, HasEl3 = true }, 1, Nop, Nop);
        s.Register("SCR_EL3", scr | ArmCpu.ScrNs | ArmCpu.ScrRw);
        s.Register("HCR_EL2", hcr | ArmCpu.HcrRw);
        s.Cpu.EnterLevel(from);
        s.Cpu[SystemSlot.Daif] = 0;
        s.Cpu.SetInterrupt(ArmInterrupt.Irq, true);
        s.Run(1);
        s.Cpu.ExceptionLevel.Should().Be(to == 0 ? from : to);
        if (to != 0)
            s.Cpu[SystemSlot.ElrEl1 + (to - 1)].Should().Be(SystemCpu.Code);
    }

    [Test]
    public void Virtual_interrupts_are_for_EL1()
    {
        using var s = new SystemCpu(EngineKind.Tier0, new ArmCpuOptions { HasEl2 = true }, 1, Nop, Nop, Nop);
        s.Register("HCR_EL2", ArmCpu.HcrImo | ArmCpu.HcrFmo | ArmCpu.HcrRw);
        s.Cpu.EnterLevel(1);
        s.Cpu[SystemSlot.Daif] = 0x340;
        s.Cpu.SetInterrupt(ArmInterrupt.VirtualIrq, true);
        s.Cpu.SetInterrupt(ArmInterrupt.VirtualFiq, true);
        s.Run(1);
        s.Cpu.ExceptionLevel.Should().Be(1);
        (s.Cpu.Pc & ~15UL).Should().Be(SystemCpu.Vectors + Offset + 0x80, "FIQ is masked, IRQ is not");
        s.Register("ISR_EL1").Should().Be(0xc0);
    }

    [Test]
    public void A_waiting_cpu_wakes_masked_or_not([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var s = new SystemCpu(engine, null, 1, Wfi, Nop, Nop);
        s.Run(10).Should().Be(CpuExit.Halted);
        s.Cpu.IsIdle.Should().BeTrue();
        s.Cpu.SetInterrupt(ArmInterrupt.Fiq, true);
        s.Cpu.IsIdle.Should().BeFalse();
        s.Run(1);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 8);
    }

    [Test]
    public void Events([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var s = new SystemCpu(engine, null, 2, 0xd503_20bf /* sevl */, Wfe, Wfe, Nop, Loop);
        s.Run(10).Should().Be(CpuExit.Halted);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 12);
        s.Memory.Write(0x3000, BitConverter.GetBytes(Sev));
        s.Cpus[1].PowerOn(0x3000, 7);
        s.Run(1, 1);
        s.Cpus[1]["x0"].Should().Be(7);
        s.Cpu.IsIdle.Should().BeFalse("the other CPU sent an event");
        s.Run(1);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 16);
    }

    [TestCase(ArmTimer.Virtual, "CNTV_CTL_EL0", "CNTV_TVAL_EL0")]
    [TestCase(ArmTimer.Physical, "CNTP_CTL_EL0", "CNTP_TVAL_EL0")]
    [TestCase(ArmTimer.HypervisorPhysical, "CNTHP_CTL_EL2", "CNTHP_TVAL_EL2")]
    [TestCase(ArmTimer.HypervisorVirtual, "CNTHV_CTL_EL2", "CNTHV_TVAL_EL2")]
    [TestCase(ArmTimer.SecurePhysical, "CNTPS_CTL_EL1", "CNTPS_TVAL_EL1")]
    public void Timers_ring_at_their_tick(ArmTimer timer, string control, string value)
    {
        using var s = new SystemCpu(EngineKind.Interpreter, new ArmCpuOptions { HasEl2 = true, HasEl3 = true }, 1, Nop);
        s.Register(value, 100);
        s.Register(control, 1);
        s.Cpu.TimerOutput(timer).Level.Should().BeFalse();
        s.Clock.NextDeadline.Should().Be(1600);          // 100 ticks of 16 ns
        s.Time = 1599;
        s.Register(control).Should().Be(1);
        s.Time = 1600;
        s.Register(control).Should().Be(5);
        s.Clock.RunDue();
        s.Cpu.TimerOutput(timer).Level.Should().BeTrue();
        s.Register(control, 3);
        s.Cpu.TimerOutput(timer).Level.Should().BeFalse("it is masked");
        s.Register(control).Should().Be(7);
        s.Register(control, 1);
        s.Register(value, unchecked((uint)-5));
        s.Cpu.TimerOutput(timer).Level.Should().BeTrue();
        s.Register(value).Should().Be(unchecked((uint)-5));
        s.Register(value, 1);
        s.Cpu.TimerOutput(timer).Level.Should().BeFalse();
    }

    [Test]
    public void Offsets_of_counters()
    {
        using var s = new SystemCpu(EngineKind.Interpreter, new ArmCpuOptions { HasEl2 = true }, 1, Nop);
        s.Time = 16_000;
        s.Register("CNTVOFF_EL2", 300);
        s.Register("CNTPOFF_EL2", 200);
        s.Register("CNTHCTL_EL2", 1 << 12);
        s.Cpu.EnterLevel(1);
        (s.Register("CNTVCT_EL0"), s.Register("CNTPCT_EL0")).Should().Be((700UL, 800UL));
        s.Cpu.EnterLevel(2);
        (s.Register("CNTVCT_EL0"), s.Register("CNTPCT_EL0")).Should().Be((700UL, 1000UL));
        s.Register("HCR_EL2", ArmCpu.HcrE2h | ArmCpu.HcrTge);
        s.Register("CNTVCT_EL0").Should().Be(1000, "a host has no offset");
    }

    [Test]
    public void The_event_stream_ends_a_wait_for_an_event()
    {
        using var s = new SystemCpu(EngineKind.Tier0, null, 1, Wfe, Nop);
        s.Register("CNTKCTL_EL1", (1 << 2) | (3 << 4));  // bit 3 of the counter, rising
        s.Run(10).Should().Be(CpuExit.Halted);
        s.Clock.NextDeadline.Should().Be(8 * 16);
        s.Time = 8 * 16;
        s.Clock.RunDue();
        s.Cpu.IsIdle.Should().BeFalse();
    }

    [Test]
    public void Power([Values(EngineKind.Interpreter, EngineKind.Jit)] EngineKind engine)
    {
        using var s = new SystemCpu(engine, new ArmCpuOptions { HasEl2 = true }, 2, Nop, Loop);
        ArmCpu second = s.Cpus[1];
        second.IsPoweredOff.Should().BeTrue();
        second.Run(10).Should().Be(CpuExit.Halted);
        second.SetInterrupt(ArmInterrupt.Irq, true);
        second.IsIdle.Should().BeTrue("nothing wakes a CPU that is off");
        second.SetInterrupt(ArmInterrupt.Irq, false);
        second["x5"] = 99;
        second.PowerOn(0x1000, 0x1234, 1);
        FluentActions.Invoking(() => second.PowerOn(0x1000, 0)).Should().Throw<InvalidOperationException>();
        second.Run(2);
        (second.ExceptionLevel, second["x0"], second["x5"], second.IsPoweredOff).Should().Be((1, 0x1234UL, 0UL, false));
        second.PowerOff();
        second.Run(10).Should().Be(CpuExit.Halted);
        second.IsPoweredOff.Should().BeTrue();
    }
}
