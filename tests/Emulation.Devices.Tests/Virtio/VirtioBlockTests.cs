using System.Text;
using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Devices.Tests.Virtio;

[TestFixtureSource(nameof(Rings))]
public sealed class VirtioBlockTests(bool packed, bool indirect, bool eventIndex)
{
    private const int DiskSize = 4 << 20;

    private static readonly object[] s_all = (from p in new[] { false, true } from i in new[] { false, true } from e in new[] { false, true } select (object)new object[] { p, i, e }).ToArray();

    public static object[] Rings => s_all;

    private ulong Features => QueueDriver.Version1 | (packed ? QueueDriver.Packed : 0) | (indirect ? QueueDriver.Indirect : 0)
        | (eventIndex ? QueueDriver.EventIndex : 0) | (1 << 9) | (1 << 13) | (1 << 14);

    [Test]
    public void Reads_what_it_wrote()
    {
        using var disk = new MemoryDisk(DiskSize);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, Features);
        byte[] data = Bytes(new Random(1), 4096);

        BlockDriver.Request write = driver.Do(BlockDriver.Out, 8, data, pieces: 3, indirect);
        BlockDriver.Request read = driver.Do(BlockDriver.In, 8, new byte[4096], pieces: 5, indirect);

        (write.Status, write.Written).Should().Be(((byte)0, 1u));
        (read.Status, read.Written).Should().Be(((byte)0, 4097u));
        read.Data.Should().Equal(data);
        rig.Lines.Should().BeEmpty();
    }

    [Test]
    public void Tells_its_serial_number()
    {
        using var disk = new MemoryDisk(DiskSize);
        using var rig = new VirtioRig(new VirtioBlock(disk) { Serial = "disk-0" });
        var driver = new BlockDriver(rig, Features);

        BlockDriver.Request request = driver.Do(BlockDriver.GetId, 0, new byte[20], 1, indirect);

        (request.Status, request.Written).Should().Be(((byte)0, 21u));
        Encoding.ASCII.GetString(request.Data).TrimEnd('\0').Should().Be("disk-0");
    }

    [Test]
    public void Refuses_what_lies_past_the_end()
    {
        using var disk = new MemoryDisk(DiskSize);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, Features);

        driver.Do(BlockDriver.In, (DiskSize / 512) - 1, new byte[1024], 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.Out, ulong.MaxValue, new byte[512], 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.In, 0, new byte[100], 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.WriteZeroes, 0, BlockDriver.Ranges((DiskSize / 512, 1, 0)), 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.Discard, 0, BlockDriver.Ranges((0, 1, 1)), 1, indirect).Status.Should().Be(2);
        driver.Do(99, 0, new byte[16], 1, indirect).Status.Should().Be(2);
        driver.Do(BlockDriver.In, (DiskSize / 512) - 1, new byte[512], 1, indirect).Status.Should().Be(0);
        rig.IsBroken.Should().BeFalse();
    }

    [Test]
    public void Refuses_writes_to_a_read_only_disk()
    {
        using var disk = new MemoryDisk(DiskSize);
        using IBlockDevice readOnly = disk.AsReadOnly();
        using var rig = new VirtioRig(new VirtioBlock(readOnly));
        (rig.OfferedFeatures() & (1 << 5)).Should().NotBe(0);
        var driver = new BlockDriver(rig, QueueDriver.Version1 | (1 << 5) | (Features & (QueueDriver.Packed | QueueDriver.Indirect | QueueDriver.EventIndex)));

        driver.Do(BlockDriver.Out, 0, new byte[512], 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.WriteZeroes, 0, BlockDriver.Ranges((0, 1, 0)), 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.Flush, 0, [], 1, indirect).Status.Should().Be(0);
        driver.Do(BlockDriver.In, 0, new byte[512], 1, indirect).Status.Should().Be(0);
    }

    [Test]
    public void Turns_failures_of_the_disk_into_errors_of_the_guest()
    {
        using var disk = new FaultyDisk(DiskSize);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, Features);

        disk.Failing = true;
        driver.Do(BlockDriver.In, 0, new byte[512], 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.Out, 0, new byte[512], 1, indirect).Status.Should().Be(1);
        driver.Do(BlockDriver.Flush, 0, [], 1, indirect).Status.Should().Be(1);
        disk.Failing = false;
        driver.Do(BlockDriver.In, 0, new byte[512], 1, indirect).Status.Should().Be(0);

        rig.Lines.Should().Equal("the disk failed: medium error");
    }

    [Test]
    public void Waits_for_a_disk_that_answers_later()
    {
        using var disk = new FaultyDisk(DiskSize) { Delayed = true };
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, Features);
        byte[] data = Bytes(new Random(2), 1024);

        driver.Do(BlockDriver.Out, 3, data, 2, indirect).Status.Should().Be(0);
        driver.Do(BlockDriver.In, 3, new byte[1024], 2, indirect).Data.Should().Equal(data);
    }

    [Test]
    public void Without_the_flush_feature_every_write_is_durable()
    {
        using var disk = new FaultyDisk(DiskSize);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, Features & ~(1UL << 9));
        driver.Do(BlockDriver.Out, 0, new byte[512], 1, indirect);
        disk.Flushes.Should().Be(1);

        driver = new BlockDriver(rig, Features | (1 << 11));
        driver.Do(BlockDriver.Out, 0, new byte[512], 1, indirect);
        disk.Flushes.Should().Be(1);
        rig.Set(VirtioRig.Config + 32, 0, size: 1);
        rig.Get(VirtioRig.Config + 32, size: 1).Should().Be(0);
        driver.Do(BlockDriver.Out, 0, new byte[512], 1, indirect);
        disk.Flushes.Should().Be(2);
    }

    [Test]
    public void Random_requests_agree_with_a_shadow_disk([Values(7, 32, 64)] int queueSize)
    {
        if (!packed && queueSize == 7)
            queueSize = 8;
        var random = new Random(queueSize);
        using var disk = new MemoryDisk(DiskSize);
        using var rig = new VirtioRig(new VirtioBlock(disk));
        var driver = new BlockDriver(rig, Features, queueSize);
        byte[] shadow = new byte[DiskSize];
        var expected = new Dictionary<BlockDriver.Request, byte[]?>();
        for (int round = 0; round < 1000; round++)
        {
            int maxPieces = Math.Min(6, queueSize - 3);
            int added = 0;
            bool interrupts = random.Next(4) > 0;
            driver.Queue.WantInterrupt(interrupts);
            for (int n = random.Next(1, 9); n > 0 && driver.Queue.Free >= (indirect ? 1 : maxPieces + 2); n--, added++)
                AddRandom(driver, random, shadow, expected, maxPieces);
            driver.Queue.Kick();
            rig.Mmio.Irq.Level.Should().Be(interrupts && added > 0);
            rig.Set(VirtioRig.InterruptAck, rig.Get(VirtioRig.InterruptStatus));
            while (driver.TryFinish(out BlockDriver.Request done))
            {
                expected.Remove(done, out byte[]? data).Should().BeTrue();
                done.Status.Should().Be(0);
                if (data is null)
                    continue;
                done.Written.Should().Be((uint)data.Length + 1);
                done.Data.AsSpan().SequenceEqual(data).Should().BeTrue();
            }

            expected.Should().BeEmpty("all requests are finished when the notification returns");
        }

        rig.Lines.Should().BeEmpty();
        byte[] content = new byte[DiskSize];
        disk.ReadAsync(0, content).AsTask().Wait();
        content.AsSpan().SequenceEqual(shadow).Should().BeTrue();
    }

    private void AddRandom(BlockDriver driver, Random random, byte[] shadow, Dictionary<BlockDriver.Request, byte[]?> expected, int maxPieces)
    {
        int sectors = random.Next(1, 15);
        ulong sector = (ulong)random.Next((DiskSize / 512) - sectors);
        int start = (int)sector * 512, length = sectors * 512;
        int pieces = random.Next(1, maxPieces + 1);
        switch (random.Next(6))
        {
            case 0 or 1:
                expected.Add(driver.Submit(BlockDriver.In, sector, new byte[length], pieces, indirect), shadow[start..(start + length)]);
                break;
            case 2 or 3:
                byte[] data = Bytes(random, length);
                data.CopyTo(shadow, start);
                expected.Add(driver.Submit(BlockDriver.Out, sector, data, pieces, indirect), null);
                break;
            case 4:
                uint count = (uint)random.Next(1, 300);
                sector = (ulong)random.Next((DiskSize / 512) - (int)count);
                shadow.AsSpan((int)sector * 512, (int)count * 512).Clear();
                expected.Add(driver.Submit(BlockDriver.WriteZeroes, 0, BlockDriver.Ranges((sector, count, (uint)random.Next(2))), 1, indirect), null);
                break;
            default:
                expected.Add(driver.Submit(BlockDriver.Flush, 0, [], 1, indirect), null);
                break;
        }
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
