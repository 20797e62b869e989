using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Devices.Tests.Virtio;

/// <summary>Each way to break the rules stops the device with one line in the log, and a reset brings it back.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostileDriverTests : IDisposable
{
    private const ulong Area = VirtioRig.RamBase;
    private const ulong Data = VirtioRig.RamBase + QueueDriver.AreaSize;
    private const ulong Features = QueueDriver.Version1 | QueueDriver.Indirect;
    private const ulong PackedFeatures = Features | QueueDriver.Packed;
    private const ushort Next = 1, Write = 2, Indirect = 4;

    private readonly MemoryDisk _disk = new(1 << 20);
    private readonly VirtioRig _rig;

    public HostileDriverTests() => _rig = new VirtioRig(new VirtioBlock(_disk));

    public void Dispose()
    {
        _rig.Dispose();
        _disk.Dispose();
    }

    [Test]
    public void Chain_that_loops()
    {
        StartSplit();
        Descriptor(0, Data, 16, Next, 1);
        Descriptor(1, Data, 16, Next, 0);
        Offer(0);
        ExpectBroken("queue 0: descriptor chain loops");
    }

    [Test]
    public void Packed_chain_without_an_end()
    {
        StartPacked();
        for (int i = 0; i < 8; i++)
            Descriptor(i, Data, 16, 0, 0x80 | Next);
        Notify();
        ExpectBroken("queue 0: descriptor chain loops");
    }

    [Test]
    public void Next_descriptor_out_of_range()
    {
        StartSplit();
        Descriptor(0, Data, 16, Next, 8);
        Offer(0);
        ExpectBroken("queue 0: descriptor index out of range");
    }

    [Test]
    public void Head_out_of_range()
    {
        StartSplit();
        Offer(0xffff);
        ExpectBroken("queue 0: descriptor index out of range");
    }

    [Test]
    public void Available_index_that_jumps()
    {
        StartSplit();
        _rig.Write16(Area + 0x1002, 9);
        Notify();
        ExpectBroken("queue 0: available index jumped");
    }

    [TestCase(0u, "indirect table of a wrong length")]
    [TestCase(17u, "indirect table of a wrong length")]
    [TestCase(16u * 257, "descriptor chain longer than the queue")]
    [TestCase(0xffff_fff0u, "descriptor chain longer than the queue")]
    public void Indirect_table_of_absurd_length(uint length, string reason)
    {
        StartSplit();
        Descriptor(0, Data, length, Indirect, 0);
        Offer(0);
        ExpectBroken("queue 0: " + reason);
    }

    [Test]
    public void Indirect_table_in_an_indirect_table([Values] bool packed)
    {
        Start(packed);
        Table(0, Data, 16, packed, Indirect, 0);
        OfferTable(packed, 1);
        ExpectBroken("queue 0: indirect descriptor in an indirect table");
    }

    [Test]
    public void Indirect_table_that_loops()
    {
        StartSplit();
        Table(0, Data, 16, false, Next, 1);
        Table(1, Data, 16, false, Next, 1);
        OfferTable(false, 2);
        ExpectBroken("queue 0: descriptor chain loops");
    }

    [Test]
    public void Indirect_descriptor_that_goes_on([Values] bool packed)
    {
        Start(packed);
        if (packed)
            Descriptor(0, Data, 16, 0, 0x80 | Indirect | Next);
        else
            Descriptor(0, Data, 16, Indirect | Next, 1);
        Offer(0);
        ExpectBroken("queue 0: indirect descriptor that goes on");
    }

    [Test]
    public void Indirect_table_that_was_not_negotiated()
    {
        StartSplit(QueueDriver.Version1);
        Descriptor(0, Data, 16, Indirect, 0);
        Offer(0);
        ExpectBroken("queue 0: indirect descriptor that was not negotiated");
    }

    [TestCase(0UL, 16u)]
    [TestCase(VirtioRig.Window, 16u)]
    [TestCase(VirtioRig.RamBase + (1 << 20) - 8, 16u)]
    [TestCase(VirtioRig.RamBase - 8, 16u)]
    [TestCase(ulong.MaxValue - 7, 16u)]
    [TestCase(VirtioRig.RamBase, uint.MaxValue)]
    public void Buffer_outside_memory(ulong address, uint length)
    {
        foreach (bool packed in new[] { false, true })
        {
            Start(packed);
            Descriptor(0, address, length, 0, packed ? 0x80 : 0);
            Offer(0);
            _rig.IsBroken.Should().BeTrue();
        }

        ExpectBroken("queue 0: buffer outside memory");
    }

    [Test]
    public void Write_to_rom()
    {
        StartSplit();
        Descriptor(0, Data, 16, Next, 1);
        Descriptor(1, VirtioRig.RomBase, 512, Write | Next, 2);
        Descriptor(2, Data + 16, 1, Write, 0);
        Offer(0);
        ExpectBroken("queue 0: buffer outside memory");
    }

    [Test]
    public void Readable_buffer_behind_a_writable_one()
    {
        StartSplit();
        Descriptor(0, Data, 16, Next | Write, 1);
        Descriptor(1, Data, 16, 0, 0);
        Offer(0);
        ExpectBroken("queue 0: device-readable buffer behind a device-writable one");
    }

    [Test]
    public void Request_of_absurd_length([Values] bool packed)
    {
        Start(packed);
        for (int i = 0; i < 100; i++)
            Table(i, VirtioRig.RamBase, 1 << 20, packed, packed || i == 99 ? Write : Write | Next, i + 1);
        OfferTable(packed, 100);
        ExpectBroken("queue 0: request of more than 64 MiB");
    }

    [Test]
    public void Request_without_status_or_header()
    {
        StartSplit();
        Descriptor(0, Data, 15, Next, 1);
        Descriptor(1, Data, 1, Write, 0);
        Offer(0);
        _rig.IsBroken.Should().BeTrue();
        StartSplit();
        Descriptor(0, Data, 16, 0, 0);
        Offer(0);
        ExpectBroken("queue 0: request without header or status");
    }

    [Test]
    public void Used_ring_that_became_rom()
    {
        _rig.Negotiate(Features);
        SetQueue(8, Area, Area + 0x1000, VirtioRig.RomBase);
        ExpectBroken("queue 0: queue outside memory", running: false);
    }

    [TestCase(0u, Area, "queue size out of range")]
    [TestCase(512u, Area, "queue size out of range")]
    [TestCase(uint.MaxValue, Area, "queue size out of range")]
    [TestCase(6u, Area, "size of a split queue is not a power of two")]
    [TestCase(8u, Area + 8, "queue is not aligned")]
    [TestCase(8u, 0x10UL, "queue outside memory")]
    [TestCase(8u, VirtioRig.RamBase + (1 << 20) - 64, "queue outside memory")]
    [TestCase(8u, 0xffff_ffff_ffff_fff0UL, "queue outside memory")]
    [TestCase(8u, VirtioRig.Window, "queue outside memory")]
    public void Queue_in_an_impossible_place(uint size, ulong address, string reason)
    {
        _rig.Negotiate(Features);
        SetQueue(size, address, Area + 0x1000, Area + 0x2000);
        ExpectBroken("queue 0: " + reason, running: false);
    }

    [Test]
    public void Notification_before_the_driver_is_ready()
    {
        _rig.Negotiate(Features);
        QueueDriver.Create(_rig, 0, 8, Area, Features);
        Notify();
        ExpectBroken("notification before DRIVER_OK", running: false);
    }

    [TestCase(1u, "notification for a queue that does not exist")]
    [TestCase(0xffff_ffffu, "notification for a queue that does not exist")]
    [TestCase(0u, "notification for queue 0, which is not enabled")]
    public void Notification_for_the_wrong_queue(uint queue, string reason)
    {
        _rig.Negotiate(Features);
        _rig.Start();
        _rig.Set(VirtioRig.QueueNotify, queue);
        ExpectBroken(reason);
    }

    [Test]
    public void A_driver_that_has_not_acknowledged_is_served()
    {
        _rig.Set(VirtioRig.Status, VirtioRig.Driver);
        _rig.WriteFeatures(Features);
        _rig.Set(VirtioRig.Status, VirtioRig.Driver | VirtioRig.FeaturesOk);
        _rig.Get(VirtioRig.Status).Should().Be(VirtioRig.Driver | VirtioRig.FeaturesOk);
    }

    [Test]
    public void Steps_in_the_wrong_order()
    {
        _rig.Set(VirtioRig.Status, 7);
        ExpectBroken("DRIVER_OK before FEATURES_OK", running: false);
        _rig.Set(VirtioRig.Status, 1);
        _rig.Set(VirtioRig.Status, 9);
        ExpectBroken("FEATURES_OK before DRIVER", running: false);
        _rig.Set(VirtioRig.Status, 3);
        _rig.Set(VirtioRig.Status, 1);
        ExpectBroken("status bit cleared without a reset", running: false);
        _rig.Negotiate(Features);
        _rig.WriteFeatures(0);
        ExpectBroken("features written after FEATURES_OK", running: false);
        _rig.Set(VirtioRig.Status, 3);
        SetQueue(8, Area, Area + 0x1000, Area + 0x2000);
        ExpectBroken("queue enabled before FEATURES_OK", running: false);
    }

    [Test]
    public void Queue_moved_while_it_is_enabled()
    {
        StartSplit();
        _rig.Set(VirtioRig.QueueDesc, 0);
        ExpectBroken("queue 0 moved while it is enabled");
    }

    [Test]
    public void Configuration_past_its_end_reads_as_zero()
    {
        _rig.Get(VirtioRig.Config + 60).Should().Be(0);
        _rig.Get(0xffc).Should().Be(0);
        _rig.Get(VirtioRig.Config, 1).Should().Be((1 << 20) / 512 % 256);
        _rig.Set(VirtioRig.Config, 5);
        _rig.IsBroken.Should().BeFalse();
        _rig.Lines.Should().HaveCount(2);
    }

    [Test]
    public void Registers_take_words_only()
    {
        _rig.Get(VirtioRig.MagicValue, 1).Should().Be(0);
        _rig.Set(VirtioRig.Status, 1, size: 1);
        _rig.Get(VirtioRig.Status).Should().Be(0);
        _rig.Lines.Should().HaveCount(2);
    }

    private void Start(bool packed)
    {
        if (packed)
            StartPacked();
        else
            StartSplit();
    }

    private void StartSplit(ulong features = Features)
    {
        _rig.Negotiate(features);
        QueueDriver.Create(_rig, 0, 8, Area, features);
        _rig.Start();
    }

    private void StartPacked()
    {
        _rig.Negotiate(PackedFeatures);
        QueueDriver.Create(_rig, 0, 8, Area, PackedFeatures);
        _rig.Start();
    }

    private void SetQueue(uint size, ulong descriptors, ulong driver, ulong device)
    {
        _rig.Set(VirtioRig.QueueNum, size);
        _rig.Set64(VirtioRig.QueueDesc, descriptors);
        _rig.Set64(VirtioRig.QueueDriver, driver);
        _rig.Set64(VirtioRig.QueueDevice, device);
        _rig.Set(VirtioRig.QueueReady, 1);
        _rig.Get(VirtioRig.QueueReady).Should().Be(0);
    }

    private void Descriptor(int index, ulong address, uint length, int third, int fourth) => Put(Area + ((ulong)index * 16), address, length, third, fourth);

    private void Table(int index, ulong address, uint length, bool packed, int flags, int next)
        => Put(Data + 0x1000 + ((ulong)index * 16), address, length, packed ? 0 : flags, packed ? flags : next);

    private void Put(ulong at, ulong address, uint length, int third, int fourth)
    {
        _rig.Write64(at, address);
        _rig.Write32(at + 8, length);
        _rig.Write16(at + 12, (ushort)third);
        _rig.Write16(at + 14, (ushort)fourth);
    }

    private void OfferTable(bool packed, int entries)
    {
        Descriptor(0, Data + 0x1000, (uint)entries * 16, packed ? 0 : Indirect, packed ? 0x80 | Indirect : 0);
        Offer(0);
    }

    private void Offer(int head)
    {
        _rig.Write16(Area + 0x1004, (ushort)head);
        _rig.Write16(Area + 0x1002, 1);
        Notify();
    }

    private void Notify() => _rig.Set(VirtioRig.QueueNotify, 0);

    private void ExpectBroken(string reason, bool running = true)
    {
        _rig.IsBroken.Should().BeTrue();
        _rig.Lines.Should().Equal($"needs reset: {reason}");
        _rig.Mmio.Irq.Level.Should().Be(running, "only a running driver is told by an interrupt");
        Notify();
        _rig.Lines.Should().HaveCount(1);
        _rig.Lines.Clear();

        new BlockDriver(_rig, Features).Do(BlockDriver.In, 0, new byte[512]).Status.Should().Be(0);
        _rig.Set(VirtioRig.Status, 0);
        _rig.Mmio.Irq.Level.Should().BeFalse();
        _rig.Rom.Read(0, 8).Should().Be(0xa5a5_a5a5_a5a5_a5a5);
    }
}
