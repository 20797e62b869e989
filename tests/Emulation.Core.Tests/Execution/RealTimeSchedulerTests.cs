using System.Diagnostics;
using Emulation.Core.Tests.Fakes;

namespace Emulation.Core.Tests.Execution;

public sealed class RealTimeSchedulerTests
{
    [TestCase(1)]
    [TestCase(3)]
    public async Task Starts_and_stops_again_and_again_without_leaving_threads(int cpus)
    {
        await using Machine machine = Busy(cpus);
        int before = 0;
        for (int i = 0; i < 50; i++)
        {
            Task<RunResult> run = machine.Start();
            if (i % 2 == 0)
                await Task.Delay(1);
            (await machine.StopAsync()).Reason.Should().Be(StopReason.StopRequested);
            run.IsCompleted.Should().BeTrue();
            if (i == 10)
                before = Process.GetCurrentProcess().Threads.Count;
        }

        Process.GetCurrentProcess().Threads.Count.Should().BeLessThan(before + 8);
        machine.InstructionCount.Should().BeGreaterThan(0);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void A_limit_of_instructions_is_exact(int cpus)
    {
        using Machine machine = Busy(cpus);
        ulong total = 0;
        foreach (ulong limit in new ulong[] { 1, 0, 17, 100_000, 333_333 })
        {
            machine.Run(limit).Should().Match<RunResult>(r => r.Reason == StopReason.InstructionLimit && r.Instructions == limit);
            total += limit;
            machine.InstructionCount.Should().Be(total);
        }
    }

    [Test]
    public void Time_follows_the_host_and_stands_still_while_the_machine_is_stopped()
    {
        var time = new ManualTime();
        using Machine machine = Busy(1, b => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(b.Services, time));
        machine.Clock.Now.Should().Be(0);
        time.Advance(1_000_000);
        machine.Clock.Now.Should().Be(0);
        using var cancel = new CancellationTokenSource();
        Task<RunResult> run = machine.Start(cancel.Token);
        time.Advance(5_000_000);
        SpinWait.SpinUntil(() => machine.InstructionCount > 0, 5000);
        time.Advance(2_000_000);
        cancel.Cancel();
        run.Result.Reason.Should().Be(StopReason.Cancelled);
        long now = machine.Clock.Now;
        now.Should().BeInRange(2_000_000, 7_000_000);
        time.Advance(1_000_000_000);
        machine.Clock.Now.Should().Be(now);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void An_idle_vcpu_is_woken_by_a_timer(int cpus)
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = cpus;
                b.Programs.Add(new Code(0x100).Emit(Op.Write, 0, 6, FakeBoard.Console + 4));
                b.Programs.Add(new Code(0x1000).Emit(Op.Set, 1, 0, 20_000_000).Emit(Op.Write, 1, 6, FakeBoard.Timer + 4).Emit(Op.Wait));
                b.Programs.Add(new Code(0x2000).Emit(Op.Wait));
            },
            b => b.WithTime(TimeMode.RealTime));
        RunResult result = machine.Run();
        result.Reason.Should().Be(StopReason.PowerOff);
        result.Elapsed.Should().BeInRange(20_000_000, 5_000_000_000);
    }

    [Test]
    public void An_idle_machine_waits_for_the_host_and_for_its_limit_of_time()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 2;
                b.Programs.Add(new Code(0x100).Emit(Op.Write, 0, 6, FakeBoard.Console + 4));
                b.Programs.Add(new Code(0x1000).Emit(Op.Wait));
                b.Programs.Add(new Code(0x2000).Emit(Op.Wait));
            },
            b => b.WithTime(TimeMode.RealTime));
        machine.RunFor(TimeSpan.FromMilliseconds(20)).Should().Match<RunResult>(r => r.Reason == StopReason.VirtualTime && r.Elapsed >= 20_000_000);
        Task<RunResult> run = machine.Start();
        Thread.Sleep(20);
        lock (machine.DeviceLock)
            machine.Get<FakeBoard>().Cpus[1].SetIrq(true);
        run.Wait(5000).Should().BeTrue();
        run.Result.Reason.Should().Be(StopReason.PowerOff);
    }

    // Others look for work all the time: whoever finds the cause first, the vCPU that raised it executes nothing more.
    [TestCase(FakeBoard.Console + 4, StopReason.PowerOff)]
    [TestCase(FakeBoard.Console + 8, StopReason.Reset)]
    [TestCase(FakeBoard.Console + 12, StopReason.StopRequested)]
    public void What_ends_a_run_ends_it_after_the_current_instruction(uint register, StopReason reason)
    {
        for (int i = 0; i < 300; i++)
        {
            using Machine machine = AmongBusyCpus(register);
            machine.ResetPolicy = ResetPolicy.Stop;
            machine.Run().Reason.Should().Be(reason);
            machine.Get<FakeBoard>().Cpus[0][1].Should().Be(0, $"in repetition {i}");
        }
    }

    [Test]
    public void A_reset_comes_after_the_current_instruction()
    {
        using Machine machine = AmongBusyCpus(FakeBoard.Console + 8);
        int executed = 0;
        using IDisposable hook = machine.Hooks.Code(0x1008, 0x100f, (in CodeEvent _) => executed++);
        machine.RunFor(TimeSpan.FromMilliseconds(300));
        executed.Should().Be(0);
    }

    [Test]
    public void Exclusive_work_asks_a_vcpu_again_that_forgot_the_request_when_it_began()
    {
        using Machine machine = Busy(1);
        FakeCpu cpu = machine.Get<FakeBoard>().Cpus[0];
        Task? work = null;
        cpu.Entering = () =>
        {
            int before = cpu.Requests;
            work = Task.Run(() => machine.RunExclusive(() => machine.RequestStop()));
            SpinWait.SpinUntil(() => cpu.Requests > before, 5000).Should().BeTrue();
        };
        Task<RunResult> run = machine.Start();
        bool ended = run.Wait(10_000);
        cpu.RequestExit();
        ended.Should().BeTrue();
        work!.Wait(5000).Should().BeTrue();
    }

    [Test]
    public void Idle_vcpus_do_not_wake_each_other()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 4;
                for (uint i = 1; i <= 4; i++)
                    b.Programs.Add(new Code(i * 0x1000).Emit(Op.Wait));
            },
            b => b.WithTime(TimeMode.RealTime));
        machine.RunFor(TimeSpan.FromMilliseconds(200)).Reason.Should().Be(StopReason.VirtualTime);
        machine.Get<FakeBoard>().Cpus.Sum(c => c.Looks).Should().BeLessThan(200);
    }

    [Test]
    public void A_resting_vcpu_leaves_the_host_to_the_others_and_still_looks_again()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 2;
                b.Programs.Add(new Code(0x100).Emit(Op.Return));
                b.Programs.Add(Programs.Spin(0x1000));
                b.Programs.Add(new Code(0x2000).Emit(Op.Rest).Emit(Op.Jump, 0, 0, 0x2000));
            },
            b => b.WithTime(TimeMode.RealTime));
        FakeCpu resting = machine.Get<FakeBoard>().Cpus[1];
        machine.RunFor(TimeSpan.FromMilliseconds(200)).Reason.Should().Be(StopReason.VirtualTime);
        resting.Slices.Should().BeInRange(3, 60);
        machine.Get<FakeBoard>().Cpus[0].InstructionCount.Should().BeGreaterThan(resting.InstructionCount);

        // a limit that it alone works towards is reached, one more instruction with each rest
        machine.Run(1000).Reason.Should().Be(StopReason.InstructionLimit);
    }

    [Test]
    public void Waking_a_resting_vcpu_ends_its_rest()
    {
        int rings = 0;
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 1;
                b.Programs.Add(new Code(0x100).Emit(Op.Write, 0, 6, FakeBoard.Console + 4));
                b.Programs.Add(new Code(0x1000).Emit(Op.Rest).Emit(Op.Jump, 0, 0, 0x1000));
            },
            b => b.WithTime(TimeMode.RealTime));
        FakeCpu cpu = machine.Get<FakeBoard>().Cpus[0];
        Task<RunResult> run = machine.Start();
        while (!run.IsCompleted && rings++ < 5000)
            cpu.SetIrq(true);
        run.Wait(5000).Should().BeTrue();
        run.Result.Reason.Should().Be(StopReason.PowerOff);
    }

    [Test]
    public void Vcpus_interrupt_each_other()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 2;

                // the handler takes its own interrupt back and sends one to the other vCPU: 4 - (4 * index)
                b.Programs.Add(new Code(0x100).Emit(Op.Write, 0, 5, FakeBoard.Ipi + 0x40).Emit(Op.Add, 7, 0, 1).Emit(Op.BranchIfNotZero, 5, 0, 0x180)
                    .Emit(Op.Write, 0, 6, FakeBoard.Ipi + 4).Emit(Op.Return));
                b.Programs.Add(new Code(0x180).Emit(Op.Write, 0, 6, FakeBoard.Ipi).Emit(Op.Return));
                b.Programs.Add(new Code(0x1000).Emit(Op.Write, 0, 6, FakeBoard.Ipi + 4).Emit(Op.Wait).Emit(Op.Jump, 0, 0, 0x1008));
                b.Programs.Add(new Code(0x2000).Emit(Op.Wait).Emit(Op.Jump, 0, 0, 0x2000));
            },
            b => b.WithTime(TimeMode.RealTime));
        FakeBoard board = machine.Get<FakeBoard>();
        machine.RunUntil(() => board.Cpus[0][7] > 1000 && board.Cpus[1][7] > 1000, 10_000_000_000).Reason.Should().Be(StopReason.Condition);
    }

    [Test]
    public void Exclusive_work_finds_every_other_vcpu_stopped()
    {
        using Machine machine = Busy(3);
        Task<RunResult> run = machine.Start();
        FakeCpu[] cpus = machine.Get<FakeBoard>().Cpus;
        for (int i = 0; i < 200; i++)
        {
            machine.RunExclusive(() =>
            {
                ulong[] before = [.. cpus.Select(c => c.InstructionCount)];
                if (i % 10 == 0)
                    Thread.Sleep(1);
                cpus.Select(c => c.InstructionCount).Should().Equal(before);
            });
        }

        FluentActions.Invoking(() => machine.RunExclusive(() => throw new FormatException())).Should().Throw<FormatException>();
        machine.RequestStop();
        run.Wait(5000).Should().BeTrue();
        machine.RunExclusive(() => { });
    }

    [Test]
    public void Vcpus_that_ask_for_exclusive_work_from_device_accesses_do_not_block_each_other()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 3;
                for (int i = 0; i < 3; i++)
                {
                    uint origin = (uint)(0x1000 * (i + 1));
                    b.Programs.Add(new Code(origin).Emit(Op.Write, 1, 6, 0x10090000).Emit(Op.Add, 1, 0, 1).Emit(Op.Jump, 0, 0, origin));
                }
            },
            b => b.WithTime(TimeMode.RealTime).Configure(c => c.AddDevice(0x10090000, new Exclusive("exclusive", c.Machine))));
        Exclusive device = machine.Device<Exclusive>("exclusive");
        machine.RunUntil(() => device.Count >= 2000, 20_000_000_000).Reason.Should().Be(StopReason.Condition);
        device.Errors.Should().Be(0);
    }

    [Test]
    public void Memory_shared_with_a_snapshot_is_copied_once_by_whoever_writes_first()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 3;
                for (int i = 0; i < 3; i++)
                {
                    uint origin = (uint)(0x1000 * (i + 1));
                    b.Programs.Add(new Code(origin).Emit(Op.Add, 1, 0, 1).Emit(Op.Store, 1, 6, 0x20000 + (8 * (uint)i)).Emit(Op.Jump, 0, 0, origin));
                }
            },
            b => b.WithTime(TimeMode.RealTime));
        FakeBoard board = machine.Get<FakeBoard>();
        for (int i = 0; i < 100; i++)
        {
            using Snapshot snapshot = machine.Snapshot();
            machine.Run(3000);
            foreach ((FakeCpu cpu, int index) in board.Cpus.Select((c, n) => (c, n)))
            {
                machine.Memory.Read(0x20000 + (8 * (ulong)index), 8, out ulong stored);
                stored.Should().BeOneOf(cpu[1], cpu[1] - 1);
            }
        }
    }

    [Test]
    public void A_bug_on_any_vcpu_thread_surfaces_from_the_run()
    {
        using Machine machine = Busy(3);
        FakeCpu cpu = machine.Get<FakeBoard>().Cpus[2];
        cpu.Bug = new FormatException("a bug");
        FluentActions.Invoking(() => machine.Run()).Should().Throw<FormatException>();
        cpu.Bug = null;
        machine.Run(1000).Instructions.Should().Be(1000);
    }

    [Test]
    public void A_guest_reset_restarts_all_vcpus()
    {
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.CpuCount = 2;
                Code code = new Code(0x1000).Emit(Op.Load, 1, 6, 0x20000).Emit(Op.Add, 1, 0, 1).Emit(Op.Store, 1, 6, 0x20000).Emit(Op.Add, 1, 0, unchecked((uint)-3));
                code.Emit(Op.BranchIfNotZero, 1, 0, code.Here + 16).Emit(Op.Write, 1, 6, FakeBoard.Console + 4).Emit(Op.Write, 1, 6, FakeBoard.Console + 8);
                b.Programs.Add(code.Emit(Op.Jump, 0, 0, code.Here));
                b.Programs.Add(Programs.Spin(0x2000));
            },
            b => b.WithTime(TimeMode.RealTime));
        machine.RunFor(TimeSpan.FromSeconds(20)).Reason.Should().Be(StopReason.PowerOff);
        machine.Memory.Read(0x20000, 8, out ulong starts);
        starts.Should().Be(3);
    }

    [Test]
    public void A_snapshot_goes_on_in_deterministic_time_and_back()
    {
        using Machine real = Programs.BusyMachine(2, b => b.WithTime(TimeMode.RealTime));
        using Machine exact = Programs.BusyMachine(2);
        using Machine twin = Programs.BusyMachine(2);
        real.RunFor(TimeSpan.FromMilliseconds(5));
        using Snapshot snapshot = real.Snapshot();
        exact.Restore(snapshot);
        twin.Restore(snapshot);
        exact.Clock.Now.Should().Be(real.Clock.Now);
        exact.Run(10_000);
        for (int i = 0; i < 100; i++)
            twin.Run(100);
        exact.StateHash().Should().Be(twin.StateHash());
        using Snapshot later = exact.Snapshot();
        real.Restore(later);
        real.Clock.Now.Should().Be(exact.Clock.Now);
        real.Run(1000).Instructions.Should().Be(1000);
    }

    private static Machine Busy(int cpus, Action<MachineBuilder>? more = null)
        => FakeBoard.Build(
            b =>
            {
                b.CpuCount = cpus;
                for (int i = 0; i < cpus; i++)
                    b.Programs.Add(Programs.Spin((ulong)(0x1000 * (i + 1))));
            },
            b =>
            {
                b.WithTime(TimeMode.RealTime);
                more?.Invoke(b);
            });

    // vCPU 0 writes to the register and then sets its register 1; two others leave their slices at each instruction.
    private static Machine AmongBusyCpus(uint register)
        => FakeBoard.Build(
            b =>
            {
                b.CpuCount = 3;
                b.Programs.Add(new Code(0x1000).Emit(Op.Write, 0, 6, register).Emit(Op.Set, 1, 0, 1).Emit(Op.Jump, 0, 0, 0x1008));
                b.Programs.Add(new Code(0x2000).Emit(Op.Leave).Emit(Op.Jump, 0, 0, 0x2000));
                b.Programs.Add(new Code(0x3000).Emit(Op.Leave).Emit(Op.Jump, 0, 0, 0x3000));
            },
            b => b.WithTime(TimeMode.RealTime));

    private sealed class Exclusive(string name, Machine machine) : FakeDevice(name)
    {
        private int _inside;

        public int Count { get; private set; }

        public int Errors { get; private set; }

        public override void Reset()
        {
        }

        public override void Save(StateWriter writer)
        {
        }

        public override void Load(StateReader reader)
        {
        }

        public override ulong Read(ulong offset, int size) => 0;

        public override void Write(ulong offset, int size, ulong value)
            => machine.RunExclusive(() =>
            {
                if (Interlocked.Increment(ref _inside) != 1)
                    Errors++;
                Count++;
                Interlocked.Decrement(ref _inside);
            });
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public void Advance(long nanoseconds) => Interlocked.Add(ref _now, nanoseconds);
    }
}
