using Emulation.Core.Tests.Fakes;

namespace Emulation.Core.Tests.Time;

public sealed class ClockTreeTests
{
    private long _now;
    private VirtualClock _clock = null!;
    private ClockTree _tree = null!;

    [SetUp]
    public void Create()
    {
        _now = 0;
        _clock = new VirtualClock();
        _clock.SetSource(() => _now);
        _tree = new ClockTree();
    }

    [Test]
    public void A_change_travels_down_the_tree()
    {
        ClockSource hsi = _tree.Source("HSI", 16_000_000), hse = _tree.Source("HSE", 8_000_000, enabled: false);
        ClockMux source = _tree.Mux("PLL source", 0, hsi, hse);
        ClockDivider pll = _tree.Divider("PLL", source, divider: 16, multiplier: 168);
        ClockMux system = _tree.Mux("SYSCLK", 0, hsi, hse, pll);
        ClockDivider apb = _tree.Divider("PCLK1", system, 4);
        ClockGate gate = _tree.Gate("TIM2", apb);
        int told = 0;
        gate.Changed += () => told++;

        gate.IsRunning.Should().BeFalse();
        gate.Enabled = true;
        gate.Frequency.Should().Be((Frequency)4_000_000UL);
        system.Selected = 2;
        gate.Frequency.Should().Be((Frequency)42_000_000UL);
        source.Selected = 1;
        gate.IsRunning.Should().BeFalse("the crystal is off");
        hse.Enabled = true;
        gate.Frequency.Should().Be((Frequency)21_000_000UL);
        pll.Set(336, 16);
        gate.Frequency.Should().Be((Frequency)42_000_000UL);
        told.Should().Be(5);
        system.Selected = 7;
        gate.IsRunning.Should().BeFalse("nothing is selected");
        _tree.Reset();
        gate.IsRunning.Should().BeFalse();
        system.Frequency.Should().Be((Frequency)16_000_000UL);
        hse.IsRunning.Should().BeFalse();
    }

    [Test]
    public void Fractions_stay_exact()
    {
        ClockSource crystal = _tree.Source("LSE", 32_768);
        ClockDivider third = _tree.Divider("third", crystal, 3);
        var counter = new ClockCounter(_clock, third);
        counter.Start();
        for (long second = 0; second < 100_000; second += 7_919)
        {
            _now = second * VirtualClock.Second;
            counter.Value.Should().Be((ulong)second * 32_768 / 3);
            long reached = counter.TimeOf(counter.Value + 1);
            counter.At(reached).Should().Be(counter.Value + 1);
            counter.At(reached - 1).Should().Be(counter.Value);
        }
    }

    [Test]
    public void A_counter_goes_on_across_changes_gates_and_stops()
    {
        ClockSource source = _tree.Source("osc", 1_000_000);
        ClockGate gate = _tree.Gate("gate", source, enabled: true);
        int told = 0;
        var counter = new ClockCounter(_clock, gate, () => told++);
        counter.Start();
        _now = 1_000_000;
        counter.Value.Should().Be(1_000);
        gate.Enabled = false;
        _now = 5_000_000;
        counter.Value.Should().Be(1_000);
        counter.TimeOf(1_001).Should().Be(long.MaxValue);
        gate.Enabled = true;
        counter.TimeOf(1_001).Should().Be(5_001_000);
        source.Deviation = 1_000_000;                             // twice as fast
        _now = 6_000_000;
        counter.Value.Should().Be(3_000);
        counter.Stop();
        _now = 7_000_000;
        counter.Value.Should().Be(3_000);
        counter.Set(ulong.MaxValue);
        counter.Start();
        _now += 1_000;
        counter.Value.Should().Be(1, "64 bits wrap");
        told.Should().Be(3);
    }

    [Test]
    public void Settings_and_counters_are_saved_and_loaded_silently()
    {
        ClockSource source = _tree.Source("osc", 3_000_000);
        ClockDivider divider = _tree.Divider("div", source, 7);
        ClockMux mux = _tree.Mux("mux", 1, null, divider);
        ClockGate gate = _tree.Gate("gate", mux, true);
        int told = 0;
        var counter = new ClockCounter(_clock, gate, () => told++);
        counter.Start();
        _now = 123_456_789;
        var writer = new StateWriter();
        _tree.Save(writer);
        counter.Save(writer);
        ulong value = counter.Value;

        (source.Deviation, divider.Divider, mux.Selected, gate.Enabled) = (5, 9, 0, false);
        counter.Reset();
        told = 0;
        var reader = new StateReader("clocks", 1, writer.Written.ToArray());
        _tree.Load(reader);
        counter.Load(reader);
        reader.Remaining.Should().Be(0);
        told.Should().Be(0);
        counter.Value.Should().Be(value);
        gate.Frequency.Should().Be(new Frequency(3_000_000, 7));
    }

    [Test]
    public void Inputs_come_from_the_same_tree_and_names_are_unique()
    {
        ClockSource source = _tree.Source("osc", 1);
        FluentActions.Invoking(() => new ClockTree().Gate("gate", source)).Should().Throw<ArgumentException>().WithMessage("*osc*not of this tree*");
        FluentActions.Invoking(() => _tree.Source("osc", 2)).Should().Throw<ArgumentException>().WithMessage("*'osc'*");
        FluentActions.Invoking(() => _tree.Divider("d", source, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    // T19: 16 MHz, a loop of instructions that reads the counter or not
    [TestCase(true)]
    [TestCase(false)]
    public void A_counter_shows_the_time_of_the_instructions_polled_or_not(bool polled)
    {
        var code = new Code(0x1000);
        code.Emit(Op.Set, 3, 0, 100_000);
        uint loop = code.Here;
        code.Emit(polled ? Op.Read : Op.Nop, 1, 6, RadioBoard.Radio + 4)
            .Emit(Op.Add, 3, 0, uint.MaxValue)
            .Emit(Op.BranchIfNotZero, 3, 0, loop)
            .Emit(Op.Read, 1, 6, RadioBoard.Radio + 4)
            .Emit(Op.Wait);
        using Machine machine = RadioBoard.Build(code);
        machine.Run().Reason.Should().Be(StopReason.Halted);
        ((FakeCpu)machine.Cpus[0])[1].Should().BeInRange(300_000, 300_002, "one instruction is one cycle");
        machine.Clock.Now.Should().BeInRange(18_750_000, 18_750_400);
    }

    [Test]
    public void Instructions_follow_the_clock_of_the_CPU_in_any_split_with_the_same_state()
    {
        var code = new Code(0x1000);
        uint loop = code.Here;
        code.Emit(Op.Add, 2, 0, 1)
            .Emit(Op.Write, 2, 6, RadioBoard.Radio)
            .Emit(Op.Read, 1, 6, RadioBoard.Radio + 4)
            .Emit(Op.Mix, 4, 1, 3)
            .Emit(Op.Jump, 0, 0, loop);
        using Machine whole = RadioBoard.Build(code);
        using Machine cut = RadioBoard.Build(code);
        whole.Run(500);
        for (int i = 0; i < 500; i++)
        {
            cut.Step();
            if (i % 50 == 7)
            {
                using Snapshot here = cut.Snapshot();
                cut.RunFor(10_000);
                cut.Restore(here);
            }
        }

        cut.StateHash().Should().Be(whole.StateHash());
        cut.Clock.Now.Should().Be(whole.Clock.Now);

        // the n-th of 100 rounds runs at 16 MHz / n, from the instruction after the one that changes it
        double expected = Enumerable.Range(1, 100).Sum(static n => 4 * n * 62.5) + Enumerable.Range(0, 100).Sum(static n => Math.Max(1, n) * 62.5);
        whole.Clock.Now.Should().BeInRange((long)expected - 400, (long)expected + 7_000);
        using Machine fork = whole.Fork();
        fork.Run(100);
        whole.Run(100);
        fork.StateHash().Should().Be(whole.StateHash());
    }
}
