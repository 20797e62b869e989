using Emulation.Core.Tests.Fakes;

namespace Emulation.Core.Tests.Execution;

public sealed class DeterministicSchedulerTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Any_split_of_a_run_gives_the_same_state(int cpus)
    {
        const ulong Total = 500;
        using Machine whole = Programs.BusyMachine(cpus, b => b.WithQuantum(TimeSpan.FromTicks(2)));
        using Snapshot start = whole.Snapshot();
        whole.Run(Total).Should().Match<RunResult>(r => r.Reason == StopReason.InstructionLimit && r.Instructions == Total);
        StateHash expected = whole.StateHash();
        for (ulong split = 0; split <= Total; split++)
        {
            whole.Restore(start);
            whole.Run(split).Instructions.Should().Be(split);
            whole.Run(Total - split).Instructions.Should().Be(Total - split);
            whole.StateHash().Should().Be(expected, "split at {0}", split);
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Stepping_gives_the_same_state(int cpus)
    {
        using Machine whole = Programs.BusyMachine(cpus);
        using Machine stepped = Programs.BusyMachine(cpus);
        whole.Run(5000);
        for (int i = 0; i < 5000; i++)
            stepped.Step().Instructions.Should().Be(1);
        stepped.StateHash().Should().Be(whole.StateHash());
        stepped.Clock.Now.Should().Be(whole.Clock.Now);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Limits_of_time_stops_and_conditions_do_not_change_what_the_guest_does(int cpus)
    {
        using Machine whole = Programs.BusyMachine(cpus);
        using Machine cut = Programs.BusyMachine(cpus);
        var random = new Random(cpus);
        const ulong Total = 200_000;
        whole.Run(Total);
        ulong done = 0;
        while (done < Total)
        {
            RunResult result = random.Next(4) switch
            {
                0 => cut.Run((ulong)random.Next(1, 100)),
                1 => done + 3000 < Total ? cut.RunFor(random.Next(0, 700)) : cut.Run(1),
                2 => done + 3000 < Total ? Until(cut, random.Next(1, 3)) : cut.Run(1),
                _ => cut.Step(),
            };
            done += result.Instructions;
            if (done + 200 > Total)
                done += cut.Run(Total - done).Instructions;
        }

        done.Should().Be(Total);
        cut.StateHash().Should().Be(whole.StateHash());

        static RunResult Until(Machine machine, int characters)
        {
            FakeTty tty = machine.Get<FakeBoard>().ConsoleDevice.Tty;
            int target = tty.Text.Length + characters;
            RunResult result = machine.RunUntil(() => tty.Text.Length >= target);
            result.Reason.Should().Be(StopReason.Condition);
            tty.Text.Length.Should().Be(target);
            return result;
        }
    }

    [Test]
    public void A_polled_counter_shows_exactly_the_time_of_the_instructions()
    {
        // T19: a 16 MHz counter, 1 ns per instruction, a loop of 3 instructions, a million times: 3 ms are 48,000 ticks
        using Machine polled = FakeBoard.Build(b => b.Programs.Add(Loop(Op.Read)));
        using Machine silent = FakeBoard.Build(b => b.Programs.Add(Loop(Op.Nop)));
        foreach (Machine machine in new[] { polled, silent })
        {
            RunResult result = machine.Run(3_000_000);
            result.Elapsed.Should().Be(3_000_000);
            machine.Clock.Now.Should().Be(3_000_000);
            machine.Clock.Ticks(16_000_000).Should().Be(48_000);
        }

        polled.Get<FakeBoard>().Cpus[0][2].Should().BeInRange(47_999, 48_000);

        static Code Loop(Op op)
        {
            var code = new Code(0x1000);
            return code.Emit(op, 2, 6, FakeBoard.Timer).Emit(Op.Add, 3, 0, 1).Emit(Op.Jump, 0, 0, 0x1000);
        }
    }

    [TestCase(1_000_000_000UL, 1UL)]
    [TestCase(333_333_333UL, 1UL)]
    [TestCase(1UL, 7UL)]
    [TestCase(3_000_000_000UL, 1UL)]
    public void A_timer_expires_at_its_time_and_interrupts_the_first_instruction_after(ulong instructions, ulong seconds)
    {
        var rate = new InstructionRate(instructions, seconds);
        Code code = new Code(0x1000).Emit(Op.Nop).Emit(Op.Set, 1, 0, 500_000).Emit(Op.Write, 1, 6, FakeBoard.Timer + 4);
        code.Emit(Op.Jump, 0, 0, code.Here);
        using Machine machine = FakeBoard.Build(
            b =>
            {
                b.Programs.Add(new Code(0x100).Emit(Op.Undefined));
                b.Programs.Add(code);
            },
            b => b.WithInstructionRate(rate));
        FakeBoard board = machine.Get<FakeBoard>();
        RunResult result = machine.Run();
        result.Reason.Should().Be(StopReason.UnhandledException);
        result.Fault!.Pc.Should().Be(0x100);

        long deadline = rate.NanosecondsFor(2) + 500_000;
        board.TimerDevice.Expiries.Should().Equal(deadline);

        // all instructions that start before the deadline, then the handler's first
        result.Instructions.Should().Be((ulong)Math.Max(3, rate.InstructionsFor(deadline)) + 1);
    }

    [Test]
    public void A_deadline_in_the_past_expires_at_the_next_boundary()
    {
        using Machine machine = FakeBoard.Build(b =>
        {
            b.Programs.Add(new Code(0x100).Emit(Op.Undefined));
            b.Programs.Add(new Code(0x1000).Emit(Op.Nop).Emit(Op.Set, 1, 0, unchecked((uint)-1000)).Emit(Op.Write, 1, 6, FakeBoard.Timer + 4).Emit(Op.Jump, 0, 0, 0x1000));
        });
        machine.Run().Should().Match<RunResult>(r => r.Reason == StopReason.UnhandledException && r.Instructions == 4);
    }

    [Test]
    public void An_idle_machine_jumps_to_its_next_deadline_and_halts_without_one()
    {
        using Machine machine = FakeBoard.Build(b =>
        {
            b.Programs.Add(Programs.Handler());
            b.Programs.Add(new Code(0x1000).Emit(Op.Set, 1, 0, 1_000_000_000).Emit(Op.Write, 1, 6, FakeBoard.Timer + 4).Emit(Op.Wait).Emit(Op.Wait));
        });
        RunResult result = machine.Run();
        result.Reason.Should().Be(StopReason.Halted);
        machine.Get<FakeBoard>().TimerDevice.Expiries.Should().Equal(1_000_000_001);
        result.Elapsed.Should().Be(1_000_000_001 + 7);
        machine.Run().Should().Match<RunResult>(r => r.Reason == StopReason.Halted && r.Instructions == 0 && r.Elapsed == 0);

        // somebody who asks for time gets it
        machine.RunFor(TimeSpan.FromHours(1)).Should().Match<RunResult>(r => r.Reason == StopReason.VirtualTime && r.Elapsed == 3_600_000_000_000);
    }

    [Test]
    public void Vcpus_interrupt_each_other_within_a_quantum()
    {
        // each waits for the other's interrupt, then sends one: a counter goes back and forth
        using Machine machine = FakeBoard.Build(b =>
        {
            b.CpuCount = 2;
            b.Programs.Add(Programs.Handler());
            b.Programs.Add(new Code(0x1000).Emit(Op.Write, 0, 6, FakeBoard.Ipi + 4).Emit(Op.Wait).Emit(Op.Jump, 0, 0, 0x1000));
            b.Programs.Add(new Code(0x2000).Emit(Op.Write, 0, 6, FakeBoard.Ipi).Emit(Op.Wait).Emit(Op.Jump, 0, 0, 0x2000));
        });
        RunResult result = machine.RunFor(TimeSpan.FromMilliseconds(1));
        result.Reason.Should().Be(StopReason.VirtualTime);
        FakeBoard board = machine.Get<FakeBoard>();
        board.Cpus[0][7].Should().BeGreaterThan(90);
        board.Cpus[1][7].Should().BeCloseTo(board.Cpus[0][7], 1);
    }

    [TestCase(1)]
    [TestCase(3)]
    public void A_halted_machine_goes_on_when_the_host_wakes_it(int cpus)
    {
        using Machine machine = FakeBoard.Build(b =>
        {
            b.CpuCount = cpus;
            b.Programs.Add(new Code(0x100).Emit(Op.Add, 7, 0, 1).Emit(Op.Jump, 0, 0, 0x100));
            for (int i = 0; i < cpus; i++)
                b.Programs.Add(new Code((ulong)(0x1000 * (i + 1))).Emit(Op.Wait).Emit(Op.Jump, 0, 0, 0x1000));
        });
        FakeCpu[] vcpus = machine.Get<FakeBoard>().Cpus;
        machine.Run().Should().Match<RunResult>(r => r.Reason == StopReason.Halted && r.Instructions == (ulong)cpus);
        long halted = machine.Clock.Now;
        machine.RunFor(TimeSpan.FromSeconds(1)).Reason.Should().Be(StopReason.VirtualTime);
        machine.Clock.Now.Should().Be(halted + 1_000_000_000);
        foreach (FakeCpu cpu in vcpus)
            cpu.SetIrq(true);
        machine.RunFor(TimeSpan.FromMilliseconds(1)).Instructions.Should().BeInRange((ulong)cpus * 1_000_000 - 10, (ulong)cpus * 1_000_000 + 10_000);
        machine.Clock.Now.Should().Be(halted + 1_001_000_000);
        foreach (FakeCpu cpu in vcpus)
            cpu[7].Should().BeCloseTo(500_000, 5_000);
    }

    [Test]
    public void The_host_may_arm_timers_between_runs()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        var times = new List<long>();
        ClockTimer timer = machine.Clock.CreateTimer("host", () => times.Add(machine.Clock.Now));
        machine.Run(1000);
        timer.Arm(machine.Clock.Now + 500);
        machine.Run(499);
        times.Should().BeEmpty();
        machine.Run(2);
        times.Should().Equal(1500);
        timer.Arm(3);
        machine.Run(1);
        times.Should().Equal(1500, 1501);
    }

    [Test]
    public void Vcpus_get_equal_time()
    {
        using Machine machine = FakeBoard.Build(b =>
        {
            b.CpuCount = 4;
            for (int i = 0; i < 4; i++)
                b.Programs.Add(Programs.Spin((ulong)(0x1000 * (i + 1))));
        });
        machine.RunFor(TimeSpan.FromMilliseconds(1));
        foreach (FakeCpu cpu in machine.Get<FakeBoard>().Cpus)
            cpu.InstructionCount.Should().Be(1_000_000);
    }

    [Test]
    public void RunFor_is_exact()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        for (int i = 0; i < 1000; i++)
            machine.RunFor(i).Should().Be(new RunResult(StopReason.VirtualTime, machine.Get<FakeBoard>().Cpus[0].Pc, (ulong)i, i));
    }

    [Test]
    public void A_stop_from_a_device_access_ends_the_run_with_that_instruction()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(
            new Code(0x1000).Emit(Op.Nop).Emit(Op.Write, 1, 6, FakeBoard.Console + 12).Emit(Op.Nop).Emit(Op.Jump, 0, 0, 0x1000)));
        machine.Run().Should().Be(new RunResult(StopReason.StopRequested, 0x1010, 2, 2));
        machine.Run().Should().Be(new RunResult(StopReason.StopRequested, 0x1010, 4, 4));
        machine.Run(1).Should().Be(new RunResult(StopReason.InstructionLimit, 0x1018, 1, 1));
    }

    [Test]
    public void Power_off_and_reset_end_the_run_or_restart_the_guest()
    {
        Code code = new Code(0x1000)
            .Emit(Op.Load, 1, 6, 0x20000).Emit(Op.Add, 1, 0, 1).Emit(Op.Store, 1, 6, 0x20000)
            .Emit(Op.Load, 2, 6, 0x20000).Emit(Op.Add, 2, 0, unchecked((uint)-3));
        code.Emit(Op.BranchIfNotZero, 2, 0, code.Here + 16).Emit(Op.Write, 1, 6, FakeBoard.Console + 4).Emit(Op.Write, 1, 6, FakeBoard.Console + 8);
        using Machine restarting = FakeBoard.Build(b => b.Programs.Add(code));
        restarting.Run(1000).Should().Match<RunResult>(r => r.Reason == StopReason.PowerOff && r.Instructions == 7 + 7 + 7);
        restarting.Clock.Now.Should().Be(21);

        using Machine stopping = FakeBoard.Build(b => b.Programs.Add(code), b => b.OnGuestReset(ResetPolicy.Stop));
        stopping.Run(1000).Should().Match<RunResult>(r => r.Reason == StopReason.Reset && r.Instructions == 7);
        stopping.Reset();
        stopping.Get<FakeBoard>().Cpus[0].Pc.Should().Be(0x1000);
        stopping.Clock.Now.Should().Be(7);
    }

    [Test]
    public void Exits_of_a_vcpu_are_results()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(new Code(0x1000).Emit(Op.Nop).Emit(Op.Nop).Emit(Op.Undefined)));
        machine.Get<FakeBoard>().Cpus[0].ExitAddress = 0x1008;
        machine.Run().Should().Be(new RunResult(StopReason.ExitAddress, 0x1008, 1, 1));
        RunResult fault = machine.Run();
        fault.Reason.Should().Be(StopReason.UnhandledException);
        fault.Instructions.Should().Be(2);
        fault.Fault!.Pc.Should().Be(0x1010);
    }

    [Test]
    public void An_access_to_nothing_ends_the_run_where_that_is_chosen()
    {
        using Machine machine = FakeBoard.Build(
            b => b.Programs.Add(new Code(0x1000).Emit(Op.Read, 1, 6, 0xF0000000).Emit(Op.Jump, 0, 0, 0x1000)), b => b.OnUnmapped(UnmappedPolicy.Stop));
        RunResult result = machine.Run(100);
        result.Reason.Should().Be(StopReason.UnmappedAccess);
        result.Instructions.Should().Be(1);
        result.Fault.Should().Be(new GuestFault("unmapped read of 4 bytes", 0, 0x1000, 0xF0000000));
    }

    [Test]
    public void A_timer_that_never_lets_time_move_is_disarmed_and_reported()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        var errors = new List<string>();
        machine.Log.Logged += (device, message) => errors.Add(device + ": " + message);
        ClockTimer timer = null!;
        timer = machine.Clock.CreateTimer("stuck", () => timer.Arm(machine.Clock.Now));
        timer.Arm(100);
        machine.Run(1000).Reason.Should().Be(StopReason.InstructionLimit);
        errors.Should().ContainSingle().Which.Should().StartWith("stuck: expires over and over at 100 ns");
        timer.IsArmed.Should().BeFalse();
    }

    [Test]
    public void Another_thread_may_stop_cancel_and_post()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        using var cancel = new CancellationTokenSource(30);
        machine.Run(cancellationToken: cancel.Token).Reason.Should().Be(StopReason.Cancelled);

        Task<RunResult> running = machine.Start();
        int thread = 0;
        machine.Post(() => thread = Environment.CurrentManagedThreadId);
        SpinWait.SpinUntil(() => Volatile.Read(ref thread) != 0, 5000).Should().BeTrue();
        thread.Should().NotBe(Environment.CurrentManagedThreadId);
        int exclusive = 0;
        machine.RunExclusive(() => exclusive++);
        exclusive.Should().Be(1);
        FluentActions.Invoking(() => machine.RunExclusive(() => throw new FormatException())).Should().Throw<FormatException>();
        FluentActions.Invoking(() => machine.Step()).Should().Throw<InvalidOperationException>().WithMessage("*running*");
        FluentActions.Invoking(() => machine.Snapshot()).Should().Throw<InvalidOperationException>().WithMessage("*running*");
        FluentActions.Invoking(() => machine.Fork()).Should().Throw<InvalidOperationException>().WithMessage("*running*");
        machine.StopAsync().Result.Reason.Should().Be(StopReason.StopRequested);
        running.IsCompletedSuccessfully.Should().BeTrue();
        machine.RunExclusive(() => exclusive++);
        exclusive.Should().Be(2);
        machine.Step().Instructions.Should().Be(1);
    }

    [Test]
    public void A_bug_in_a_part_surfaces_and_the_machine_can_still_be_used()
    {
        using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        FakeCpu cpu = machine.Get<FakeBoard>().Cpus[0];
        cpu.Bug = new FormatException("a bug");
        FluentActions.Invoking(() => machine.Run(10)).Should().Throw<FormatException>();
        cpu.Bug = null;
        machine.Run(10).Instructions.Should().Be(10);
    }

    [Test]
    public void Time_does_not_overflow_or_drift_over_centuries()
    {
        var rate = new InstructionRate(3, 1);
        rate.NanosecondsFor(3_000_000_000).Should().Be(1_000_000_000L * 1_000_000_000);
        rate.NanosecondsFor(ulong.MaxValue).Should().Be(long.MaxValue);
        rate.InstructionsFor(long.MaxValue).Should().BeGreaterThan(27_000_000_000);
        new InstructionRate(ulong.MaxValue).InstructionsFor(long.MaxValue).Should().Be(long.MaxValue);
        for (ulong n = 0; n < 1000; n++)
        {
            long time = rate.NanosecondsFor(n);
            rate.InstructionsFor(time).Should().BeOneOf((long)n, (long)n);
            rate.InstructionsFor(time + 1).Should().Be((long)n + 1);
        }
    }
}
