using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>GIC version 2: IHI 0048B.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GicV2Tests
{
    private const ulong Iar = 0x0c, Eoir = 0x10, Dir = 0x1000;
    private readonly DeviceBench _bench = new();

    [Test]
    public void A_level_interrupt_is_pending_active_and_pending_again_while_its_line_is_high()
    {
        GicV2 gic = Create();
        Enable(gic, 40, priority: 0x80);
        gic.Input(8)(true);
        gic.Irq(0).Level.Should().BeTrue();
        Cpu(gic, 0, Iar).Should().Be(40);
        gic.Irq(0).Level.Should().BeFalse("an active interrupt is not signalled");
        Cpu(gic, 0, Iar).Should().Be(1023);
        Distributor(gic, 0, 0x304).Should().Be(1 << 8);
        SetCpu(gic, 0, Eoir, 40);
        gic.Irq(0).Level.Should().BeTrue("the line is high still");
        gic.Input(8)(false);
        gic.Irq(0).Level.Should().BeFalse();
    }

    [Test]
    public void An_edge_is_remembered_and_taken_once()
    {
        GicV2 gic = Create();
        SetDistributor(gic, 0, 0xc08, 2u << 16);
        Enable(gic, 40, priority: 0x80);
        gic.Input(8)(true);
        gic.Input(8)(false);
        Distributor(gic, 0, 0x204).Should().Be(1 << 8);
        Cpu(gic, 0, Iar).Should().Be(40);
        gic.Input(8)(true);
        gic.Irq(0).Level.Should().BeFalse("active and pending");
        SetCpu(gic, 0, Eoir, 40);
        Cpu(gic, 0, Iar).Should().Be(40);
        SetCpu(gic, 0, Eoir, 40);
        gic.Irq(0).Level.Should().BeFalse();
    }

    [Test]
    public void Mask_and_running_priority_decide_what_is_signalled()
    {
        GicV2 gic = Create();
        Enable(gic, 40, priority: 0x80);
        Enable(gic, 41, priority: 0x40);
        SetCpu(gic, 0, 0x04, 0x80);
        gic.Input(8)(true);
        gic.Irq(0).Level.Should().BeFalse("a priority equal to the mask does not pass");
        SetCpu(gic, 0, 0x04, 0x88);
        gic.Irq(0).Level.Should().BeTrue();
        Cpu(gic, 0, Iar).Should().Be(40);
        Cpu(gic, 0, 0x14).Should().Be(0x80);
        gic.Input(9)(true);
        gic.Irq(0).Level.Should().BeTrue("a higher priority preempts");
        Cpu(gic, 0, Iar).Should().Be(41);
        Cpu(gic, 0, 0x14).Should().Be(0x40);
        SetCpu(gic, 0, Eoir, 41);
        Cpu(gic, 0, 0x14).Should().Be(0x80);
        SetCpu(gic, 0, Eoir, 40);
        Cpu(gic, 0, 0x14).Should().Be(0xff);
    }

    [Test]
    public void The_binary_point_keeps_subpriorities_from_preempting()
    {
        GicV2 gic = Create();
        Enable(gic, 40, priority: 0x48);
        Enable(gic, 41, priority: 0x40);
        SetCpu(gic, 0, 0x08, 5);
        gic.Input(8)(true);
        Cpu(gic, 0, Iar).Should().Be(40);
        gic.Input(9)(true);
        gic.Irq(0).Level.Should().BeFalse("both are in group priority 0x40");
        Cpu(gic, 0, 0x14).Should().Be(0x40);
        SetCpu(gic, 0, Eoir, 40);
        Cpu(gic, 0, 0x0c).Should().Be(41);
    }

    [Test]
    public void Private_interrupts_and_SGIs_belong_to_one_CPU()
    {
        GicV2 gic = Create(cpus: 4);
        for (int cpu = 0; cpu < 4; cpu++)
        {
            SetCpu(gic, cpu, 0, 1);
            SetCpu(gic, cpu, 4, 0xf8);
        }

        SetDistributor(gic, 2, 0x100, 1 << 27);
        gic.PrivateInput(2, 11)(true);
        gic.Irq(2).Level.Should().BeTrue();
        gic.Irq(1).Level.Should().BeFalse();
        Cpu(gic, 2, Iar).Should().Be(27);

        SetDistributor(gic, 1, 0xf00, (1 << 24) | 5);
        gic.Irq(1).Level.Should().BeFalse("all but the sender");
        SetDistributor(gic, 3, 0xf00, (1 << 16) | 5);
        Distributor(gic, 0, 0xf24).Should().Be(0b1010 << 8);
        Cpu(gic, 0, Iar).Should().Be(5 | (1 << 10));
        SetCpu(gic, 0, Eoir, 5 | (1 << 10));
        Cpu(gic, 0, Iar).Should().Be(5 | (3 << 10));
        SetCpu(gic, 0, Eoir, 5 | (3 << 10));
        gic.Irq(0).Level.Should().BeFalse();
    }

    [Test]
    public void Targets_route_shared_interrupts()
    {
        GicV2 gic = Create(cpus: 2);
        SetCpu(gic, 1, 0, 1);
        SetCpu(gic, 1, 4, 0xf8);
        Enable(gic, 40, priority: 0x80);
        gic.Input(8)(true);
        gic.Irq(0).Level.Should().BeFalse("no target after reset");
        gic.CreateDistributorRegion(0).Handler.Write(0x828, 1, 2);
        gic.Irq(1).Level.Should().BeTrue();
        Distributor(gic, 0, 0x828).Should().Be(2);
        Distributor(gic, 0, 0x800).Should().Be(0x0101_0101);
        Distributor(gic, 1, 0x800).Should().Be(0x0202_0202, "a CPU finds itself there");
    }

    [Test]
    public void Split_end_deactivates_by_a_register_of_its_own()
    {
        GicV2 gic = Create();
        SetCpu(gic, 0, 0, 1 | (1 << 9));
        Enable(gic, 40, priority: 0x80);
        gic.Input(8)(true);
        Cpu(gic, 0, Iar).Should().Be(40);
        SetCpu(gic, 0, Eoir, 40);
        Cpu(gic, 0, 0x14).Should().Be(0xff);
        gic.Irq(0).Level.Should().BeFalse("active still");
        SetCpu(gic, 0, Dir, 40);
        gic.Irq(0).Level.Should().BeTrue();
    }

    [Test]
    public void The_secure_side_gets_group_0_as_FIQ_and_the_other_side_does_not_see_it()
    {
        GicV2 gic = Create(security: true);
        IMmio secure = gic.CreateDistributorRegion(0, static () => true).Handler, normal = gic.CreateDistributorRegion(0).Handler;
        IMmio secureCpu = gic.CreateCpuInterfaceRegion(0, static () => true).Handler, normalCpu = gic.CreateCpuInterfaceRegion(0).Handler;
        secure.Write(0x000, 4, 3);
        secure.Write(0x084, 4, 1 << 9);                     // 41 is in group 1
        secureCpu.Write(0x00, 4, 1 | 2 | 8);
        secureCpu.Write(0x04, 4, 0xf8);
        normal.Write(0x104, 4, 3 << 8);
        normal.Read(0x104, 4).Should().Be(1 << 9);
        secure.Write(0x104, 4, 3 << 8);
        normal.Write(0x428, 2, 0xa0a0);
        secure.Read(0x428, 2).Should().Be(0xd000, "the non-secure side has the lower half of the priorities of group 1");
        normal.Read(0x428, 2).Should().Be(0xa000);
        secure.Read(0x004, 4).Should().Be(8 | (1 << 10));

        gic.Input(9)(true);
        gic.Irq(0).Level.Should().BeTrue();
        gic.Fiq(0).Level.Should().BeFalse();
        secureCpu.Read(Iar, 4).Should().Be(1022);
        gic.Input(8)(true);
        gic.Fiq(0).Level.Should().BeTrue();
        normalCpu.Read(Iar, 4).Should().Be(1023);
        secureCpu.Read(Iar, 4).Should().Be(40);
        secureCpu.Write(Eoir, 4, 40);
        gic.Input(8)(false);
        normalCpu.Read(Iar, 4).Should().Be(41);
        normalCpu.Read(0x14, 4).Should().Be(0xa0);
        normalCpu.Write(Eoir, 4, 41);
        normalCpu.Write(0x00, 4, 0);
        secureCpu.Read(0x00, 4).Should().Be(1 | 8);
    }

    [Test]
    public void Messages_become_edges_of_shared_interrupts()
    {
        var frame = new GicV2m("v2m", _bench.Log, firstSpi: 80, count: 64);
        GicV2 gic = Create();
        for (int i = 0; i < 64; i++)
            frame.Lines[i].Connect(gic.Input(48 + i));
        SetDistributor(gic, 0, 0xc14, uint.MaxValue);
        Enable(gic, 83, priority: 0);
        frame.Registers.Read(0x008, 4).Should().Be(0x0050_0040);
        frame.Registers.Write(GicV2m.SetSpi, 4, 83);
        Cpu(gic, 0, Iar).Should().Be(83);
        frame.Registers.Write(GicV2m.SetSpi, 4, 79);
        frame.Registers.Write(GicV2m.SetSpi, 4, 144);
        SetCpu(gic, 0, Eoir, 83);
        gic.Irq(0).Level.Should().BeFalse();
    }

    private GicV2 Create(int cpus = 1, bool security = false)
    {
        var gic = new GicV2("gic", _bench.Log, new GicV2Options { Cpus = cpus, Security = security });
        if (!security)
        {
            SetDistributor(gic, 0, 0, 1);
            SetCpu(gic, 0, 0, 1);
            SetCpu(gic, 0, 4, 0xf8);
        }

        return gic;
    }

    private static void Enable(GicV2 gic, int interrupt, byte priority)
    {
        gic.CreateDistributorRegion(0).Handler.Write(0x400 + (ulong)interrupt, 1, priority);
        SetDistributor(gic, 0, 0x100 + (4 * (ulong)(interrupt / 32)), 1u << (interrupt % 32));
    }

    private static uint Distributor(GicV2 gic, int cpu, ulong offset) => (uint)gic.CreateDistributorRegion(cpu).Handler.Read(offset, 4);

    private static void SetDistributor(GicV2 gic, int cpu, ulong offset, uint value) => gic.CreateDistributorRegion(cpu).Handler.Write(offset, 4, value);

    private static uint Cpu(GicV2 gic, int cpu, ulong offset) => (uint)gic.CreateCpuInterfaceRegion(cpu).Handler.Read(offset, 4);

    private static void SetCpu(GicV2 gic, int cpu, ulong offset, uint value) => gic.CreateCpuInterfaceRegion(cpu).Handler.Write(offset, 4, value);
}
