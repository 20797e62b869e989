using Emulation.Core.Tests.Fakes;

namespace Emulation.Core.Tests.State;

public sealed class SnapshotTests
{
    [TestCase(1, 10_000)]
    [TestCase(2, 2_000)]
    public void A_snapshot_at_any_instruction_goes_on_exactly(int cpus, int window)
    {
        // T20: at each k of a window with timers, console, DMA and disk; two restores, also into a machine that was elsewhere
        const ulong Ahead = 60;
        using Machine main = Programs.BusyMachine(cpus);
        using Machine other = Programs.BusyMachine(cpus);
        FakeDisk.Image disk = main.Get<FakeBoard>().DiskImage;
        for (int k = 0; k < window; k++)
        {
            using Snapshot snapshot = main.Snapshot();
            main.Run(Ahead);
            if (k % 16 == 0)
            {
                StateHash expected = main.StateHash();
                byte[] medium = [.. disk.Bytes];
                main.Restore(snapshot);
                StateHash start = main.StateHash();
                main.Restore(snapshot);
                main.StateHash().Should().Be(start);
                main.Run(Ahead);
                main.StateHash().Should().Be(expected, "at {0}", k);
                disk.Bytes.Should().Equal(medium);

                other.Restore(snapshot);
                other.Run(Ahead);
                other.StateHash().Should().Be(expected, "at {0} in another machine", k);
            }

            main.Restore(snapshot);
            main.Step();
        }

        using Machine plain = Programs.BusyMachine(cpus);
        plain.Run((ulong)window);
        main.StateHash().Should().Be(plain.StateHash());
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_saved_machine_goes_on_exactly_in_another(int cpus)
    {
        using Machine main = Programs.BusyMachine(cpus);
        using Machine other = Programs.BusyMachine(cpus);
        for (int k = 0; k < 150; k++)
        {
            using var stream = new MemoryStream();
            main.Save(stream);
            stream.Position = 0;
            other.Load(stream);
            stream.Position.Should().Be(stream.Length);
            other.StateHash().Should().Be(main.StateHash());
            using var again = new MemoryStream();
            other.Save(again);
            again.ToArray().Should().Equal(stream.ToArray());
            main.Run(7);
        }

        // the disk is not in the stream: only its device is
        other.Run(7);
        other.Clock.Now.Should().Be(main.Clock.Now);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Forks_go_on_alike_and_apart(int cpus)
    {
        using Machine main = Programs.BusyMachine(cpus);
        main.Run(12_345);
        for (int i = 0; i < 40; i++)
        {
            using Machine fork = main.Fork();
            fork.StateHash().Should().Be(main.StateHash());
            FakeTty own = fork.Get<FakeBoard>().ConsoleDevice.Tty;
            own.Should().NotBeSameAs(main.Get<FakeBoard>().ConsoleDevice.Tty);
            fork.CounterpartOf(main.Get<FakeBoard>().ConsoleDevice.Tty).Should().BeSameAs(own);
            StateHash before = main.StateHash();
            fork.Run(1000);
            main.StateHash().Should().Be(before, "what the fork does is its own");
            main.Run(1000);
            fork.StateHash().Should().Be(main.StateHash());
            own.Text.ToString().Should().Be(main.Get<FakeBoard>().ConsoleDevice.Tty.Text.ToString());
            main.Run((ulong)i);
        }

        Machine child = main.Fork();
        using Machine grandchild = child.Fork();
        main.Run(100);
        child.Dispose();
        grandchild.Run(100);
        grandchild.StateHash().Should().Be(main.StateHash());
    }

    [Test]
    public void A_fork_shares_memory_until_one_writes()
    {
        using Machine main = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)), b => b.WithMemory(64.MiB()));
        byte[] megabytes = new byte[32 << 20];
        Array.Fill(megabytes, (byte)1);
        main.Memory.TryLoad(0, megabytes);
        main.Reset();
        long before = Environment.WorkingSet;
        var forks = Enumerable.Range(0, 50).Select(_ => main.Fork()).ToList();
        forks.ForEach(f => f.Run(1000));
        (Environment.WorkingSet - before).Should().BeLessThan(200L << 20, "50 forks of 32 MiB share it");
        forks.ForEach(f => f.Dispose());
    }

    [Test]
    public void Every_truncation_and_every_flipped_byte_is_found_and_changes_nothing()
    {
        using Machine main = Programs.BusyMachine(1, b => b.WithMemory(148 * 1024));
        main.Run(500);
        using var stream = new MemoryStream();
        main.Save(stream);
        byte[] good = stream.ToArray();
        using Machine target = Programs.BusyMachine(1, b => b.WithMemory(148 * 1024));
        target.Run(123);
        StateHash before = target.StateHash();
        var random = new Random(1);
        for (int i = 0; i < 1200; i++)
        {
            // all of the head and the tail, samples of the memory between
            int at = i < 500 ? i : i < 900 ? good.Length - 1 - (i - 500) : random.Next(good.Length);
            byte[] bad = i % 2 == 0 ? good[..at] : [.. good];
            if (i % 2 != 0)
                bad[at] ^= (byte)(1 << random.Next(8));
            FluentActions.Invoking(() => target.Load(new MemoryStream(bad))).Should().Throw<SnapshotException>("byte {0} of {1}", at, good.Length)
                .WithMessage("*snapshot*");
            if (i % 50 == 0)
                target.StateHash().Should().Be(before);
        }

        target.StateHash().Should().Be(before);
        target.Load(new MemoryStream(good));
        target.StateHash().Should().Be(main.StateHash());
    }

    [Test]
    public void Lengths_from_a_file_are_not_trusted()
    {
        using Machine main = Programs.BusyMachine(1);
        using var stream = new MemoryStream();
        main.Save(stream);
        byte[] bytes = stream.ToArray();

        // the manifest's payload length stands after kind, name length, name and version
        int name = BitConverter.ToUInt16(bytes, 13);
        BitConverter.TryWriteBytes(bytes.AsSpan(15 + name + 4), 200UL << 20);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => main.Load(new MemoryStream(bytes))).Should().Throw<SnapshotException>().WithMessage("*manifest*ends here*");
        (GC.GetAllocatedBytesForCurrentThread() - allocated).Should().BeLessThan(4 << 20);
        FluentActions.Invoking(() => main.Load(new MemoryStream("another kind of file"u8.ToArray()))).Should().Throw<SnapshotException>().WithMessage("*not a snapshot file*");
        FluentActions.Invoking(() => main.Load(new MemoryStream())).Should().Throw<SnapshotException>().WithMessage("*ends here*");
    }

    [Test]
    public void A_machine_of_other_parts_refuses_and_names_the_part()
    {
        using Machine plain = Build(null, 1);
        using Machine more = Build("extra", 3);
        using Machine newer = Build("extra", 4);
        using Machine larger = Programs.BusyMachine(1, b => b.WithMemory(1.MiB()));
        using Machine dual = Programs.BusyMachine(2);
        more.Run(10);
        using Snapshot old = more.Snapshot();
        FluentActions.Invoking(() => plain.Restore(old)).Should().Throw<SnapshotException>().WithMessage("*has a device 'extra' (version 3)*");
        FluentActions.Invoking(() => more.Load(Saved(plain))).Should().Throw<SnapshotException>().WithMessage("*has a device 'extra' (version 3) that the snapshot has not*");
        FluentActions.Invoking(() => more.Load(Saved(newer))).Should().Throw<SnapshotException>().WithMessage("*'extra' has version 4*reads up to version 3*");
        FluentActions.Invoking(() => plain.Load(Saved(larger))).Should().Throw<SnapshotException>().WithMessage("*memory 'ram' has 1048576 bytes in the snapshot and 262144*");
        FluentActions.Invoking(() => plain.Load(Saved(dual))).Should().Throw<SnapshotException>().WithMessage("*device 'cpu1' (version 1)*");
        newer.Load(Saved(more));
        newer.Device<Versioned>("extra").Loaded.Should().Be(3);

        static Machine Build(string? extra, int version) => Programs.BusyMachine(1, b => b.Configure(c =>
        {
            if (extra is not null)
                c.AddDevice(new Versioned(extra, version));
        }));

        static MemoryStream Saved(Machine machine)
        {
            var stream = new MemoryStream();
            machine.Save(stream);
            stream.Position = 0;
            return stream;
        }
    }

    [Test]
    public void A_device_that_cannot_load_leaves_the_machine_as_it_was()
    {
        using Machine machine = Programs.BusyMachine(2, b => b.Configure(c => c.AddDevice(new Versioned("fragile", 1))));
        Versioned fragile = machine.Device<Versioned>("fragile");
        using Snapshot snapshot = machine.Snapshot();
        machine.Run(1000);
        StateHash before = machine.StateHash();
        fragile.Failures = 1;
        FluentActions.Invoking(() => machine.Restore(snapshot)).Should().Throw<SnapshotException>().WithMessage("*'fragile' (version 1)*");
        machine.StateHash().Should().Be(before);
        machine.Run(10).Instructions.Should().Be(10);

        // it fails to go back, too: then nothing runs before a restore works
        fragile.Failures = 2;
        FluentActions.Invoking(() => machine.Restore(snapshot)).Should().Throw<SnapshotException>();
        FluentActions.Invoking(() => machine.Run(1)).Should().Throw<InvalidOperationException>().WithMessage("*unusable*");
        machine.Restore(snapshot);
        machine.Run(10).Instructions.Should().Be(10);
    }

    [Test]
    public void Another_rate_keeps_the_time_that_was_reached()
    {
        using Machine slow = Programs.BusyMachine(1, b => b.WithInstructionRate(InstructionRate.PerSecond(1_000_000)));
        using Machine fast = Programs.BusyMachine(1);
        slow.Run(1000);
        using Snapshot snapshot = slow.Snapshot();
        long now = slow.Clock.Now;
        fast.Restore(snapshot);
        fast.Clock.Now.Should().Be(now);
    }

    private sealed class Versioned(string name, int version) : IDevice
    {
        public string Name => name;

        public int StateVersion => version;

        public int Loaded { get; private set; }

        public int Failures { get; set; }

        public void Reset()
        {
        }

        public void Save(StateWriter writer) => writer.Write(1);

        public void Load(StateReader reader)
        {
            if (Failures-- > 0)
                throw new InvalidOperationException("no");
            Loaded = reader.Version;
            reader.ReadInt32();
        }
    }
}
