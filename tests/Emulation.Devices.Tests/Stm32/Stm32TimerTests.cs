using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>RM0090 chapters 17 to 20, at 16 MHz: a cycle is 62.5 ns.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Stm32TimerTests
{
    private const ulong Cr1 = 0x00, Cr2 = 0x04, Smcr = 0x08, Dier = 0x0c, Sr = 0x10, Egr = 0x14, Ccmr1 = 0x18, Ccmr2 = 0x1c, Ccer = 0x20, Cnt = 0x24;
    private const ulong Psc = 0x28, Arr = 0x2c, Rcr = 0x30, Ccr1 = 0x34, Ccr2 = 0x38, Ccr4 = 0x40, Bdtr = 0x44, Dcr = 0x48, Dmar = 0x4c;
    private readonly Stm32Bench _bench = new();

    [Test]
    public void The_counter_is_exact_from_absolute_time_however_often_it_is_read()
    {
        Stm32Timer polled = Create("tim2", Stm32TimerOptions.General32), left = Create("tim5", Stm32TimerOptions.General32);
        polled.Write(Cr1, 4, 1);
        left.Write(Cr1, 4, 1);
        ulong before = 0;
        for (int i = 0; i < 100_000; i++)
        {
            _bench.Devices.Advance(3);
            ulong now = polled.Read(Cnt, 4);
            now.Should().BeGreaterThanOrEqualTo(before);
            before = now;
        }

        before.Should().Be(300_000 * 16 / 1000);
        left.Read(Cnt, 4).Should().Be(before);
        _bench.Devices.Clock.NextDeadline.Should().Be(long.MaxValue, "nobody waits for anything");
    }

    [Test]
    public void Only_enables_and_polarities_that_a_timer_has_are_kept()
    {
        foreach ((Stm32TimerOptions options, ulong kept) in new[] { (Stm32TimerOptions.Advanced, 0x3fffUL), (Stm32TimerOptions.General16, 0xbbbbUL) })
        {
            Stm32Timer timer = Create("tim", options);
            timer.Write(Ccer, 4, 0xffff_ffff);
            timer.Read(Ccer, 4).Should().Be(kept);
        }
    }

    [Test]
    public void Prescaler_and_reload_give_the_period()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        Configure(timer, psc: 3, arr: 9);
        timer.Write(Dier, 4, 1);
        timer.Write(Cr1, 4, 1);
        _bench.Cycles(38);
        timer.Read(Cnt, 4).Should().Be(9);
        timer.UpdateIrq.Level.Should().BeFalse();
        _bench.Cycles(2);
        timer.UpdateIrq.Level.Should().BeTrue();
        timer.Read(Cnt, 4).Should().Be(0);
        timer.Write(Sr, 4, 0);
        timer.UpdateIrq.Level.Should().BeFalse();
        _bench.Cycles((40 * 1_000_000L) + 12);
        timer.Read(Cnt, 4).Should().Be(3);
        timer.UpdateIrq.Level.Should().BeTrue();
    }

    [Test]
    public void Preloaded_values_wait_for_the_update()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        Configure(timer, psc: 0, arr: 9);
        timer.Write(Cr1, 4, 0x81);
        timer.Write(Arr, 4, 19);
        timer.Write(Psc, 4, 1);
        _bench.Cycles(10);
        timer.Read(Cnt, 4).Should().Be(0);
        _bench.Cycles(38);
        timer.Read(Cnt, 4).Should().Be(19);
        timer.Write(Cr1, 4, 1);
        timer.Write(Arr, 4, 29);
        _bench.Cycles(4);
        timer.Read(Cnt, 4).Should().Be(21, "without preload the new value counts at once");
    }

    [Test]
    public void Counting_down_reloads_at_zero()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Cr1, 4, 0x10);
        Configure(timer, psc: 0, arr: 9);
        timer.Read(Cnt, 4).Should().Be(9);
        timer.Write(Cr1, 4, 0x11);
        _bench.Cycles(9);
        timer.Read(Cnt, 4).Should().Be(0);
        (timer.Read(Sr, 4) & 1).Should().Be(0);
        _bench.Cycles(1);
        timer.Read(Cnt, 4).Should().Be(9);
        (timer.Read(Sr, 4) & 1).Should().Be(1);
    }

    [Test]
    public void Centre_aligned_it_turns_round_at_both_ends()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Cr1, 4, 0x60);
        Configure(timer, psc: 0, arr: 4);
        timer.Write(Cr1, 4, 0x61);
        var counts = new List<ulong>();
        for (int i = 0; i < 10; i++)
        {
            counts.Add(timer.Read(Cnt, 4));
            _bench.Cycles(1);
        }

        counts.Should().Equal(0, 1, 2, 3, 4, 3, 2, 1, 0, 1);
    }

    [Test]
    public void One_pulse_stops_at_the_update()
    {
        Stm32Timer timer = Create("tim6", Stm32TimerOptions.Basic);
        Configure(timer, psc: 0, arr: 99);
        timer.Write(Cr1, 4, 9);
        _bench.Cycles(1000);
        timer.Read(Cr1, 4).Should().Be(8);
        timer.Read(Cnt, 4).Should().Be(0);
        timer.Read(Sr, 4).Should().Be(1);
    }

    [Test]
    public void UDIS_and_URS_hold_updates_back()
    {
        Stm32Timer timer = Create("tim6", Stm32TimerOptions.Basic);
        timer.Write(Cr1, 4, 4);
        timer.Write(Egr, 4, 1);
        timer.Read(Sr, 4).Should().Be(0, "UG with URS");
        timer.Write(Arr, 4, 9);
        timer.Write(Cr1, 4, 3);
        _bench.Cycles(20);
        timer.Read(Sr, 4).Should().Be(0, "UDIS");
        timer.Read(Cnt, 4).Should().Be(0);
    }

    [Test]
    public void The_repetition_counter_thins_updates_out()
    {
        Stm32Timer timer = Create("tim1", Stm32TimerOptions.Advanced);
        timer.Write(Rcr, 4, 2);
        Configure(timer, psc: 0, arr: 9);
        timer.Write(Cr1, 4, 1);
        _bench.Cycles(29);
        (timer.Read(Sr, 4) & 1).Should().Be(0);
        _bench.Cycles(1);
        (timer.Read(Sr, 4) & 1).Should().Be(1);
        timer.Write(Sr, 4, 0);
        _bench.Cycles(29);
        (timer.Read(Sr, 4) & 1).Should().Be(0);
        _bench.Cycles(2 + (30 * 100_000));
        timer.Write(Sr, 4, 0);
        _bench.Cycles(28);
        (timer.Read(Sr, 4) & 1).Should().Be(0, "the skipped periods count as well");
        _bench.Cycles(1);
        (timer.Read(Sr, 4) & 1).Should().Be(1);
    }

    [TestCase(6, "HHHLLLLLLLHHH")]
    [TestCase(7, "LLLHHHHHHHLLL")]
    [TestCase(3, "LLLHHHHHHHHHH")]
    [TestCase(1, "LLLHHHHHHHHHH")]
    [TestCase(2, "LLLLLLLLLLLLL")]
    [TestCase(5, "HHHHHHHHHHHHH")]
    [TestCase(4, "LLLLLLLLLLLLL")]
    [TestCase(0, "LLLLLLLLLLLLL")]
    public void Output_compare_modes(int mode, string levels)
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Ccmr1, 4, (ulong)mode << 4);
        timer.Write(Ccr1, 4, 3);
        timer.Write(Ccer, 4, 1);
        Configure(timer, psc: 0, arr: 9);
        timer.Write(Cr1, 4, 1);
        string seen = "";
        for (int i = 0; i < 13; i++)
        {
            seen += timer.Channel(1).Output == PinDrive.High ? 'H' : 'L';
            _bench.Cycles(1);
        }

        seen.Should().Be(levels);
        (timer.Read(Sr, 4) & 2).Should().Be(2);
    }

    [Test]
    public void An_observed_output_changes_at_exact_times_and_an_unobserved_one_costs_nothing()
    {
        Stm32Timer timer = Create("tim4", Stm32TimerOptions.General16);
        timer.Write(Ccmr2, 4, 0x6868);
        timer.Write(Ccr1 + 8, 4, 400);
        timer.Write(Ccer, 4, 0x100);
        Configure(timer, psc: 0, arr: 1599);
        timer.Write(Cr1, 4, 1);
        _bench.Devices.Clock.NextDeadline.Should().Be(long.MaxValue);
        _bench.Devices.Advance(1_000_000);
        var edges = new List<(long, PinDrive)>();
        void OnChanged() => edges.Add((_bench.Devices.Now, timer.Channel(3).Output));
        timer.Channel(3).OutputChanged += OnChanged;
        _bench.Devices.Advance(200_000);
        edges.Should().Equal((1_025_000, PinDrive.Low), (1_100_000, PinDrive.High), (1_125_000, PinDrive.Low), (1_200_000, PinDrive.High));
        timer.Channel(3).OutputChanged -= OnChanged;
        _bench.Devices.Advance(100_000);
        _bench.Devices.Clock.NextDeadline.Should().Be(long.MaxValue);
    }

    [Test]
    public void Complementary_outputs_keep_their_dead_time_and_a_break_stops_them()
    {
        Stm32Timer timer = Create("tim1", Stm32TimerOptions.Advanced);
        timer.Write(Ccmr1, 4, 0x60);
        timer.Write(Ccr1, 4, 80);
        timer.Write(Ccer, 4, 5);
        Configure(timer, psc: 0, arr: 159);
        timer.Write(Bdtr, 4, 0x3000 | 16);
        timer.Channel(1).Output.Should().Be(PinDrive.Floating, "MOE is off");
        timer.BreakInput.SetInput(false);
        timer.Write(Bdtr, 4, 0x8000 | 0x3000 | 16);
        var edges = new List<string>();
        timer.Channel(1).OutputChanged += () => edges.Add($"{_bench.Devices.Now} {timer.Channel(1).Output}");
        timer.Complement(1).OutputChanged += () => edges.Add($"{_bench.Devices.Now} N{timer.Complement(1).Output}");
        _bench.Cycles(160);
        edges.Clear();
        timer.Write(Cr1, 4, 1);
        long start = _bench.Devices.Now;
        _bench.Cycles(180);
        edges.Should().Equal($"{start + 5000} Low", $"{start + 6000} NHigh", $"{start + 10000} NLow", $"{start + 11000} High");
        timer.Write(Dier, 4, 0x80);
        timer.BreakInput.SetInput(true);
        timer.BreakIrq.Level.Should().BeTrue();
        timer.Channel(1).Output.Should().Be(PinDrive.Floating);
        (timer.Read(Bdtr, 4) & 0x8000).Should().Be(0);
        timer.Write(Sr, 4, 0);
        timer.BreakIrq.Level.Should().BeTrue("the input is still active");
        timer.BreakInput.SetInput(false);
        timer.Write(Sr, 4, 0);
        timer.BreakIrq.Level.Should().BeFalse();
    }

    [Test]
    public void A_lock_keeps_what_it_covers()
    {
        Stm32Timer timer = Create("tim1", Stm32TimerOptions.Advanced);
        timer.Write(Bdtr, 4, 0x210);
        timer.Write(Bdtr, 4, 0x83ff);
        timer.Read(Bdtr, 4).Should().Be(0x8210);
        timer.Write(Ccer, 4, 0xf);
        timer.Read(Ccer, 4).Should().Be(5);
    }

    [Test]
    public void Captures_take_the_count_and_overcapture()
    {
        Stm32Timer timer = Create("tim2", Stm32TimerOptions.General32);
        timer.Write(Ccmr1, 4, 1);
        timer.Write(Ccer, 4, 1);
        timer.Write(Dier, 4, 2);
        timer.Write(Cr1, 4, 1);
        _bench.Cycles(100);
        timer.Channel(1).SetInput(true);
        timer.UpdateIrq.Level.Should().BeTrue();
        timer.Read(Sr, 4).Should().Be(2);
        timer.Read(Ccr1, 4).Should().Be(100);
        timer.Read(Sr, 4).Should().Be(0);
        timer.Channel(1).SetInput(false);
        timer.Channel(1).SetInput(true);
        timer.Channel(1).SetInput(false);
        timer.Channel(1).SetInput(true);
        timer.Read(Sr, 4).Should().Be(0x202);
    }

    [TestCase(0UL, 2)]
    [TestCase(2UL, 2)]
    [TestCase(0xaUL, 4)]
    public void Captures_choose_their_edges(ulong polarity, int captures)
    {
        Stm32Timer timer = Create("tim2", Stm32TimerOptions.General32);
        timer.Write(Ccmr1, 4, 1);
        timer.Write(Ccer, 4, 1 | polarity);
        timer.Write(Cr1, 4, 1);
        int seen = 0;
        for (int i = 0; i < 4; i++)
        {
            timer.Channel(1).SetInput(i % 2 == 0);
            seen += (timer.Read(Sr, 4) & 2) != 0 ? 1 : 0;
            timer.Write(Sr, 4, 0);
        }

        seen.Should().Be(captures);
    }

    [Test]
    public void The_input_prescaler_and_filter_swallow_edges()
    {
        Stm32Timer timer = Create("tim2", Stm32TimerOptions.General32);
        timer.Write(Ccmr1, 4, 1 | (1 << 2) | (3 << 4));
        timer.Write(Ccer, 4, 1);
        timer.Write(Cr1, 4, 1);
        _bench.Cycles(10);
        timer.Channel(1).SetInput(true);
        _bench.Cycles(4);
        timer.Channel(1).SetInput(false);
        _bench.Cycles(20);
        timer.Read(Sr, 4).Should().Be(0, "a glitch of 4 samples where 8 are wanted");
        for (int i = 0; i < 4; i++)
        {
            timer.Channel(1).SetInput(i % 2 == 0);
            _bench.Cycles(10);
        }

        timer.Read(Sr, 4).Should().Be(2);
        timer.Read(Ccr1, 4).Should().Be(34 + 20 + 8, "every second edge, 8 cycles late");
    }

    [Test]
    public void PWM_input_measures_period_and_width()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Ccmr1, 4, 0x201);
        timer.Write(Ccer, 4, 0x31);
        timer.Write(Smcr, 4, 0x54);
        timer.Write(Cr1, 4, 1);
        for (int i = 0; i < 3; i++)
        {
            timer.Channel(1).SetInput(true);
            _bench.Cycles(60);
            timer.Channel(1).SetInput(false);
            _bench.Cycles(140);
        }

        timer.Channel(1).SetInput(true);
        timer.Read(Ccr1, 4).Should().Be(200);
        timer.Read(Ccr2, 4).Should().Be(60);
        timer.Read(Cnt, 4).Should().Be(0);
    }

    [Test]
    public void The_XOR_of_three_inputs_reaches_channel_1()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Cr2, 4, 0x80);
        timer.Write(Ccmr1, 4, 1);
        timer.Write(Ccer, 4, 0xb);
        timer.Channel(3).SetInput(true);
        timer.Read(Sr, 4).Should().Be(2);
        timer.Write(Sr, 4, 0);
        timer.Channel(2).SetInput(true);
        timer.Read(Sr, 4).Should().Be(2);
    }

    [TestCase(3UL, 8, 4)]
    [TestCase(1UL, 4, 4)]
    [TestCase(2UL, 4, 4)]
    public void Encoders_count_both_ways(ulong mode, int perTurn, int quarters)
    {
        Stm32Timer timer = Create("tim4", Stm32TimerOptions.General16);
        timer.Write(Ccmr1, 4, 0x101);
        timer.Write(Smcr, 4, mode);
        timer.Write(Arr, 4, 99);
        timer.Write(Cr1, 4, 1);
        for (int i = 0; i < 2 * quarters; i++)
            Quadrature(timer, i);
        timer.Read(Cnt, 4).Should().Be((ulong)perTurn);
        (timer.Read(Cr1, 4) & 0x10).Should().Be(0);
        for (int i = (2 * quarters) - 1; i >= -(2 * quarters); i--)
            Quadrature(timer, i - 1);
        timer.Read(Cnt, 4).Should().Be(100 - (ulong)perTurn);
        (timer.Read(Cr1, 4) & 0x10).Should().Be(0x10);
        (timer.Read(Sr, 4) & 1).Should().Be(1, "it underflowed");
    }

    [Test]
    public void A_master_clocks_a_slave()
    {
        Stm32Timer master = Create("tim2", Stm32TimerOptions.General32), slave = Create("tim3", Stm32TimerOptions.General16);
        slave.ConnectTrigger(1, master.TriggerOutput);
        Configure(master, psc: 0, arr: 99);
        master.Write(Cr2, 4, 0x20);
        slave.Write(Smcr, 4, 0x17);
        slave.Write(Cr1, 4, 1);
        master.Write(Cr1, 4, 1);
        _bench.Cycles(1050);
        slave.Read(Cnt, 4).Should().Be(10);
        slave.Write(Smcr, 4, 0);
        _bench.Cycles(100);
        _bench.Devices.Clock.NextDeadline.Should().Be(long.MaxValue);
    }

    [Test]
    public void Trigger_reset_and_gated_mode()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Ccmr1, 4, 1);
        timer.Write(Smcr, 4, 0x56);
        _bench.Cycles(10);
        timer.Read(Cnt, 4).Should().Be(0);
        timer.Channel(1).SetInput(true);
        _bench.Cycles(10);
        timer.Read(Cnt, 4).Should().Be(10);
        (timer.Read(Sr, 4) & 0x40).Should().Be(0x40);
        timer.Write(Smcr, 4, 0x54);
        timer.Channel(1).SetInput(false);
        _bench.Cycles(10);
        timer.Channel(1).SetInput(true);
        timer.Read(Cnt, 4).Should().Be(0);
        timer.Write(Smcr, 4, 0x55);
        _bench.Cycles(10);
        timer.Channel(1).SetInput(false);
        _bench.Cycles(10);
        timer.Read(Cnt, 4).Should().Be(10);
        timer.Channel(1).SetInput(true);
        _bench.Cycles(10);
        timer.Read(Cnt, 4).Should().Be(20);
    }

    [Test]
    public void External_clock_mode_2_counts_ETR()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Smcr, 4, 0x5000);
        timer.Write(Cr1, 4, 1);
        for (int i = 0; i < 12; i++)
        {
            timer.ExternalTrigger.SetInput(i % 2 == 0);
            _bench.Cycles(3);
        }

        timer.Read(Cnt, 4).Should().Be(3, "six edges, divided by two");
    }

    [Test]
    public void DMA_bursts_write_several_registers()
    {
        Stm32Timer timer = Create("tim1", Stm32TimerOptions.Advanced);
        timer.Write(Dcr, 4, (2UL << 8) | 13);
        timer.Write(Dier, 4, 0x100);
        timer.Write(Egr, 4, 1);
        timer.UpdateRequest.Level.Should().BeTrue();
        for (ulong i = 1; i <= 3; i++)
        {
            timer.UpdateRequest.Level.Should().BeTrue();
            timer.Write(Dmar, 4, i);
            timer.UpdateRequest.Acknowledged!(false);
        }

        timer.UpdateRequest.Level.Should().BeFalse();
        timer.Read(Ccr1, 4).Should().Be(1);
        timer.Read(Ccr2, 4).Should().Be(2);
    }

    [Test]
    public void DMA_bursts_of_half_words_go_to_one_register_each()
    {
        Stm32Timer timer = Create("tim1", Stm32TimerOptions.Advanced);
        timer.Write(Dcr, 4, (2UL << 8) | 13);
        for (ulong i = 1; i <= 3; i++)
            timer.Write(Dmar, 2, i);
        timer.Read(Ccr1, 4).Should().Be(1);
        timer.Read(Ccr2, 4).Should().Be(2);
        timer.Read(0x3c, 4).Should().Be(3);
    }

    [Test]
    public void A_changed_or_stopped_clock_is_counted_exactly()
    {
        Stm32Timer timer = Create("tim2", Stm32TimerOptions.General32);
        timer.Write(Dier, 4, 2);
        timer.Write(Ccr1, 4, 400);
        timer.Write(Cr1, 4, 1);
        _bench.Cycles(100);
        _bench.Divider.Divider = 4;
        _bench.Cycles(400);
        timer.Read(Cnt, 4).Should().Be(200);
        _bench.Gate.Enabled = false;
        _bench.Devices.Advance(1_000_000);
        timer.Read(Cnt, 4).Should().Be(0, "its clock is off");
        _bench.Gate.Enabled = true;
        timer.Read(Cnt, 4).Should().Be(200);
        _bench.Cycles(799);
        timer.UpdateIrq.Level.Should().BeFalse();
        _bench.Cycles(1);
        timer.UpdateIrq.Level.Should().BeTrue();
    }

    [Test]
    public void An_edge_while_the_clock_is_off_is_seen_when_it_is_back()
    {
        Stm32Timer timer = Create("tim3", Stm32TimerOptions.General16);
        timer.Write(Ccmr1, 4, 1);
        timer.Write(Ccer, 4, 1);
        _bench.Gate.Enabled = false;
        timer.Channel(1).SetInput(true);
        _bench.Gate.Enabled = true;
        timer.Read(Sr, 4).Should().Be(2);
    }

    [Test]
    public void A_channel_captures_at_an_internal_trigger()
    {
        Stm32Timer master = Create("tim2", Stm32TimerOptions.General32), timer = Create("tim3", Stm32TimerOptions.General16);
        timer.ConnectTrigger(1, master.TriggerOutput);
        Configure(master, psc: 0, arr: 99);
        master.Write(Cr2, 4, 0x20);
        timer.Write(Smcr, 4, 0x10);
        timer.Write(Ccmr1, 4, 3);
        timer.Write(Ccer, 4, 1);
        timer.Write(Cr1, 4, 1);
        _bench.Cycles(10);
        master.Write(Cr1, 4, 1);
        _bench.Cycles(150);
        timer.Read(Ccr1, 4).Should().Be(110);
    }

    [Test]
    public void A_clock_is_measured_through_the_option_register()
    {
        ClockSource lsi = new ClockTree().Source("lsi", 32_000);
        Stm32Timer timer = Create("tim5", Stm32TimerOptions.General32 with { OptionMask = 0xc0 });
        timer.ConnectClock(4, 0x40, lsi);
        timer.Write(Ccmr2, 4, (1 << 8) | (3 << 10));
        timer.Write(Ccer, 4, 0x1000);
        timer.Write(Cr1, 4, 1);
        _bench.Devices.Advance(1_000_000);
        timer.Read(Sr, 4).Should().Be(0);
        timer.Write(0x50, 4, 0x40);
        _bench.Devices.Advance(1_000_000);
        ulong first = timer.Read(Ccr4, 4);
        _bench.Devices.Advance(250_000);
        (timer.Read(Ccr4, 4) - first).Should().Be(8 * 16_000 / 32);
        timer.Write(0x50, 4, 0);
        _bench.Devices.Clock.NextDeadline.Should().Be(long.MaxValue);
    }

    private static void Quadrature(Stm32Timer timer, int step)
    {
        // TI1 leads by a quarter
        timer.Channel(1).SetInput((step & 3) is 0 or 1);
        timer.Channel(2).SetInput((step & 3) is 1 or 2);
    }

    private static void Configure(Stm32Timer timer, ulong psc, ulong arr)
    {
        timer.Write(Psc, 4, psc);
        timer.Write(Arr, 4, arr);
        timer.Write(Egr, 4, 1);
        timer.Write(Sr, 4, 0);
    }

    private Stm32Timer Create(string name, Stm32TimerOptions options) => new(name, _bench.Devices.Log, _bench.Devices.Clock, _bench.Gate, options);
}
