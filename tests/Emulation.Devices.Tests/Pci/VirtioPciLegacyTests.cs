using Emulation.Core;

namespace Emulation.Devices.Tests.Pci;

/// <summary>The legacy interface of transitional functions: virtio 1.2, 4.1.4.10.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtioPciLegacyTests
{
    private const ulong Ports = 0x4000_0000, Memory = 0x5000_0000, Table = Memory + 0x8000;
    private const uint QueuePage = (uint)((DeviceBench.RamBase + 0x1000) >> 12);
    private const ulong Descriptors = 0x1000, Available = Descriptors + (64 * 16), Used = 0x2000;
    private readonly DeviceBench _bench = new();
    private readonly PciBench _pci;
    private readonly AddressSpace _space;

    public VirtioPciLegacyTests() : this(new VirtioRng(new SeededEntropy(42))) { }

    private VirtioPciLegacyTests(VirtioDevice device)
    {
        _pci = new PciBench(_bench, device, VirtioPciInterface.Transitional);
        _space = new AddressSpace("bus", _bench.Log, _bench.DeviceLock);
        _space.Root.Add(Ports, _pci.Ports);
        _space.Root.Add(Memory, _pci.Memory);
        _pci.Set(0x10, 0x100);
        _pci.Set(0x14, (uint)PciBench.MemoryBase + 0x8000);
        _pci.Set(0x20, (uint)PciBench.MemoryBase);
        _pci.Set(0x04, 7, 2);
    }

    [Test]
    public void Numbers_are_those_of_old_drivers()
    {
        _pci.Get(0).Should().Be(0x1005_1af4);
        _pci.Get(8, 1).Should().Be(0, "revision");
        _pci.Get(0x2c).Should().Be(0x0004_1af4);
        _pci.Set(0x10, uint.MaxValue);
        _pci.Get(0x10).Should().Be(0xffff_ffe1, "32 bytes of I/O ports");
    }

    [Test]
    public void A_modern_function_has_other_numbers_and_no_ports()
    {
        var modern = new PciBench(_bench, new VirtioRng(new SeededEntropy(1)));
        modern.Get(0).Should().Be(0x1044_1af4);
        modern.Get(8, 1).Should().Be(1);
        modern.Set(0x10, uint.MaxValue);
        modern.Get(0x10).Should().Be(0);
    }

    [Test]
    public void A_legacy_function_has_no_structures_of_virtio_1()
    {
        var legacy = new PciBench(_bench, new VirtioRng(new SeededEntropy(1)), VirtioPciInterface.Legacy);
        legacy.Get(0).Should().Be(0x1005_1af4);
        legacy.Set(0x20, uint.MaxValue);
        legacy.Get(0x20).Should().Be(0);
        legacy.Get(legacy.Get(0x34, 1), 2).Should().Be(0x0011, "MSI-X alone");
    }

    [Test]
    public void A_request_ends_with_the_pin_and_a_status_that_reading_clears()
    {
        Start();
        Ask();
        _bench.Ram.Read(Used + 4, 4).Should().Be(0, "the used ring names the chain");
        _bench.Ram.Read(Used + 2, 2).Should().Be(1);
        _bench.Ram.Read(0x4000, 8).Should().NotBe(0);
        _pci.Host.Line(1).Level.Should().BeTrue();
        Get(0x13, 1).Should().Be(1);
        _pci.Host.Line(1).Level.Should().BeFalse();
        Get(0x13, 1).Should().Be(0);
    }

    [Test]
    public void Registers_read_back()
    {
        Start();
        Get(0x00, 4).Should().Be(0x3800_0000, "any layout, indirect descriptors, event index; nothing of virtio 1");
        Get(0x04, 4).Should().Be(0x1000_0000);
        Get(0x08, 4).Should().Be(QueuePage);
        Get(0x0c, 2).Should().Be(64);
        Get(0x12, 1).Should().Be(7);
        Set(0x0e, 2, 1);
        Get(0x08, 4).Should().Be(0);
        Get(0x0c, 2).Should().Be(0, "there is one queue");
    }

    [Test]
    public void Features_that_are_not_offered_are_not_taken()
    {
        Set(0x12, 1, 3);
        Set(0x04, 4, uint.MaxValue);
        Get(0x04, 4).Should().Be(0x3800_0000);
        Get(0x12, 1).Should().Be(3);
    }

    [Test]
    public void Requests_are_taken_before_the_driver_is_ready()
    {
        Set(0x12, 1, 3);
        Set(0x08, 4, QueuePage);
        Ask();
        _bench.Ram.Read(Used + 2, 2).Should().Be(1);
        Get(0x12, 1).Should().Be(3);
    }

    [Test]
    public void With_messages_there_are_vectors_and_the_configuration_is_behind_them()
    {
        Set(Table + 16, 4, 0x0802_0040, Memory);
        Set(Table + 24, 4, 99, Memory);
        Set(Table + 28, 4, 0, Memory);
        _pci.Set(0x42, 0x8000, 2);
        Start();
        Set(0x14, 2, 0);
        Set(0x16, 2, 1);
        Get(0x14, 2).Should().Be(0);
        Get(0x16, 2).Should().Be(1);
        Set(0x14, 2, 2);
        Get(0x14, 2).Should().Be(0xffff, "there are two vectors");
        Ask();
        _pci.Sent.Should().Equal((0x0802_0040UL, 99u, 8));
        Get(0x13, 1).Should().Be(0);
    }

    [Test]
    public void Configuration_moves_with_the_vectors()
    {
        var bench = new VirtioPciLegacyTests(new VirtioConsole());
        bench.Get(0x14, 2).Should().Be(80);
        bench.Get(0x16, 1).Should().Be(25);
        bench._pci.Set(0x42, 0x8000, 2);
        bench.Get(0x14, 2).Should().Be(0xffff);
        bench.Get(0x18, 2).Should().Be(80);
    }

    [Test]
    public void Page_0_ends_the_use_of_a_queue()
    {
        Start();
        Set(0x08, 4, 0);
        Get(0x08, 4).Should().Be(0);
        Ask();
        _bench.Ram.Read(Used + 2, 2).Should().Be(0);
    }

    [Test]
    public void A_queue_outside_memory_breaks_the_device_until_it_is_reset()
    {
        Set(0x12, 1, 3);
        Set(0x08, 4, 0x10);
        Get(0x12, 1).Should().Be(0x43);
        Set(0x12, 1, 0);
        Start();
        Ask();
        _bench.Ram.Read(Used + 2, 2).Should().Be(1);
    }

    [Test]
    public void A_saved_device_goes_on()
    {
        Set(0x12, 1, 3);
        Set(0x08, 4, QueuePage);
        byte[] state = DeviceBench.Save(_pci);
        var other = new VirtioPciLegacyTests();
        DeviceBench.Load(other._pci, state);
        other.Ask();
        other._bench.Ram.Read(Used + 2, 2).Should().Be(1, "requests are taken before the driver is ready, as before");
    }

    [Test]
    public void A_modern_driver_is_as_strict_as_ever_after_a_reset()
    {
        Start();
        Set(0x12, 1, 0);
        Set(Memory + 0x14, 1, 3, Memory);
        Set(Memory + 0x14, 1, 0xb, Memory);
        _space.Read(Memory + 0x14, 1, out ulong status);
        status.Should().Be(3, "no driver of virtio 1 goes without VERSION_1");
    }

    private void Start()
    {
        Set(0x12, 1, 1);
        Set(0x12, 1, 3);
        Set(0x04, 4, 0x1000_0000);
        Set(0x0e, 2, 0);
        Set(0x08, 4, QueuePage);
        Set(0x12, 1, 7);
    }

    private void Ask()
    {
        _bench.Ram.Write(Descriptors, 8, DeviceBench.RamBase + 0x4000);
        _bench.Ram.Write(Descriptors + 8, 4, 64);
        _bench.Ram.Write(Descriptors + 12, 2, 2);
        _bench.Ram.Write(Available + 2, 2, 1);
        Set(0x10, 2, 0);
    }

    private ulong Get(ulong register, int size)
    {
        _space.Read(Ports + 0x100 + register, size, out ulong value).Should().Be(BusResult.Ok);
        return value;
    }

    private void Set(ulong register, int size, ulong value) => Set(Ports + 0x100 + register, size, value, Ports);

    private void Set(ulong address, int size, ulong value, ulong within)
    {
        address.Should().BeGreaterThanOrEqualTo(within);
        _space.Write(address, size, value).Should().Be(BusResult.Ok);
    }
}
