using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>GIC virtualization of version 2. IHI 0048B, chapter 5.</summary>
public sealed class GicV2VirtualTests
{
    private const uint Pending = 1 << 28, Active = 2u << 28, Group1 = 1 << 30, Hardware = 1u << 31, EndInterrupt = 1 << 19;
    private const int Hcr = 0, Vtr = 4, Vmcr = 8, Misr = 0x10, Eisr = 0x20, Elrsr = 0x30, Apr = 0xf0, Lr0 = 0x100;
    private const int Ctlr = 0, Pmr = 4, Iar = 0xc, Eoir = 0x10, Rpr = 0x14, Hppir = 0x18, Aiar = 0x20, Dir = 0x1000;

    private readonly GicV2 _gic = new("gic", new GuestLog(), new GicV2Options { Cpus = 2, Spis = 32, Virtualization = true });
    private readonly IMmio _control, _guest;

    public GicV2VirtualTests() => (_control, _guest) = (_gic.CreateVirtualControlRegion(1).Handler, _gic.CreateVirtualCpuInterfaceRegion(1).Handler);

    [SetUp]
    public void Reset() => _gic.Reset();

    [Test]
    public void The_virtual_interface_says_what_it_has()
    {
        Control(Vtr).Should().Be(0x9000_0003);
        Control(Elrsr).Should().Be(0xf);
        Control(Lr0 + 0x10).Should().Be(0);
        Guest(0xfc).Should().Be(0x0202_043b);
    }

    [Test]
    public void A_list_register_keeps_what_is_written([Values(0u, 0xff8f_ffffu, 0x5a80_0c05u)] uint value)
    {
        Control(Lr0 + 12, value);
        Control(Lr0 + 12).Should().Be(value);
    }

    [Test]
    public void A_guest_takes_and_ends_an_interrupt()
    {
        Start();
        Control(Lr0, Pending | (0x0a << 23) | (3 << 10) | 2);            // SGI 2 of CPU 3
        (_gic.VirtualIrq(1).Level, _gic.VirtualIrq(0).Level, _gic.VirtualFiq(1).Level).Should().Be((true, false, false));
        Guest(Hppir).Should().Be((3 << 10) | 2);
        Guest(Iar).Should().Be((3 << 10) | 2);
        _gic.VirtualIrq(1).Level.Should().BeFalse();
        Guest(Rpr).Should().Be(0x50);
        Control(Lr0).Should().Be(Active | (0x0a << 23) | (3 << 10) | 2);
        Control(Apr).Should().Be(1 << 0xa);
        Guest(Iar).Should().Be(1023);
        Guest(Eoir, 2);
        Control(Lr0).Should().Be(Active | (0x0a << 23) | (3 << 10) | 2, "it is of another CPU");
        (Control(Hcr) >> 27).Should().Be(1);
        Control(Apr, 1 << 0xa);
        Guest(Eoir, (3 << 10) | 2);
        (Control(Lr0) >> 28).Should().Be(0);
        Guest(Rpr).Should().Be(0xff);
        Control(Elrsr).Should().Be(0xf);
        Guest(Eoir, 100);
        (Control(Hcr) >> 27).Should().Be(1, "no priority drops");
    }

    [Test]
    public void The_end_of_a_hardware_interrupt_ends_the_physical_one()
    {
        IMmio distributor = _gic.CreateDistributorRegion(1).Handler;
        distributor.Write(0x304, 4, 1 << 3);
        Start();
        Control(Lr0 + 4, Hardware | Pending | (35 << 10) | 40);
        Guest(Iar).Should().Be(40);
        Guest(Eoir, 40);
        distributor.Read(0x304, 4).Should().Be(0);
    }

    [TestCase(0u, 8u)]
    [TestCase(8u, 0u)]
    public void With_Security_Extensions_only_if_it_is_of_group_1(uint group, uint active)
    {
        var gic = new GicV2("gic", new GuestLog(), new GicV2Options { Security = true, Virtualization = true });
        IMmio distributor = gic.CreateDistributorRegion(0, static () => true).Handler, control = gic.CreateVirtualControlRegion(0).Handler, guest = gic.CreateVirtualCpuInterfaceRegion(0).Handler;
        distributor.Write(0x084, 4, group);
        distributor.Write(0x304, 4, 8);
        control.Write(Hcr, 4, 1);
        guest.Write(Ctlr, 4, 1);
        guest.Write(Pmr, 4, 0xf8);
        control.Write(Lr0, 4, Hardware | Pending | (35 << 10) | 40);
        guest.Read(Iar, 4).Should().Be(40);
        guest.Write(Eoir, 4, 40);
        distributor.Read(0x304, 4).Should().Be(active);
    }

    [Test]
    public void Groups_are_told_apart([Values] bool fiq, [Values] bool ack)
    {
        Start((fiq ? 8u : 0) | (ack ? 4u : 0) | 3);
        Control(Lr0, Pending | 50);
        (_gic.VirtualIrq(1).Level, _gic.VirtualFiq(1).Level).Should().Be((!fiq, fiq));
        Guest(Aiar).Should().Be(1023);
        Control(Lr0, Group1 | Pending | 51);
        (_gic.VirtualIrq(1).Level, _gic.VirtualFiq(1).Level).Should().Be((true, false));
        Guest(Iar).Should().Be(ack ? 51u : 1022);
        Guest(Aiar).Should().Be(ack ? 1023u : 51);
    }

    [Test]
    public void With_a_split_end_DIR_deactivates()
    {
        Start(0x201);
        Control(Lr0, Pending | 33);
        Guest(Iar).Should().Be(33);
        Guest(Eoir, 33);
        (Control(Lr0) >> 28).Should().Be(2);
        Guest(Rpr).Should().Be(0xff);
        Guest(Dir, 33);
        (Control(Lr0) >> 28).Should().Be(0);
    }

    [Test]
    public void Maintenance_interrupts_the_hypervisor()
    {
        _gic.Maintenance(1).Level.Should().BeFalse();
        Start();
        Control(Lr0, Pending | EndInterrupt | 33);
        Guest(Iar);
        Guest(Eoir, 33);
        Control(Misr).Should().Be(1);
        Control(Eisr).Should().Be(1);
        _gic.Maintenance(1).Level.Should().BeTrue();
        Control(Lr0, 0);
        _gic.Maintenance(1).Level.Should().BeFalse();
        Control(Hcr, 3);
        Control(Misr).Should().Be(2, "underflow");
        Control(Hcr, 0x11);
        Control(Misr).Should().Be(0x10, "group 0 is enabled");
    }

    [Test]
    public void State_is_saved()
    {
        Start();
        Control(Lr0 + 8, Pending | 60);
        var other = new GicV2("gic", new GuestLog(), _gic.Options);
        var writer = new StateWriter();
        _gic.Save(writer);
        other.Load(new StateReader("gic", 1, writer.Written.ToArray()));
        other.VirtualIrq(1).Level.Should().BeTrue();
        other.CreateVirtualCpuInterfaceRegion(1).Handler.Read(Iar, 4).Should().Be(60);
    }

    [Test]
    public void Without_virtualization_there_is_none()
        => new GicV2("gic", new GuestLog(), new GicV2Options()).Invoking(static g => g.CreateVirtualControlRegion(0)).Should().Throw<InvalidOperationException>();

    private void Start(uint control = 1)
    {
        Control(Hcr, 1);
        Guest(Ctlr, control);
        Guest(Pmr, 0xf8);
        Control(Vmcr).Should().Be(0xf84c_0000 | control);
    }

    private uint Control(int offset) => (uint)_control.Read((ulong)offset, 4);

    private void Control(int offset, uint value) => _control.Write((ulong)offset, 4, value);

    private uint Guest(int offset) => (uint)_guest.Read((ulong)offset, 4);

    private void Guest(int offset, uint value) => _guest.Write((ulong)offset, 4, value);
}
