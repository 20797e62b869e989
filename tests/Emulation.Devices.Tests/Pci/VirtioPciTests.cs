using Emulation.Core;

namespace Emulation.Devices.Tests.Pci;

/// <summary>Virtio over PCI: virtio 1.2, 4.1.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtioPciTests
{
    private const ulong Ram = DeviceBench.RamBase;
    private const ulong Base = 0x4000_0000, Common = Base, Isr = Base + 0x1000, Notify = Base + 0x3000, Table = Base + 0x8000;
    private readonly DeviceBench _bench = new();
    private readonly PciBench _pci;
    private readonly AddressSpace _space;

    public VirtioPciTests()
    {
        _pci = new PciBench(_bench, new VirtioRng(new SeededEntropy(42)));
        _space = new AddressSpace("bus", _bench.Log, _bench.DeviceLock);
        _space.Root.Add(Base, _pci.Memory);
        _pci.Set(0x20, (uint)PciBench.MemoryBase);
        _pci.Set(0x14, (uint)PciBench.MemoryBase + 0x8000);
        _pci.Set(0x04, 6, 2);
    }

    [Test]
    public void Capabilities_name_the_structures()
    {
        var found = new List<(byte Id, byte Type, uint Offset)>();
        for (uint at = _pci.Get(0x34, 1); at != 0; at = _pci.Get(at + 1, 1))
            found.Add(((byte)_pci.Get(at, 1), (byte)_pci.Get(at + 3, 1), _pci.Get(at + 8)));
        found.Where(static c => c.Id == 9).Select(static c => (c.Type, c.Offset)).Should()
            .Equal((1, 0u), (3, 0x1000u), (4, 0x2000u), (2, 0x3000u), (5, 0u));
        found.Should().Contain(static c => c.Id == 0x11);
    }

    [Test]
    public void A_request_ends_with_the_message_of_its_queue()
    {
        Set(Table, 4, 0x0802_0040);
        Set(Table + 8, 4, 99);
        Set(Table + 12, 4, 0);
        _pci.Set(0x42, 0x8000, 2);
        Start(vector: 0);
        Ask();
        _pci.Sent.Should().Equal((0x0802_0040UL, 99u, 8));
        _bench.Ram.Read(0x2004, 4).Should().Be(0, "the used ring names the chain");
        _bench.Ram.Read(0x2002, 2).Should().Be(1);
        _bench.Ram.Read(0x4000, 8).Should().NotBe(0);
        _pci.Host.Line(1).Level.Should().BeFalse();
        Get(Isr, 1).Should().Be(0);
    }

    [Test]
    public void A_masked_message_waits()
    {
        Set(Table, 4, 0x0802_0040);
        _pci.Set(0x42, 0x8000, 2);
        Start(vector: 0);
        Ask();
        _pci.Sent.Should().BeEmpty();
        Get(Table + 0x800, 4).Should().Be(1);
        Set(Table + 12, 4, 0);
        _pci.Sent.Should().HaveCount(1);
        Get(Table + 0x800, 4).Should().Be(0);
    }

    [Test]
    public void Without_messages_the_pin_is_asserted_until_the_status_is_read()
    {
        Start(vector: 0xffff);
        Ask();
        _pci.Host.Line(1).Level.Should().BeTrue();
        Get(Isr, 1).Should().Be(1);
        _pci.Host.Line(1).Level.Should().BeFalse();
        Get(Isr, 1).Should().Be(0);
    }

    [Test]
    public void A_function_that_is_no_bus_master_sends_no_message()
    {
        Set(Table + 12, 4, 0);
        _pci.Set(0x42, 0x8000, 2);
        _pci.Set(0x04, 2, 2);
        Start(vector: 0);
        Ask();
        _pci.Sent.Should().BeEmpty();
    }

    [Test]
    public void The_structures_can_be_reached_through_configuration_space()
    {
        uint at = _pci.Get(0x34, 1);
        while (_pci.Get(at, 1) != 9 || _pci.Get(at + 3, 1) != 5)
            at = _pci.Get(at + 1, 1);
        _pci.Set(at + 4, 4, 1);
        _pci.Set(at + 8, 0x12);
        _pci.Set(at + 12, 2);
        _pci.Get(at + 16).Should().Be(1, "the device has one queue");
        _pci.Set(at + 8, 0x14);
        _pci.Set(at + 12, 1);
        _pci.Set(at + 16, 3);
        Get(Common + 0x14, 1).Should().Be(3);
        _pci.Set(at + 8, 0xffff_ffff);
        _pci.Get(at + 16).Should().Be(0);
    }

    private void Start(ushort vector)
    {
        Set(Common + 0x14, 1, 0);
        Set(Common + 0x14, 1, 3);
        Set(Common + 0x08, 4, 1);
        Set(Common + 0x0c, 4, 1);                       // VERSION_1
        Set(Common + 0x14, 1, 0xb);
        Set(Common + 0x16, 2, 0);
        Set(Common + 0x18, 2, 8);
        Set(Common + 0x1a, 2, vector);
        Get(Common + 0x1a, 2).Should().Be(vector);
        Set(Common + 0x20, 8, Ram + 0x1000);
        Set(Common + 0x28, 4, (uint)(Ram + 0x1800));
        Set(Common + 0x2c, 4, 0);
        Set(Common + 0x30, 8, Ram + 0x2000);
        Set(Common + 0x1c, 2, 1);
        Set(Common + 0x14, 1, 0xf);
        Get(Common + 0x14, 1).Should().Be(0xf);
    }

    private void Ask()
    {
        _bench.Ram.Write(0x1000, 8, Ram + 0x4000);
        _bench.Ram.Write(0x1008, 4, 64);
        _bench.Ram.Write(0x100c, 2, 2);
        _bench.Ram.Write(0x1802, 2, 1);
        Set(Notify, 2, 0);
    }

    private ulong Get(ulong address, int size)
    {
        _space.Read(address, size, out ulong value).Should().Be(BusResult.Ok);
        return value;
    }

    private void Set(ulong address, int size, ulong value) => _space.Write(address, size, value).Should().Be(BusResult.Ok);
}
