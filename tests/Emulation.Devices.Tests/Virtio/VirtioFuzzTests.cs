using System.Diagnostics;
using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Devices.Tests.Virtio;

/// <summary>Random damage to rings, tables, buffers and registers of a device with traffic. Seeded: a failure names its seed.</summary>
public sealed class VirtioFuzzTests
{
    private const int Mutations = 30_000;
    private const ulong Area = VirtioRig.RamBase;
    private const ulong DataArea = Area + (2 * QueueDriver.AreaSize);

    private static readonly int[] s_registers =
    [
        VirtioRig.DeviceFeaturesSel, VirtioRig.DriverFeatures, VirtioRig.DriverFeaturesSel, VirtioRig.QueueSel, VirtioRig.QueueNum, VirtioRig.QueueReady,
        VirtioRig.QueueNotify, VirtioRig.InterruptAck, VirtioRig.Status, VirtioRig.QueueDesc, VirtioRig.QueueDesc + 4, VirtioRig.QueueDriver,
        VirtioRig.QueueDevice, VirtioRig.ShmSel, VirtioRig.QueueReset, VirtioRig.Config + 32,
    ];

    [Test]
    public void Survives_random_damage([Values("block", "console", "rng")] string kind, [Values] bool packed, [Values] bool eventIndex)
    {
        int seed = kind.Length + (packed ? 100 : 0) + (eventIndex ? 200 : 0);
        var random = new Random(seed);
        using var disk = new FaultyDisk(1 << 20);
        VirtioDevice device = kind switch
        {
            "block" => new VirtioBlock(disk),
            "console" => new VirtioConsole(),
            _ => new VirtioRng(new SeededEntropy(1)),
        };
        using var rig = new VirtioRig(device);
        ulong features = QueueDriver.Version1 | QueueDriver.Indirect | QueueDriver.RingReset
            | (packed ? QueueDriver.Packed : 0) | (eventIndex ? QueueDriver.EventIndex : 0);
        int queues = device is VirtioConsole ? 2 : 1;
        var slowest = TimeSpan.Zero;
        int broken = 0, running = 0;
        QueueDriver[] drivers = Start(rig, queues, features);
        for (int i = 0; i < Mutations; i++)
        {
            if (i % 16 == 0)
                AddTraffic(rig, random, drivers[random.Next(queues)]);
            if (random.Next(4) == 0)
                MutateRegister(rig, random);
            else
                MutateMemory(rig, random);
            disk.Failing = random.Next(8) == 0;
            long start = Stopwatch.GetTimestamp();
            rig.Set(VirtioRig.QueueNotify, (uint)random.Next(queues));
            if (random.Next(8) == 0)
                rig.Advance(20_000);
            (device as VirtioConsole)?.Send(new byte[random.Next(64)]);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            slowest = took > slowest ? took : slowest;

            if (rig.IsBroken)
                broken++;
            else if (device.IsRunning)
                running++;
            if (rig.IsBroken || i % 64 == 63)
            {
                rig.Load(rig.Save());
                drivers = Start(rig, queues, features);
                CheckUsable(rig, device, drivers, packed);
                drivers = Start(rig, queues, features);
            }
        }

        TestContext.Out.WriteLine($"seed {seed}: broken {broken}, running {running}, {rig.Lines.Count} lines, slowest notification {slowest.TotalMilliseconds:f1} ms");
        broken.Should().BePositive();
        running.Should().BePositive();
        slowest.Should().BeLessThan(TimeSpan.FromSeconds(2), "a notification does bounded work");
        byte[] rom = new byte[0x1000];
        rig.Rom.Read(0, rom);
        rom.Should().OnlyContain(b => b == 0xa5);
        rig.Lines.Distinct().Should().HaveCount(rig.Lines.Count);
        // what the bus itself refuses names each offset
        rig.Lines.Where(line => !line.Contains("at offset", StringComparison.Ordinal)).Should().HaveCountLessThan(100, "the log does not grow with what the guest does");
    }

    private static QueueDriver[] Start(VirtioRig rig, int queues, ulong features)
    {
        rig.Negotiate(features);
        var drivers = new QueueDriver[queues];
        for (int i = 0; i < queues; i++)
            drivers[i] = QueueDriver.Create(rig, i, 16, Area + ((ulong)i * QueueDriver.AreaSize), features);
        rig.Start();
        return drivers;
    }

    // The device still works: one request of each kind goes through.
    private static void CheckUsable(VirtioRig rig, VirtioDevice device, QueueDriver[] drivers, bool packed)
    {
        QueueDriver queue = drivers[^1];
        rig.Write(DataArea, new byte[32]);
        DriverBuffer[] request = device switch
        {
            VirtioBlock => [new(DataArea, 16, false), new(DataArea + 0x200, 512, true), new(DataArea + 16, 1, true)],
            VirtioConsole => [new(DataArea, 16, false)],
            _ => [new(DataArea, 16, true)],
        };
        queue.WantInterrupt(true);
        queue.Add(request, indirect: packed);
        queue.Kick(always: true);
        if (!queue.TryTake(out _, out _) || rig.IsBroken || !rig.Mmio.Irq.Level)
            Assert.Fail($"not usable after a reset: {string.Join("; ", rig.Lines)}");
    }

    private static void AddTraffic(VirtioRig rig, Random random, QueueDriver queue)
    {
        if (queue.Free < 5)
            return;
        ulong at = DataArea + ((ulong)random.Next(64) * 0x1000);
        rig.Write32(at, (uint)new[] { 0, 1, 4, 8, 11, 13 }[random.Next(6)]);
        rig.Write64(at + 8, (ulong)random.Next(2048));
        var buffers = new List<DriverBuffer> { new(at, 16, false) };
        for (int n = random.Next(3); n > 0; n--)
            buffers.Add(new DriverBuffer(at + 0x200, (uint)random.Next(1, 8) * 512, random.Next(2) == 0 || buffers[^1].DeviceWrites));
        buffers.Add(new DriverBuffer(at + 0x100, 1, true));
        queue.Add(buffers.ToArray(), random.Next(2) == 0);
    }

    private static void MutateRegister(VirtioRig rig, Random random)
    {
        int register = random.Next(8) == 0 ? random.Next(0x200) & ~3 : s_registers[random.Next(s_registers.Length)];
        int size = random.Next(16) == 0 ? 1 << random.Next(4) : 4;
        if (random.Next(8) == 0)
            rig.Space.Read(VirtioRig.Window + (ulong)random.Next(0x1000), size, out _);
        // most damage to the status ends a run at once, so it is rarer
        if (register == VirtioRig.Status && random.Next(4) > 0)
            return;
        rig.Set(register, (uint)Interesting(random), size);
    }

    private static void MutateMemory(VirtioRig rig, Random random)
    {
        ulong area = Area + ((ulong)random.Next(2) * QueueDriver.AreaSize);
        ulong at = area + (ulong)(random.Next(8) switch
        {
            0 or 1 or 2 => random.Next(16 * 16),                // descriptors
            3 => 0x1000 + random.Next(48),                      // available ring or driver events
            4 => 0x2000 + random.Next(160),                     // used ring or device events
            5 or 6 => 0x4000 + random.Next(16 * 512),           // indirect tables
            _ => (int)(2 * QueueDriver.AreaSize) + random.Next(0x40000),
        });
        int size = 1 << random.Next(4);
        ulong value = Interesting(random);
        // aligned fields are hit more often than halves of them
        rig.Space.Write(at & ~(ulong)(size - 1), size, value);
    }

    private static ulong Interesting(Random random) => random.Next(8) switch
    {
        0 => (ulong)random.Next(20),
        1 => 1UL << random.Next(64),
        2 => ulong.MaxValue >> random.Next(64),
        3 => VirtioRig.RamBase + (ulong)random.Next(1 << 20),
        4 => VirtioRig.RamBase + (1 << 20) - (ulong)random.Next(64),
        5 => new[] { VirtioRig.Window, VirtioRig.RomBase, Area, DataArea, 0UL }[random.Next(5)],
        6 => (ulong)random.Next(1 << 20),
        _ => (ulong)random.NextInt64(),
    };
}
