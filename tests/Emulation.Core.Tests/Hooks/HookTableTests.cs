using Emulation.Core.Tests.Fakes;

namespace Emulation.Core.Tests.Hooks;

public sealed class HookTableTests
{
    [Test]
    public void A_code_hook_added_to_hot_code_is_called_each_time_until_it_is_removed()
    {
        // T16
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        machine.Run(1000);
        int calls = 0;
        IDisposable hook = machine.Hooks.Code(0x1008, 0x1008, (in CodeEvent e) =>
        {
            e.Pc.Should().Be(0x1008);
            calls++;
        });
        machine.Run(200);
        calls.Should().Be(100);
        hook.Dispose();
        hook.Dispose();
        machine.Run(200);
        calls.Should().Be(100);
        machine.Hooks.AnyCode.Should().BeFalse();
    }

    [Test]
    public void A_hook_stops_the_run_exactly()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        ulong at = 0;
        using IDisposable hook = machine.Hooks.Code(0, ulong.MaxValue, (in CodeEvent e) =>
        {
            if (e.Cpu.InstructionCount == 777)
            {
                at = e.Pc;
                e.Stop();
            }
        });
        machine.Run(10_000).Should().Match<RunResult>(r => r.Reason == StopReason.StopRequested && r.Instructions == 778);
        at.Should().Be(0x1008);
        machine.Run(10).Instructions.Should().Be(10);
    }

    [Test]
    public void Memory_hooks_see_pc_address_size_and_value()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(
            new Code(0x1000).Emit(Op.Set, 1, 0, 5).Emit(Op.Store, 1, 6, 0x8004).Emit(Op.Load, 2, 6, 0x8000).Emit(Op.Jump, 0, 0, 0x1008)));
        var seen = new List<(HookKind, ulong, ulong, int, ulong)>();
        MemoryHook hook = (in MemoryEvent e) => seen.Add((e.Kind, e.Pc, e.Address, e.Size, e.Value));
        using IDisposable write = machine.Hooks.Write(0x800B, 0x9000, hook);
        using IDisposable read = machine.Hooks.Read(0x8007, 0x8007, hook);
        using IDisposable other = machine.Hooks.Read(0x8008, 0x8010, hook);
        machine.Run(3);
        seen.Should().Equal((HookKind.Write, 0x1008UL, 0x8004UL, 8, 5UL), (HookKind.Read, 0x1010UL, 0x8000UL, 8, 5UL << 32));
    }

    [Test]
    public void Dispatch_allocates_nothing()
    {
        var table = new HookTable();
        var cpu = new FakeCpu("cpu", 0, new AddressSpace("space", new GuestLog()), new RamBlock("ram", 4096), table);
        ulong sum = 0;
        for (ulong i = 0; i < 20; i++)
            table.Write(i * 16, (i * 16) + 40, (in MemoryEvent e) => sum += e.Value);
        table.InvokeMemory(HookKind.Write, cpu, 0, 100, 4, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            table.InvokeMemory(HookKind.Write, cpu, 0, 100, 4, 1);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        sum.Should().Be(1001 * 3);
    }

    [Test]
    public void Coverage_agrees_with_a_plain_search()
    {
        var random = new Random(3);
        var table = new HookTable();
        var cpu = new FakeCpu("cpu", 0, new AddressSpace("space", new GuestLog()), new RamBlock("ram", 4096), table);
        var live = new List<(ulong First, ulong Last, int Id, IDisposable Hook)>();
        var called = new List<int>();
        for (int i = 0; i < 2000; i++)
        {
            if (live.Count > 0 && random.Next(3) == 0)
            {
                int index = random.Next(live.Count);
                live[index].Hook.Dispose();
                live.RemoveAt(index);
            }
            else
            {
                ulong first = (ulong)random.Next(1000), last = first + (ulong)(random.Next(4) == 0 ? random.Next(500) : random.Next(8));
                int id = i;
                live.Add((first, last, id, table.Read(first, last, (in MemoryEvent e) => called.Add(id))));
            }

            ulong from = (ulong)random.Next(1200);
            int size = 1 << random.Next(5);
            called.Clear();
            table.InvokeMemory(HookKind.Read, cpu, 0, from, size, 0);
            called.Should().Equal(live.Where(h => h.First < from + (ulong)size && h.Last >= from).OrderBy(h => h.First).ThenBy(h => h.Id).Select(h => h.Id));
            table.Covers(HookKind.Read, from, from + (ulong)size - 1).Should().Be(called.Count > 0);
        }
    }

    [Test]
    public void Pages_and_changes_are_reported()
    {
        var table = new HookTable();
        var changes = new List<(ulong, ulong, HookKind)>();
        table.Changed += (first, last, kind) => changes.Add((first, last, kind));
        int epoch = table.Epoch;
        IDisposable hook = table.Write(0x1FFF, 0x2000, (in MemoryEvent _) => { });
        table.Epoch.Should().BeGreaterThan(epoch);
        table.AnyMemory.Should().BeTrue();
        table.TouchesPage(0x1000, HookKind.Write).Should().BeTrue();
        table.TouchesPage(0x2ABC, HookKind.Write).Should().BeTrue();
        table.TouchesPage(0x3000, HookKind.Write).Should().BeFalse();
        table.TouchesPage(0x1000, HookKind.Read).Should().BeFalse();
        hook.Dispose();
        table.TouchesPage(0x1000, HookKind.Write).Should().BeFalse();
        hook.Dispose();
        changes.Should().Equal((0x1FFFUL, 0x2000UL, HookKind.Write), (0x1FFFUL, 0x2000UL, HookKind.Write));
        using IDisposable top = table.Fetch(ulong.MaxValue, ulong.MaxValue, (in MemoryEvent _) => { });
        table.TouchesPage(ulong.MaxValue, HookKind.Fetch).Should().BeTrue();
    }

    [Test]
    public void Hooks_come_and_go_while_vcpus_run()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 2;
                b.Programs.Add(Programs.Spin(0x1000));
                b.Programs.Add(Programs.Spin(0x2000));
            },
            b => b.WithTime(TimeMode.RealTime));
        Task<RunResult> run = machine.Start();
        int calls = 0;
        for (int i = 0; i < 300; i++)
        {
            using IDisposable one = machine.Hooks.Code(0x1000, 0x1000, (in CodeEvent _) => Interlocked.Increment(ref calls));
            using IDisposable two = machine.Hooks.Code(0x1000, 0x2FFF, (in CodeEvent _) => Interlocked.Increment(ref calls));
            if (i == 299)
                SpinWait.SpinUntil(() => Volatile.Read(ref calls) > 0, 5000);
        }

        machine.RequestStop();
        run.Wait(5000).Should().BeTrue();
        calls.Should().BeGreaterThan(0);
    }
}
