namespace Emulation.Core.Tests.Time;

public sealed class VirtualClockTests
{
    [Test]
    public void Timers_expire_by_deadline_then_by_order_of_arming()
    {
        long now = 0;
        var clock = new VirtualClock();
        clock.SetSource(() => now);
        var order = new List<string>();
        ClockTimer Timer(string name) => clock.CreateTimer(name, () => order.Add(name));
        ClockTimer a = Timer("a"), b = Timer("b"), c = Timer("c"), d = Timer("d");
        a.Arm(20);
        b.Arm(10);
        c.Arm(10);
        d.Arm(30);
        b.Arm(10);
        clock.NextDeadline.Should().Be(10);
        now = 9;
        clock.RunDue().Should().Be(0);
        now = 20;
        clock.RunDue().Should().Be(3);
        order.Should().Equal("c", "b", "a");
        clock.NextDeadline.Should().Be(30);
        d.Disarm();
        clock.NextDeadline.Should().Be(long.MaxValue);
    }

    [Test]
    public void A_timer_may_arm_itself_and_others_while_it_expires()
    {
        long now = 100;
        var clock = new VirtualClock();
        clock.SetSource(() => now);
        var order = new List<string>();
        ClockTimer second = clock.CreateTimer("second", () => order.Add("second"));
        ClockTimer first = null!;
        first = clock.CreateTimer("first", () =>
        {
            order.Add("first");
            second.Arm(50);
            first.Arm(150);
        });
        first.Arm(100);
        clock.RunDue().Should().Be(2);
        order.Should().Equal("first", "second");
        first.Deadline.Should().Be(150);
    }

    [Test]
    public void Order_survives_save_and_load()
    {
        var random = new Random(2);
        var (one, oneOrder, oneTimers) = Build();
        foreach (int i in Enumerable.Range(0, 200))
            oneTimers[random.Next(oneTimers.Length)].Arm(random.Next(5));
        var writer = new StateWriter();
        foreach (ClockTimer timer in oneTimers)
            timer.Save(writer);
        var (two, twoOrder, twoTimers) = Build();
        twoTimers[3].Arm(1);
        var reader = new StateReader("timers", 1, writer.Written.ToArray());
        foreach (ClockTimer timer in twoTimers)
            timer.Load(reader);
        one.RunDue();
        two.RunDue();
        twoOrder.Should().Equal(oneOrder);

        static (VirtualClock, List<int>, ClockTimer[]) Build()
        {
            var clock = new VirtualClock();
            clock.SetSource(() => 10);
            var order = new List<int>();
            return (clock, order, [.. Enumerable.Range(0, 8).Select(i => clock.CreateTimer($"t{i}", () => order.Add(i)))]);
        }
    }

    [TestCase(1UL)]
    [TestCase(32_768UL)]
    [TestCase(3_579_545UL)]
    [TestCase(16_000_000UL)]
    [TestCase(10_000_000_000UL)]
    public void Ticks_and_times_are_inverse_and_exact(ulong frequency)
    {
        foreach (ulong ticks in new ulong[] { 0, 1, 2, 999, 1_000_003, 1UL << 40 })
        {
            long time = VirtualClock.TimeOf(ticks, frequency);
            if (time == long.MaxValue)
                continue;
            VirtualClock.TicksAt(time, frequency).Should().BeGreaterThanOrEqualTo(ticks);
            if (time > 0)
                VirtualClock.TicksAt(time - 1, frequency).Should().BeLessThan(Math.Max(ticks, 1));
        }

        VirtualClock.TimeOf(ulong.MaxValue, 1).Should().Be(long.MaxValue);
    }

    [Test]
    public void The_earliest_deadline_is_announced()
    {
        var clock = new VirtualClock();
        var moved = new List<long>();
        clock.DeadlineMoved += moved.Add;
        ClockTimer a = clock.CreateTimer("a", () => { }), b = clock.CreateTimer("b", () => { });
        a.Arm(100);
        b.Arm(200);
        b.Arm(50);
        a.Arm(40);
        moved.Should().Equal(100, 50, 40);
    }
}
