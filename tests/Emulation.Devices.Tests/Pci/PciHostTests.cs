using Emulation.Core;

namespace Emulation.Devices.Tests.Pci;

/// <summary>The generic PCI Express host: configuration space, base addresses, pins.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PciHostTests
{
    private readonly DeviceBench _bench = new();
    private readonly PciBench _pci;
    private readonly AddressSpace _space;

    public PciHostTests()
    {
        _pci = new PciBench(_bench, new VirtioRng(new SeededEntropy(1)));
        _space = new AddressSpace("bus", _bench.Log, _bench.DeviceLock);
        _space.Root.Add(0x4000_0000, _pci.Memory);
    }

    [Test]
    public void Empty_places_read_as_ones()
    {
        _pci.Host.Read(0, 4).Should().Be(0x0008_1b36);
        _pci.Host.Read(0x8000, 4).Should().Be(0x1044_1af4);
        _pci.Host.Read(0x9000, 2).Should().Be(0xffff);
        _pci.Host.Read(0x1_0000, 4).Should().Be(0xffff_ffff);
        _pci.Host.Read(0x10_8000, 1).Should().Be(0xff, "bus 1 is empty");
        _pci.Host.Write(0x1_0000, 4, 1);
    }

    [Test]
    public void Base_addresses_tell_their_size_and_appear_where_the_guest_puts_them()
    {
        _pci.Set(0x20, uint.MaxValue);
        _pci.Set(0x24, uint.MaxValue);
        _pci.Get(0x20).Should().Be(0xffff_c00c);
        _pci.Get(0x24).Should().Be(0xffff_ffff);
        _pci.Set(0x14, uint.MaxValue);
        _pci.Get(0x14).Should().Be(0xffff_f000);
        _pci.Set(0x20, (uint)PciBench.MemoryBase + 0x8000);
        _pci.Set(0x24, 0);
        _space.Read(0x4000_8012, 2, out _).Should().Be(BusResult.Unmapped);
        _pci.Set(0x04, 2, 2);
        _space.Read(0x4000_8012, 2, out ulong queues).Should().Be(BusResult.Ok);
        queues.Should().Be(1);
        _pci.Set(0x20, (uint)PciBench.MemoryBase + 0xff_c000);
        _space.Read(0x40ff_c012, 2, out queues).Should().Be(BusResult.Ok);
        _space.Read(0x4000_8012, 2, out _).Should().Be(BusResult.Unmapped);
        _pci.Set(0x20, (uint)PciBench.MemoryBase + 0x100_0000);
        _space.View.Ranges.Length.Should().Be(0, "it is outside the window");
    }

    [Test]
    public void Identity_cannot_be_written_and_scratch_can()
    {
        byte[] before = [.. Enumerable.Range(0, 0x40).Select(i => (byte)_pci.Get((ulong)i, 1))];
        for (ulong i = 0; i < 0x40; i += 4)
            _pci.Set(i, uint.MaxValue);
        foreach (int i in (int[])[0, 1, 2, 3, 8, 9, 10, 11, 14, 0x2c, 0x2e, 0x34, 0x3d])
            _pci.Get((ulong)i, 1).Should().Be(before[i], $"of byte {i:x}");
        _pci.Get(0x3c, 1).Should().Be(0xff);
    }

    [Test]
    public void Pins_rotate_over_the_lines()
    {
        var other = new VirtioPci("other", _bench.Memory, _bench.Clock, _bench.Log, new VirtioRng(new SeededEntropy(1)));
        _pci.Host.Add(other);
        other.Slot.Should().Be(16);
        BreakDevice(0x8000);
        Lines().Should().Equal(false, true, false, false);
        BreakDevice(0x1_0000);
        Lines().Should().Equal(false, true, true, false);
        _pci.Set(0x04, 0x402, 2);
        Lines().Should().Equal([false, false, true, false], "the command register keeps it back");
        (_pci.Get(0x06, 2) & 8).Should().Be(8, "the status register tells of it all the same");

        // a driver that breaks the rules is told by an interrupt
        void BreakDevice(ulong config)
        {
            _pci.Host.Write(config + 0x20, 4, PciBench.MemoryBase);
            _pci.Host.Write(config + 0x04, 2, 2);
            _space.Write(0x4000_0014, 1, 1);
            _space.Write(0x4000_0014, 1, 3);
            _space.Write(0x4000_0008, 4, 1);
            _space.Write(0x4000_000c, 4, 1);
            _space.Write(0x4000_0014, 1, 0xb);
            _space.Write(0x4000_0014, 1, 0xf);
            _space.Write(0x4000_3000, 2, 9);
            _pci.Host.Write(config + 0x04, 2, 0);
        }
    }

    private bool[] Lines() => [.. Enumerable.Range(0, 4).Select(i => _pci.Host.Line(i).Level)];
}
