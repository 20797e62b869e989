using Emulation.Core.Tests.Fakes;

namespace Emulation.Core.Tests.SimulationTests;

public sealed class SimulationTests
{
    private static readonly TimeSpan s_latency = TimeSpan.FromMicroseconds(2);

    // Sleeps until a character comes, answers with another, toggles its pin, works a while; the first machine begins.
    private static Code Player(bool begins, uint busy)
    {
        var code = new Code(0x1000);
        if (begins)
            code.Emit(Op.Set, 1, 0, 'a').Emit(Op.Write, 1, 6, RadioBoard.Radio + 12);
        uint loop = code.Here;
        code.Emit(Op.Wait)
            .Emit(Op.Set, 3, 0, busy);
        uint inner = code.Here;
        code.Emit(Op.Read, 2, 6, RadioBoard.Radio + 4)
            .Emit(Op.Mix, 4, 2, busy)
            .Emit(Op.Add, 3, 0, uint.MaxValue)
            .Emit(Op.BranchIfNotZero, 3, 0, inner)
            .Emit(Op.Write, 7, 6, RadioBoard.Radio + 16)
            .Emit(Op.Write, 7, 6, RadioBoard.Radio + 12)
            .Emit(Op.Set, 3, 0, 5_000 + busy)
            .Emit(Op.Write, 3, 6, RadioBoard.Timer + 4)
            .Emit(Op.Jump, 0, 0, loop);
        return code;
    }

    // counts in register 7, empties the port
    private static Code Handler()
        => new Code(0x100)
            .Emit(Op.Read, 2, 6, RadioBoard.Radio + 12)
            .Emit(Op.Read, 2, 6, RadioBoard.Radio + 12)
            .Emit(Op.Read, 2, 6, RadioBoard.Radio + 12)
            .Emit(Op.Mix, 4, 2, 7)
            .Emit(Op.Write, 0, 6, RadioBoard.Radio + 8)
            .Emit(Op.Write, 0, 6, RadioBoard.Timer + 8)
            .Emit(Op.Add, 7, 0, 1)
            .Emit(Op.Return);

    private static Machine Machine(string name, bool begins, uint busy)
    {
        Machine machine = RadioBoard.Build(Player(begins, busy), name);
        Code handler = Handler();
        machine.Memory.TryLoad(handler.Origin, handler.Bytes).Should().BeTrue();
        return machine;
    }

    private static Simulation Three()
    {
        var simulation = new Simulation(s_latency);
        Machine a = simulation.Add(Machine("a", true, 11)), b = simulation.Add(Machine("b", false, 29)), c = simulation.Add(Machine("c", true, 3));
        simulation.ConnectSerial(a, m => m.Get<RadioBoard>().Device.Port, b, m => m.Get<RadioBoard>().Device.Port);
        simulation.ConnectPins(b, m => m.Get<RadioBoard>().Device.Pin, c, m => m.Get<RadioBoard>().Device.Pin);
        return simulation;
    }

    [Test]
    public void What_one_machine_sends_arrives_at_the_other_after_the_latency()
    {
        using Simulation simulation = Three();
        FakeRadio a = simulation.Machines[0].Get<RadioBoard>().Device, b = simulation.Machines[1].Get<RadioBoard>().Device;
        long sent = -1, arrived = -1;
        a.Port.Transmitted += _ => sent = sent < 0 ? simulation.Machines[0].Clock.Now : sent;
        b.Irq.Connect(_ => arrived = arrived < 0 ? simulation.Machines[1].Clock.Now : arrived);
        SimulationResult result = simulation.RunUntil(() => arrived >= 0, TimeSpan.FromMilliseconds(1));
        result.Reason.Should().Be(StopReason.Condition);
        result.Machine.Should().BeSameAs(simulation.Machines[1]);
        arrived.Should().BeInRange(sent + 2_000, sent + 2_000 + 63, "b wakes between instructions of 62.5 ns");
    }

    [Test]
    public void Any_cut_of_a_run_gives_the_same_states()
    {
        using Simulation whole = Three(), cut = Three();
        whole.RunFor(TimeSpan.FromMilliseconds(3));
        var random = new Random(5);
        while (cut.Now < 3_000_000)
        {
            TimeSpan left = TimeSpan.FromTicks((3_000_000 - cut.Now + 99) / 100);
            switch (random.Next(5))
            {
                case 0: cut.RunFor(TimeSpan.FromTicks(Math.Min(left.Ticks, random.Next(1, 300)))); break;
                case 1 when left.Ticks > 1_000: cut.Run((ulong)random.Next(1, 50)); break;
                case 2 when left.Ticks > 1_000: cut.Step(); break;
                case 3:
                    using (SimulationSnapshot here = cut.Snapshot())
                    {
                        cut.RunFor(TimeSpan.FromTicks(500));
                        cut.Restore(here);
                        cut.Restore(here);
                    }

                    break;
                default:
                    int stop = random.Next(20);
                    cut.RunUntil(() => stop-- <= 0, left);
                    break;
            }
        }

        whole.RunFor(4_000_000 - whole.Now);
        cut.RunFor(4_000_000 - cut.Now);
        cut.Machines.Select(m => m.Clock.Now).Should().Equal(whole.Machines.Select(m => m.Clock.Now));
        cut.StateHash().Should().Be(whole.StateHash());
        whole.Machines.Should().OnlyContain(m => ((FakeCpu)m.Cpus[0])[7] > 50, "they play");
    }

    [Test]
    public void A_fork_plays_on_alike_and_alone()
    {
        using Simulation simulation = Three();
        simulation.RunFor(TimeSpan.FromTicks(7_777));
        using Simulation fork = simulation.Fork();
        fork.StateHash().Should().Be(simulation.StateHash());
        fork.RunFor(TimeSpan.FromMilliseconds(1));
        StateHash ahead = fork.StateHash();
        ahead.Should().NotBe(simulation.StateHash());
        simulation.RunFor(TimeSpan.FromMilliseconds(1));
        simulation.StateHash().Should().Be(ahead);
    }

    [Test]
    public void Sleeping_machines_pass_long_times_in_few_rounds_and_dead_ones_halt()
    {
        using var simulation = new Simulation();
        simulation.Add(RadioBoard.Build(new Code(0x1000).Emit(Op.Wait).Emit(Op.Jump, 0, 0, 0x1000)));
        simulation.RunFor(TimeSpan.FromHours(1)).Should().Match<SimulationResult>(r => r.Reason == StopReason.VirtualTime && r.Elapsed == 3_600_000_000_000);
        simulation.Run().Reason.Should().Be(StopReason.Halted);
    }

    [Test]
    public void Misuse_is_named()
    {
        using Simulation simulation = Three();
        Machine a = simulation.Machines[0];
        FluentActions.Invoking(() => simulation.Add(a)).Should().Throw<ArgumentException>().WithMessage("*'a' is in the simulation*");
        using Machine stranger = Machine("stranger", false, 1);
        FluentActions.Invoking(() => simulation.ConnectPins(a, m => m.Get<RadioBoard>().Device.Pin, stranger, m => m.Get<RadioBoard>().Device.Pin))
            .Should().Throw<ArgumentException>().WithMessage("*'stranger' is not in the simulation*");
        simulation.RunFor(TimeSpan.FromMicroseconds(5));
        FluentActions.Invoking(() => simulation.Add(stranger)).Should().Throw<ArgumentException>().WithMessage("*at 0 ns*");
        using Machine real = new MachineBuilder().WithTime(TimeMode.RealTime).UseBoard(() => new RadioBoard { Program = Handler() }).Build();
        FluentActions.Invoking(() => simulation.Add(real)).Should().Throw<ArgumentException>().WithMessage("*deterministic*");
    }
}
