using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>What every device promises: reset equals new, snapshots are complete, a guest cannot make it throw.</summary>
[TestFixtureSource(typeof(AllDevices), nameof(AllDevices.Cases))]
public sealed class AllDevicesTests(DeviceCase device)
{
    private const ulong Base = 0x1000_0000;
    private const int Accesses = 4000;

    [Test]
    public void Every_register_bit_is_accounted_for()
    {
        if (DeviceBundle.MainOf(device.Create(new DeviceBench())) is { } mmio)
            mmio.Registers.Incomplete().Should().BeEmpty();
    }

    [Test]
    public void Reset_equals_new([Range(1, 5)] int seed)
    {
        var bench = new DeviceBench();
        IDevice used = device.Create(bench);
        Exercise(bench, used, new Random(seed), Accesses, stimulate: false);
        used.Reset();

        var fresh = new DeviceBench(bench.Now);
        DeviceBench.Save(used).Should().Equal(DeviceBench.Save(device.Create(fresh)));
        if (DeviceBundle.MainOf(used) is { Lines: var lines })
            lines.Where(static l => l.Level).Should().BeEmpty();
    }

    [Test]
    public void Reset_twice_is_reset_once()
    {
        var bench = new DeviceBench();
        IDevice used = device.Create(bench);
        Exercise(bench, used, new Random(9), Accesses, stimulate: true);
        used.Reset();
        byte[] once = DeviceBench.Save(used);
        used.Reset();
        DeviceBench.Save(used).Should().Equal(once);
    }

    [Test]
    public void Save_load_save_is_identical([Range(1, 20)] int seed)
    {
        var bench = new DeviceBench();
        IDevice saved = device.Create(bench);
        Exercise(bench, saved, new Random(seed), Accesses / 4 * (seed % 4), stimulate: true);
        byte[] state = DeviceBench.Save(saved);

        var other = new DeviceBench(bench.Now);
        IDevice loaded = device.Create(other);
        Exercise(other, loaded, new Random(seed + 1000), 100, stimulate: true);
        DeviceBench.Load(loaded, state);
        DeviceBench.Save(loaded).Should().Equal(state);
    }

    // a machine loads its devices first, and its time behind them
    [Test]
    public void State_does_not_depend_on_the_time_at_which_it_is_loaded([Range(1, 3)] int seed)
    {
        var bench = new DeviceBench();
        IDevice saved = device.Create(bench);
        Exercise(bench, saved, new Random(seed), Accesses / 4, stimulate: true);
        byte[] state = DeviceBench.Save(saved);

        IDevice loaded = device.Create(new DeviceBench());
        DeviceBench.Load(loaded, state);
        DeviceBench.Save(loaded).Should().Equal(state);
    }

    [Test]
    public void A_loaded_device_goes_on_as_the_saved_one([Range(1, 10)] int seed)
    {
        var bench = new DeviceBench();
        IDevice saved = device.Create(bench);
        Exercise(bench, saved, new Random(seed), Accesses / 4, stimulate: true);
        byte[] state = DeviceBench.Save(saved);
        byte[] ram = new byte[bench.Ram.Size];
        bench.Ram.Read(0, ram);

        var other = new DeviceBench(bench.Now);
        IDevice loaded = device.Create(other);
        DeviceBench.Load(loaded, state);
        other.Ram.Write(0, ram);
        if (saved is CfiFlash { Ram: var content } && loaded is CfiFlash { Ram: var copy })
        {
            byte[] bytes = new byte[content.Size];
            content.Read(0, bytes);
            copy.Write(0, bytes);
        }

        DeviceBench.AlignTimerSequence(bench, other);
        List<ulong> expected = Exercise(bench, saved, new Random(seed + 50), Accesses / 4, stimulate: true);
        Exercise(other, loaded, new Random(seed + 50), Accesses / 4, stimulate: true).Should().Equal(expected);
        DeviceBench.Save(loaded).Should().Equal(DeviceBench.Save(saved));
    }

    [Test]
    public void Truncated_state_is_refused_or_ignored_but_never_crashes()
    {
        var bench = new DeviceBench();
        IDevice saved = device.Create(bench);
        Exercise(bench, saved, new Random(3), 500, stimulate: true);
        byte[] state = DeviceBench.Save(saved);
        var random = new Random(4);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = state[..random.Next(state.Length + 1)];
            for (int flips = random.Next(4); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            IDevice loaded = device.Create(bench);
            try
            {
                loaded.Load(new StateReader("damaged", 1, damaged));
                Exercise(bench, loaded, random, 50, stimulate: false);
            }
            catch (SnapshotException)
            {
            }
        }
    }

    [Test]
    public void Dump_names_every_register()
    {
        if (device.Create(new DeviceBench()) is MmioDevice mmio)
            mmio.Registers.Dump().Should().NotBeEmpty();
    }

    /// <summary>Random accesses of every width all over the window, with time passing; what was read, and the line levels after each access.</summary>
    private List<ulong> Exercise(DeviceBench bench, IDevice target, Random random, int count, bool stimulate)
    {
        var space = new AddressSpace("bus", bench.Log, bench.DeviceLock);
        MemoryRegion window = device.Window(target);
        space.Root.Add(Base, window);
        var trace = new List<ulong>();
        for (int i = 0; i < count; i++)
        {
            int size = 1 << random.Next(4);
            ulong offset = (ulong)random.NextInt64(0, random.Next(3) == 0 ? (long)window.Size : (long)Math.Min(window.Size, 0x80)) & ~((ulong)size - 1);
            if (random.Next(2) == 0)
            {
                BusResult result = space.Write(Base + offset, size, RandomValue(random));
                trace.Add((ulong)result);
            }
            else
            {
                BusResult result = space.Read(Base + offset, size, out ulong value);
                trace.Add((ulong)result);
                trace.Add(value);
            }

            if (stimulate && random.Next(4) == 0)
                device.Stimulate?.Invoke(bench, target, random);
            if (random.Next(4) == 0)
                bench.Advance(random.NextInt64(0, 1L << random.Next(1, device.TimeBits)));
            if (DeviceBundle.MainOf(target) is { Lines: var lines })
                trace.AddRange(lines.Select(l => l.Level ? 1UL : 0));
        }

        space.Root.Remove(window);
        return trace;
    }

    private static ulong RandomValue(Random random) => random.Next(5) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => (ulong)random.Next(256),
        3 => 0x0001_0001UL * (ulong)random.Next(256),
        _ => (ulong)random.NextInt64(),
    };
}
