using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>GIC version 3: interrupts for any CPU, and what a hypervisor keeps from its guest.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GicV3RoutingTests
{
    private const int El1 = (3 << 14) | (12 << 7), El2 = El1 | (4 << 11);
    private const int Pmr = (3 << 14) | (4 << 7) | (6 << 3), Iar0 = El1 | (8 << 3), Dir = El1 | (11 << 3) | 1, Sgi1r = El1 | (11 << 3) | 5, Iar1 = El1 | (12 << 3);
    private const int Eoir1 = Iar1 + 1, Ctlr = Iar1 + 4, Sre = Iar1 + 5, Igrpen1 = Iar1 + 7, HypervisorControl = El2 | (11 << 3);
    private const uint TrapCommon = 1 << 10, TrapGroup0 = 1 << 11, TrapGroup1 = 1 << 12, TrapDeactivate = 1 << 14;

    private readonly GicV3 _gic;
    private readonly IMmio _distributor, _redistributors;

    public GicV3RoutingTests()
    {
        _gic = new GicV3("gic", null, new DeviceBench().Log, new GicV3Options { Cpus = 3, ResetToGroup1 = true });
        (_distributor, _redistributors) = (_gic.CreateDistributorRegion().Handler, _gic.CreateRedistributorRegion().Handler);
        _distributor.Write(0, 4, 2);
        foreach (int interrupt in (int[])[40, 41])
        {
            _distributor.Write(0x104, 4, 1u << (interrupt - 32));
            _distributor.Write(0x6000 + (8 * (ulong)interrupt), 8, 1UL << 31);
        }

        for (int cpu = 0; cpu < 3; cpu++)
        {
            _redistributors.Write(((ulong)cpu * GicV3.RedistributorSize) + 0x14, 4, 0);
            Write(cpu, Pmr, 0xf8);
            Write(cpu, Igrpen1, 1);
        }
    }

    [Test]
    public void An_interrupt_for_any_CPU_goes_to_one_that_runs_none()
    {
        (_distributor.Read(4, 4) & (1 << 25)).Should().Be(0, "No1N");
        _distributor.Read(0x6000 + (8 * 40), 8).Should().Be(1UL << 31);
        _gic.Input(8)(true);
        Levels.Should().Equal(true, false, false);
        Read(1, Iar1).Should().Be(1023);
        Read(0, Iar1).Should().Be(40);
        _gic.Input(9)(true);
        Levels.Should().Equal(false, true, false);
        Read(1, Iar1).Should().Be(41);
        Levels.Should().Equal(false, false, false);
        Write(0, Eoir1, 40);
        Levels.Should().Equal(true, false, false);
    }

    [Test]
    public void A_CPU_that_sleeps_is_disabled_or_denies_takes_none()
    {
        _gic.Input(8)(true);
        _redistributors.Write(0x14, 4, 2);
        Levels.Should().Equal(false, true, false);
        Write(1, Igrpen1, 0);
        Levels.Should().Equal(false, false, true);
        _redistributors.Write(2 * GicV3.RedistributorSize, 4, 1 << 25);
        Levels.Should().Equal(false, false, false);
        _redistributors.Read(2 * GicV3.RedistributorSize, 4).Should().Be(1 << 25);
        _redistributors.Write(2 * GicV3.RedistributorSize, 4, 5 << 24);
        Levels.Should().Equal([false, false, true], "it denies other groups");
    }

    [TestCase(TrapCommon, Pmr, 2)]
    [TestCase(TrapCommon, Ctlr, 2)]
    [TestCase(TrapCommon, Dir, 2)]
    [TestCase(TrapCommon, Sgi1r, 2)]
    [TestCase(TrapCommon, Iar1, 0)]
    [TestCase(TrapGroup0, Iar0, 2)]
    [TestCase(TrapGroup0, Iar1, 0)]
    [TestCase(TrapGroup1, Igrpen1, 2)]
    [TestCase(TrapGroup1, Iar0, 0)]
    [TestCase(TrapDeactivate, Dir, 2)]
    [TestCase(TrapDeactivate, Pmr, 0)]
    [TestCase(uint.MaxValue, Sre, 0)]
    public void A_hypervisor_traps_registers(uint control, int register, int target)
    {
        _gic.TryWrite(HypervisorControl, new GicAccess(0, 2), control).Should().BeTrue();
        foreach (bool isVirtual in (bool[])[false, true])
        {
            bool sends = isVirtual && register == Sgi1r;
            _gic.TrapTarget(register, new GicAccess(0, 1, VirtualIrq: isVirtual)).Should().Be(sends ? 2 : target);
        }

        _gic.TrapTarget(register, new GicAccess(0, 2)).Should().Be(0);
        _gic.TrapTarget(register, new GicAccess(1, 1)).Should().Be(0);
        _gic.TrapTarget(register, new GicAccess(0, 1, IsSecure: true)).Should().Be(0);
    }

    [Test]
    public void SGIs_of_a_guest_trap() => _gic.TrapTarget(Sgi1r, new GicAccess(0, 1, VirtualFiq: true)).Should().Be(2);

    [TestCase(true, false, Iar1, 3)]
    [TestCase(true, false, Iar0, 0)]
    [TestCase(false, true, Iar0, 3)]
    [TestCase(true, false, Pmr, 0)]
    [TestCase(true, true, Pmr, 3)]
    public void The_monitor_traps_registers_of_its_interrupts(bool irq, bool fiq, int register, int target)
    {
        foreach (int level in (int[])[1, 2])
            _gic.TrapTarget(register, new GicAccess(0, level, MonitorIrq: irq, MonitorFiq: fiq)).Should().Be(target);
        _gic.TrapTarget(register, new GicAccess(0, 3, MonitorIrq: irq, MonitorFiq: fiq)).Should().Be(0);
        _gic.TrapTarget(register, new GicAccess(0, 1, VirtualIrq: true, VirtualFiq: true, MonitorIrq: irq, MonitorFiq: fiq)).Should().Be(0);
    }

    private bool[] Levels => [.. Enumerable.Range(0, 3).Select(i => _gic.Irq(i).Level)];

    private uint Read(int cpu, int encoding)
    {
        _gic.TryRead(encoding, new GicAccess(cpu, 1), out ulong value).Should().BeTrue();
        return (uint)value;
    }

    private void Write(int cpu, int encoding, uint value) => _gic.TryWrite(encoding, new GicAccess(cpu, 1), value).Should().BeTrue();
}
