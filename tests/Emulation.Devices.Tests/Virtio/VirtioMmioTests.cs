using Emulation.Core;
using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Devices.Tests.Virtio;

public sealed class VirtioMmioTests
{
    private const ulong Area = VirtioRig.RamBase;

    [Test]
    public void Identifies_itself()
    {
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(1)));
        rig.Get(VirtioRig.MagicValue).Should().Be(0x74726976);
        rig.Get(VirtioRig.Version).Should().Be(2);
        rig.Get(VirtioRig.DeviceId).Should().Be(4);
        rig.Get(VirtioRig.Status).Should().Be(0);
        (rig.OfferedFeatures() & QueueDriver.Version1).Should().NotBe(0);
        rig.Set(VirtioRig.DeviceFeaturesSel, 2);
        rig.Get(VirtioRig.DeviceFeatures).Should().Be(0);
    }

    [Test]
    public void An_empty_slot_has_device_id_0()
    {
        using var rig = new VirtioRig(null);
        rig.Get(VirtioRig.MagicValue).Should().Be(0x74726976);
        rig.Get(VirtioRig.DeviceId).Should().Be(0);
        rig.Get(VirtioRig.Config).Should().Be(0);
        rig.Set(VirtioRig.Status, 1);
        rig.Get(VirtioRig.Status).Should().Be(0);
        rig.Load(rig.Save());
    }

    [Test]
    public void Has_no_shared_memory()
    {
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(1)));
        rig.Set(VirtioRig.ShmSel, 0);
        foreach (int register in new[] { VirtioRig.ShmLen, VirtioRig.ShmLen + 4, VirtioRig.ShmBase, VirtioRig.ShmBase + 4 })
            rig.Get(register).Should().Be(uint.MaxValue);
        rig.Lines.Should().BeEmpty();
    }

    [Test]
    public void Refuses_features_it_did_not_offer_and_drivers_before_version_1()
    {
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(1)) { WithoutFeatures = VirtioFeatures.PackedRing });
        foreach (ulong features in new[] { 0UL, QueueDriver.Version1 | QueueDriver.Packed, QueueDriver.Version1 | (1UL << 33) })
        {
            rig.Set(VirtioRig.Status, 0);
            rig.Set(VirtioRig.Status, 3);
            rig.WriteFeatures(features);
            rig.Set(VirtioRig.Status, 11);
            rig.Get(VirtioRig.Status).Should().Be(3);
        }

        rig.Negotiate(QueueDriver.Version1);
    }

    [Test]
    public void A_queue_can_be_reset_alone()
    {
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(1)));
        rig.Negotiate(QueueDriver.Version1 | QueueDriver.RingReset);
        QueueDriver.Create(rig, 0, 16, Area, QueueDriver.Version1);
        rig.Start();
        rig.Set(VirtioRig.QueueReset, 1);
        rig.Get(VirtioRig.QueueReset).Should().Be(0);
        rig.Get(VirtioRig.QueueReady).Should().Be(0);

        QueueDriver queue = QueueDriver.Create(rig, 0, 8, Area, QueueDriver.Version1);
        queue.Add([new DriverBuffer(Area + 0x8000, 64, true)], indirect: false);
        queue.Kick();
        queue.TryTake(out _, out uint length).Should().BeTrue();
        length.Should().Be(64);
    }

    [Test]
    public void Queues_that_do_not_exist_have_size_0()
    {
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(1)));
        rig.Set(VirtioRig.QueueSel, 1);
        rig.Get(VirtioRig.QueueNumMax).Should().Be(0);
        rig.Get(VirtioRig.QueueReady).Should().Be(0);
        rig.Set(VirtioRig.QueueReady, 1);
        rig.Get(VirtioRig.QueueReady).Should().Be(0);
    }

    [Test]
    public void Interrupts_are_delayed_to_the_entry_the_driver_waits_for([Values] bool packed)
    {
        ulong features = QueueDriver.Version1 | QueueDriver.EventIndex | (packed ? QueueDriver.Packed : 0);
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(1)));
        rig.Negotiate(features);
        QueueDriver queue = QueueDriver.Create(rig, 0, 8, Area, features);
        rig.Start();
        for (int round = 0; round < 50; round++)
        {
            queue.WantInterrupt(true, delay: 2);
            for (int i = 0; i < 3; i++)
            {
                queue.Add([new DriverBuffer(Area + 0x8000, 16, true)], indirect: false);
                queue.Kick();
                rig.Mmio.Irq.Level.Should().Be(i == 2);
            }

            rig.Set(VirtioRig.InterruptAck, 1);
            for (int i = 0; i < 3; i++)
                queue.TryTake(out _, out _).Should().BeTrue();
        }
    }

    [Test]
    public void Work_beyond_the_limit_of_a_notification_goes_on_later()
    {
        using var disk = new MemoryDisk(64 << 20);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        ulong features = QueueDriver.Version1 | QueueDriver.Indirect;
        rig.Negotiate(features);
        QueueDriver queue = QueueDriver.Create(rig, 0, 256, Area, features);
        rig.Start();
        ulong header = Area + QueueDriver.AreaSize, data = header + 0x1000;
        DriverBuffer[] request = new DriverBuffer[30];
        request[0] = new DriverBuffer(header, 16, false);
        Array.Fill(request, new DriverBuffer(data, 512 << 10, true), 1, 28);
        request[29] = new DriverBuffer(header + 16, 1, true);
        for (int i = 0; i < 20; i++)
            queue.Add(request, indirect: true);

        queue.Kick();
        Finished(queue).Should().Be(5, "five requests of 14 MiB pass the limit of 64 MiB");
        byte[] state = rig.Save();
        rig.Plug(new VirtioBlock(disk));
        rig.Load(state);
        for (int i = 0; i < 3; i++)
            rig.Advance(1_000_000);
        Finished(queue).Should().Be(15);
        rig.IsBroken.Should().BeFalse();
    }

    [Test]
    public void Saving_and_loading_between_requests_changes_nothing([Values] bool packed, [Values] bool eventIndex)
    {
        (byte[] State, byte[] Memory, byte[] Disk) plain = RunTraffic(packed, eventIndex, reload: false);
        (byte[] State, byte[] Memory, byte[] Disk) reloaded = RunTraffic(packed, eventIndex, reload: true);
        reloaded.State.AsSpan().SequenceEqual(plain.State).Should().BeTrue();
        reloaded.Memory.AsSpan().SequenceEqual(plain.Memory).Should().BeTrue();
        reloaded.Disk.AsSpan().SequenceEqual(plain.Disk).Should().BeTrue();
    }

    [Test]
    public void A_damaged_snapshot_is_refused()
    {
        using var disk = new MemoryDisk(1 << 20);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, QueueDriver.Version1 | QueueDriver.Packed);
        driver.Do(BlockDriver.Out, 0, new byte[512]);
        byte[] state = rig.Save();
        var random = new Random(5);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = (byte[])state.Clone();
            damaged[random.Next(Math.Min(damaged.Length, 160))] ^= (byte)random.Next(1, 256);
            try
            {
                rig.Load(i % 2 == 0 ? damaged : damaged[..random.Next(damaged.Length)]);
            }
            catch (SnapshotException)
            {
            }

            rig.Set(VirtioRig.QueueNotify, 0);
        }

        rig.Mmio.Reset();
        new BlockDriver(rig, QueueDriver.Version1).Do(BlockDriver.In, 0, new byte[512]).Status.Should().Be(0);
    }

    [Test]
    public void Reset_equals_new([Values("block", "console", "rng")] string kind)
    {
        using var disk = new MemoryDisk(1 << 20);
        VirtioDevice device = kind switch
        {
            "block" => new VirtioBlock(disk),
            "console" => new VirtioConsole(),
            _ => new VirtioRng(new SeededEntropy(3)),
        };
        using var rig = new VirtioRig(device);
        byte[] fresh = rig.Save();

        rig.Negotiate(QueueDriver.Version1);
        QueueDriver queue = QueueDriver.Create(rig, 0, 8, Area, QueueDriver.Version1);
        rig.Start();
        (device as VirtioConsole)?.Send("typed"u8);
        queue.Add([new DriverBuffer(Area + 0x8000, 64, true)], indirect: false);
        queue.Kick();
        rig.Set(VirtioRig.Config + 32, 0, size: 1);
        rig.Save().Should().NotEqual(fresh);

        rig.Mmio.Reset();
        rig.Save().Should().Equal(fresh);
        rig.Mmio.Irq.Level.Should().BeFalse();
    }

    private static int Finished(QueueDriver queue)
    {
        int count = 0;
        while (queue.TryTake(out _, out _))
            count++;
        return count;
    }

    private static (byte[] State, byte[] Memory, byte[] Disk) RunTraffic(bool packed, bool eventIndex, bool reload)
    {
        var random = new Random(11);
        var reloads = new Random(12);
        var disk = new MemoryDisk(1 << 20);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, QueueDriver.Version1 | (packed ? QueueDriver.Packed : 0) | (eventIndex ? QueueDriver.EventIndex : 0));
        for (int step = 0; step < 3000; step++)
        {
            switch (random.Next(5))
            {
                case 0 or 1 when driver.Queue.Free >= 4:
                    byte[] data = new byte[1024];
                    random.NextBytes(data);
                    driver.Submit((uint)random.Next(2), (ulong)random.Next(2000), data, 2);
                    break;
                case 2:
                    driver.Queue.Kick();
                    break;
                case 3:
                    rig.Set(VirtioRig.InterruptAck, rig.Get(VirtioRig.InterruptStatus));
                    driver.Queue.WantInterrupt(random.Next(2) == 0);
                    break;
                default:
                    driver.TryFinish(out _);
                    break;
            }

            if (!reload || reloads.Next(60) > 0)
                continue;
            byte[] state = rig.Save();
            bool level = rig.Mmio.Irq.Level;
            disk = new MemoryDisk(1 << 20);
            rig.Plug(new VirtioBlock(disk));
            rig.Load(state);
            rig.Mmio.Irq.Level.Should().Be(level);
            rig.Save().AsSpan().SequenceEqual(state).Should().BeTrue();
        }

        byte[] content = new byte[1 << 20];
        disk.ReadAsync(0, content).AsTask().Wait();
        return (rig.Save(), rig.Read(VirtioRig.RamBase, 1 << 20), content);
    }
}
