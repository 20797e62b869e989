using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>GIC version 3: IHI 0069.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GicV3Tests
{
    private const ulong SgiFrame = 0x1_0000;
    private readonly DeviceBench _bench = new();

    [Test]
    public void A_shared_interrupt_goes_to_the_CPU_of_its_route()
    {
        GicV3 gic = Create(cpus: 2);
        IMmio distributor = gic.CreateDistributorRegion().Handler;
        Enable(gic, 40, priority: 0x80);
        distributor.Write(0x6000 + (8 * 40), 8, 1);
        distributor.Read(0x6000 + (8 * 40), 8).Should().Be(1);
        gic.Input(8)(true);
        gic.Irq(0).Level.Should().BeFalse();
        gic.Irq(1).Level.Should().BeTrue();
        Get(gic, 1, Iar1).Should().Be(40);
        gic.Irq(1).Level.Should().BeFalse();
        Get(gic, 1, Rpr).Should().Be(0x80);
        Set(gic, 1, Eoir1, 40);
        Get(gic, 1, Rpr).Should().Be(0xff);
        gic.Irq(1).Level.Should().BeTrue("the line is high still");
        distributor.Write(0x6000 + (8 * 40), 8, 7);
        gic.Irq(1).Level.Should().BeFalse("there is no CPU of that affinity");
    }

    [Test]
    public void A_CPU_that_sleeps_gets_nothing()
    {
        GicV3 gic = Create();
        IMmio redistributor = gic.CreateRedistributorRegion().Handler;
        Enable(gic, 40, priority: 0x80);
        redistributor.Write(0x14, 4, 2);
        redistributor.Read(0x14, 4).Should().Be(6);
        gic.Input(8)(true);
        gic.Irq(0).Level.Should().BeFalse();
        redistributor.Write(0x14, 4, 0);
        redistributor.Read(0x14, 4).Should().Be(0);
        gic.Irq(0).Level.Should().BeTrue();
    }

    [Test]
    public void Software_interrupts_name_CPUs_by_affinity()
    {
        GicV3 gic = Create(cpus: 3);
        for (int cpu = 0; cpu < 3; cpu++)
            EnablePrivate(gic, cpu, 5);
        Set(gic, 0, Sgi1r, (5UL << 24) | 0b110);
        Levels(gic).Should().Equal(false, true, true);
        Get(gic, 1, Iar1).Should().Be(5);
        Set(gic, 1, Eoir1, 5);
        Set(gic, 1, Sgi1r, (5UL << 24) | (1UL << 40));
        Levels(gic).Should().Equal(true, false, true);
        Set(gic, 1, Sgi1r, (5UL << 24) | (1UL << 16) | 0b10);
        Levels(gic).Should().Equal([true, false, true], "no CPU has Aff1 = 1");
    }

    [Test]
    public void Group_0_is_a_FIQ()
    {
        GicV3 gic = Create();
        Enable(gic, 40, priority: 0x80);
        gic.CreateDistributorRegion().Handler.Write(0, 4, 3);
        gic.CreateDistributorRegion().Handler.Write(0x84, 4, 0);
        gic.Input(8)(true);
        gic.Fiq(0).Level.Should().BeFalse("not enabled");
        Set(gic, 0, Igrpen0, 1);
        gic.Fiq(0).Level.Should().BeTrue();
        Get(gic, 0, Iar1).Should().Be(1023);
        Get(gic, 0, Iar0).Should().Be(40);
        Set(gic, 0, Eoir1, 40);
        Get(gic, 0, Rpr).Should().Be(0x80, "the wrong group ends nothing");
        Set(gic, 0, Eoir0, 40);
        Get(gic, 0, Rpr).Should().Be(0xff);
    }

    [Test]
    public void Split_end_deactivates_by_a_register_of_its_own()
    {
        GicV3 gic = Create();
        Enable(gic, 40, priority: 0x80);
        Set(gic, 0, Ctlr, 2);
        gic.Input(8)(true);
        Get(gic, 0, Iar1).Should().Be(40);
        Set(gic, 0, Eoir1, 40);
        gic.Irq(0).Level.Should().BeFalse();
        Set(gic, 0, Dir, 40);
        gic.Irq(0).Level.Should().BeTrue();
    }

    [Test]
    public void The_redistributors_identify_their_CPUs()
    {
        GicV3 gic = Create(cpus: 2);
        IMmio redistributors = gic.CreateRedistributorRegion().Handler;
        redistributors.Read(8, 8).Should().Be(1 << 5);
        redistributors.Read(0x2_0008, 8).Should().Be((1UL << 32) | (1 << 8) | (1 << 5) | (1 << 4));
        redistributors.Read(0xffe8, 4).Should().Be(0x3b);
        gic.CreateDistributorRegion().Handler.Read(0, 4).Should().Be((1 << 6) | (1 << 4) | 2);
        (gic.CreateDistributorRegion().Handler.Read(4, 4) & 0x1f).Should().Be(8);
    }

    [Test]
    public void Two_security_states_hide_secure_interrupts()
    {
        var gic = new GicV3("gic", null, _bench.Log, new GicV3Options { Security = true });
        IMmio secure = gic.CreateDistributorRegion(static () => true).Handler, normal = gic.CreateDistributorRegion().Handler;
        gic.CreateRedistributorRegion(static () => true).Handler.Write(0x14, 4, 0);
        secure.Write(0, 4, 7);
        secure.Write(0x84, 4, 1 << 9);                      // 41: non-secure group 1
        secure.Write(0xd04, 4, 1 << 10);                    // 42: secure group 1; 40: group 0
        normal.Write(0x104, 4, uint.MaxValue);
        normal.Read(0x104, 4).Should().Be(1 << 9);
        secure.Write(0x104, 4, 7 << 8);
        normal.Read(0, 4).Should().Be(0x12);
        var normalAccess = new GicAccess(0, 1);
        var secureAccess = new GicAccess(0, 1, IsSecure: true);
        var monitor = new GicAccess(0, 3, IsSecure: true);
        gic.TryWrite(Pmr, secureAccess, 0xf8);
        gic.TryWrite(Igrpen0, secureAccess, 1);
        gic.TryWrite(Igrpen1, secureAccess, 1);
        gic.TryWrite(Igrpen1, normalAccess, 1);

        normal.Write(0x429, 1, 0x80);                       // 0xc0 of the secure view
        gic.Input(9)(true);
        gic.Irq(0).Level.Should().BeTrue("the CPU is in Non-secure state");
        gic.SetCpuState(0, 1, secure: true);
        gic.Fiq(0).Level.Should().BeTrue();
        gic.TryRead(Iar0, monitor, out ulong id);
        id.Should().Be(1021);
        gic.Input(10)(true);
        gic.Irq(0).Level.Should().BeTrue();
        gic.TryRead(Iar1, normalAccess, out id);
        id.Should().Be(1023);
        gic.TryRead(Iar1, secureAccess, out id);
        id.Should().Be(42);
        gic.TryRead(Rpr, normalAccess, out id);
        id.Should().Be(0, "a secure priority is not shown");
        gic.TryRead(Rpr, new GicAccess(0, 1, MonitorIrq: true, MonitorFiq: true), out _).Should().BeFalse("EL3 keeps it");
    }

    [Test]
    public void LPIs_have_their_configuration_in_memory()
    {
        GicV3 gic = Create(lpis: true);
        IMmio redistributor = gic.CreateRedistributorRegion().Handler;
        _bench.Ram.Write(0x1_0000 + 5, 1, 0xa1);            // 8197: enabled, priority 0xa0
        _bench.Ram.Write(0x2_0000 + (8197 / 8), 1, 1 << 5);
        redistributor.Write(0x70, 8, (DeviceBench.RamBase + 0x1_0000) | 15);
        redistributor.Write(0x78, 8, DeviceBench.RamBase + 0x2_0000);
        gic.Irq(0).Level.Should().BeFalse();
        redistributor.Write(0, 4, 1);
        gic.Irq(0).Level.Should().BeTrue("it was pending in the table");
        Get(gic, 0, Hppir1).Should().Be(8197);
        Get(gic, 0, Iar1).Should().Be(8197);
        gic.Irq(0).Level.Should().BeFalse();
        Set(gic, 0, Eoir1, 8197);
        Get(gic, 0, Rpr).Should().Be(0xff);
    }

    [Test]
    public void A_guest_of_a_hypervisor_sees_list_registers()
    {
        GicV3 gic = Create();
        var host = new GicAccess(0, 2);
        var guest = new GicAccess(0, 1, VirtualIrq: true, VirtualFiq: true);
        gic.TryWrite(ListRegister0, host, (1UL << 62) | (1UL << 61) | (1UL << 60) | (0x80UL << 48) | (27UL << 32) | 27);
        gic.TryWrite(HypervisorControl, host, 1);
        gic.TryWrite(Pmr, guest, 0xf0);
        gic.VirtualIrq(0).Level.Should().BeFalse();
        gic.TryWrite(Igrpen1, guest, 1);
        gic.VirtualIrq(0).Level.Should().BeTrue();
        gic.TryRead(Iar1, guest, out ulong id);
        id.Should().Be(27);
        gic.VirtualIrq(0).Level.Should().BeFalse();
        gic.TryRead(ListRegister0, host, out ulong list);
        (list >> 62).Should().Be(2, "active");

        EnablePrivate(gic, 0, 27);
        gic.PrivateInput(0, 11)(true);
        Get(gic, 0, Iar1).Should().Be(27);
        Set(gic, 0, Ctlr, 2);
        Set(gic, 0, Eoir1, 27);
        gic.Irq(0).Level.Should().BeFalse("active");
        gic.TryWrite(Eoir1, guest, 27);
        gic.Irq(0).Level.Should().BeTrue("the guest's end deactivates the physical interrupt");
        gic.TryRead(ListRegister0, host, out list);
        (list >> 62).Should().Be(0);

        gic.TryWrite(HypervisorControl, host, 1 | 8);
        gic.Maintenance(0).Level.Should().BeTrue("nothing is pending");
        gic.TryRead(HypervisorMisr, host, out ulong misr);
        misr.Should().Be(8);
    }

    private const int Pmr = (3 << 14) | (4 << 7) | (6 << 3);
    private const int Iar0 = (3 << 14) | (12 << 7) | (8 << 3), Eoir0 = Iar0 + 1;
    private const int Dir = (3 << 14) | (12 << 7) | (11 << 3) | 1, Rpr = Dir + 2, Sgi1r = Dir + 4;
    private const int Iar1 = (3 << 14) | (12 << 7) | (12 << 3), Eoir1 = Iar1 + 1, Hppir1 = Iar1 + 2, Ctlr = Iar1 + 4, Igrpen0 = Iar1 + 6, Igrpen1 = Iar1 + 7;
    private const int HypervisorControl = (3 << 14) | (4 << 11) | (12 << 7) | (11 << 3), HypervisorMisr = HypervisorControl + 2, ListRegister0 = HypervisorControl + 8;

    private GicV3 Create(int cpus = 1, bool lpis = false)
    {
        var gic = new GicV3("gic", _bench.Memory, _bench.Log, new GicV3Options { Cpus = cpus, Lpis = lpis });
        gic.CreateDistributorRegion().Handler.Write(0, 4, 0x12);
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            IMmio redistributor = gic.CreateRedistributorRegion().Handler;
            redistributor.Write(((ulong)cpu * GicV3.RedistributorSize) + 0x14, 4, 0);
            redistributor.Write(((ulong)cpu * GicV3.RedistributorSize) + SgiFrame + 0x80, 4, uint.MaxValue);
            Set(gic, cpu, Pmr, 0xf0);
            Set(gic, cpu, Igrpen1, 1);
        }

        return gic;
    }

    private static void Enable(GicV3 gic, int interrupt, byte priority)
    {
        IMmio distributor = gic.CreateDistributorRegion().Handler;
        ulong word = 4 * (ulong)(interrupt / 32);
        distributor.Write(0x80 + word, 4, distributor.Read(0x80 + word, 4) | (1u << (interrupt % 32)));
        distributor.Write(0x400 + (ulong)interrupt, 1, priority);
        distributor.Write(0x100 + word, 4, 1u << (interrupt % 32));
    }

    private static void EnablePrivate(GicV3 gic, int cpu, int interrupt)
        => gic.CreateRedistributorRegion().Handler.Write(((ulong)cpu * GicV3.RedistributorSize) + SgiFrame + 0x100, 4, 1u << interrupt);

    private static bool[] Levels(GicV3 gic) => [.. Enumerable.Range(0, gic.Options.Cpus).Select(i => gic.Irq(i).Level)];

    private static uint Get(GicV3 gic, int cpu, int encoding)
    {
        gic.TryRead(encoding, new GicAccess(cpu, 1), out ulong value).Should().BeTrue();
        return (uint)value;
    }

    private static void Set(GicV3 gic, int cpu, int encoding, ulong value) => gic.TryWrite(encoding, new GicAccess(cpu, 1), value).Should().BeTrue();
}
