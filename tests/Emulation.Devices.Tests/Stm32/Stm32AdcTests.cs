using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>RM0090 chapter 13. 16 MHz, ADCCLK 8 MHz: the shortest conversion takes 15 clocks of 125 ns.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Stm32AdcTests
{
    private const long Shortest = 1875;
    private const ulong Sr = 0x00, Cr1 = 0x04, Cr2 = 0x08, Smpr2 = 0x10, Jofr1 = 0x14, Htr = 0x24, Ltr = 0x28, Sqr1 = 0x2c, Sqr3 = 0x34, Jsqr = 0x38, Jdr1 = 0x3c, Jdr2 = 0x40, Dr = 0x4c;
    private const ulong Ccr = 0x304, Cdr = 0x308, On = 1, Cont = 2, Dma = 0x100, Dds = 0x200, Eocs = 0x400, Start = 1 << 30, StartInjected = 1 << 22;
    private readonly Stm32Bench _bench = new();
    private readonly Stm32Adc _adc;

    public Stm32AdcTests()
    {
        _adc = new Stm32Adc("adc", _bench.Devices.Log, _bench.Devices.Clock, [_bench.Gate, _bench.Divider, _bench.Divider]);
        _adc.SetInput(1, 0, 1650);
        _adc.SetInput(1, 1, 3300);
        _adc.SetInput(1, 2, 330);
        _adc.SetInput(1, 3, 5000);
        _adc.SetInput(2, 0, 800);
    }

    [Test]
    public void A_conversion_takes_sampling_time_and_bits()
    {
        _adc.Write(Cr2, 4, On);
        _adc.Write(Cr1, 4, 0x20);
        _adc.Write(Cr2, 4, On | Start);
        _adc.Read(Sr, 4).Should().Be(0x10);
        (_adc.Read(Cr2, 4) & Start).Should().Be(0);
        _bench.Devices.Advance(Shortest - 1);
        _adc.Irq.Level.Should().BeFalse();
        _bench.Devices.Advance(1);
        _adc.Irq.Level.Should().BeTrue();
        _adc.Read(Sr, 4).Should().Be(0x12);
        _adc.Read(Dr, 4).Should().Be(2048);
        _adc.Irq.Level.Should().BeFalse();
        _adc.Write(Smpr2, 4, 7);
        _adc.Write(Cr1, 4, 0x20 | (3 << 24));
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance((486 * 125) - 1);
        _adc.Irq.Level.Should().BeFalse();
        _bench.Devices.Advance(1);
        _adc.Read(Dr, 4).Should().Be(32);
    }

    [TestCase(0UL, 0UL, 2048UL)]
    [TestCase(1UL, 0UL, 512UL)]
    [TestCase(2UL, 0UL, 128UL)]
    [TestCase(3UL, 0UL, 32UL)]
    [TestCase(0UL, 0x800UL, 0x8000UL)]
    [TestCase(1UL, 0x800UL, 0x8000UL)]
    [TestCase(3UL, 0x800UL, 0x80UL)]
    public void Resolutions_and_alignment(ulong resolution, ulong align, ulong expected)
    {
        _adc.Write(Cr1, 4, resolution << 24);
        _adc.Write(Cr2, 4, On | align);
        _adc.Write(Cr2, 4, On | align | Start);
        _bench.Devices.Advance(Shortest);
        _adc.Read(Dr, 4).Should().Be(expected);
    }

    [Test]
    public void A_scan_with_DMA_brings_each_result_and_ends_with_the_last_transfer()
    {
        Scan3();
        DmaRequest request = _adc.DmaRequests.First();
        _adc.Write(Cr2, 4, On | Dma | Cont);
        _adc.Write(Cr2, 4, On | Dma | Cont | Start);
        var results = new List<ulong>();
        for (int i = 0; i < 3; i++)
        {
            _bench.Devices.Advance(Shortest);
            request.Level.Should().BeTrue();
            results.Add(_adc.Read(Dr, 4));
            request.Acknowledged!(i == 2);
        }

        results.Should().Equal(2048, 4095, 410);
        _bench.Devices.Advance(Shortest);
        request.Level.Should().BeFalse("DDS is 0");
        _bench.Devices.Advance(Shortest);
        (_adc.Read(Sr, 4) & 0x20).Should().Be(0x20, "and the converter went on");
    }

    [Test]
    public void An_unserved_request_overruns()
    {
        Scan3();
        _adc.Write(Cr1, 4, 0x100 | (1 << 26));
        _adc.Write(Cr2, 4, On | Dma | Dds);
        _adc.Write(Cr2, 4, On | Dma | Dds | Start);
        _bench.Devices.Advance(2 * Shortest);
        _adc.Irq.Level.Should().BeTrue();
        _adc.Read(Dr, 4).Should().Be(2048, "the old result stays");
        _adc.DmaRequests.First().Level.Should().BeFalse();
        _adc.Write(Sr, 4, 0);
        _adc.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void EOCS_tells_each_conversion()
    {
        Scan3();
        _adc.Write(Cr2, 4, On | Eocs);
        _adc.Write(Cr2, 4, On | Eocs | Start);
        foreach (ulong expected in new ulong[] { 2048, 4095, 410 })
        {
            _bench.Devices.Advance(Shortest);
            (_adc.Read(Sr, 4) & 2).Should().Be(2);
            _adc.Read(Dr, 4).Should().Be(expected);
        }
    }

    [Test]
    public void Discontinuous_groups_wait_for_triggers()
    {
        Scan3();
        _adc.Write(Cr1, 4, 0x100 | 0x800 | (1 << 13));
        _adc.Write(Cr2, 4, On);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(10 * Shortest);
        (_adc.Read(Sr, 4) & 2).Should().Be(0);
        _adc.Read(Dr, 4).Should().Be(4095);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(Shortest);
        (_adc.Read(Sr, 4) & 2).Should().Be(2);
        _adc.Read(Dr, 4).Should().Be(410);
    }

    [Test]
    public void Continuous_conversions_cost_nothing_and_are_exact_when_read()
    {
        _adc.SetInput(1, 4, static time => (int)(time / 1_000_000));
        _adc.Write(Sqr3, 4, 4);
        _adc.Write(Cr2, 4, On | Cont);
        _adc.Write(Cr2, 4, On | Cont | Start);
        _bench.Devices.Advance(3 * Shortest);
        _bench.Devices.Clock.NextDeadline.Should().Be(long.MaxValue);
        _bench.Devices.Advance(1_000_000_000);
        _adc.Read(Sr, 4).Should().Be(0x12);
        // the last conversion that ended by now; its sampling ended 12 clocks before
        long sampled = (_bench.Devices.Now / Shortest * Shortest) - 1500;
        _adc.Read(Dr, 4).Should().Be((ulong)(((sampled / 1_000_000 * 4095) + 1650) / 3300));
    }

    [Test]
    public void Injected_conversions_interrupt_regular_ones()
    {
        Scan3();
        _adc.Write(Jsqr, 4, (1UL << 20) | (2UL << 10) | (1UL << 15));
        _adc.Write(Jofr1, 4, 500);
        _adc.Write(Cr2, 4, On);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(1000);
        _adc.Write(Cr2, 4, On | StartInjected);
        _bench.Devices.Advance(2 * Shortest);
        _adc.Read(Sr, 4).Should().Be(0x1c);
        _adc.Read(Jdr1, 4).Should().Be(unchecked((ushort)(410 - 500)));
        _adc.Read(Jdr2, 4).Should().Be(4095);
        _bench.Devices.Advance((3 * Shortest) - 1);
        (_adc.Read(Sr, 4) & 2).Should().Be(0);
        _bench.Devices.Advance(1);
        (_adc.Read(Sr, 4) & 2).Should().Be(2);
    }

    [Test]
    public void The_watchdog_guards_a_window()
    {
        _adc.Write(Htr, 4, 3000);
        _adc.Write(Ltr, 4, 1000);
        _adc.Write(Cr1, 4, (1 << 23) | 0x40);
        _adc.Write(Cr2, 4, On);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(Shortest);
        _adc.Irq.Level.Should().BeFalse();
        _adc.Write(Sqr3, 4, 2);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(Shortest);
        _adc.Irq.Level.Should().BeTrue();
        (_adc.Read(Sr, 4) & 1).Should().Be(1);
    }

    [Test]
    public void A_timer_triggers_conversions()
    {
        var timer = new Stm32Timer("tim2", _bench.Devices.Log, _bench.Devices.Clock, _bench.Gate, Stm32TimerOptions.General32);
        _adc.ConnectTrigger(6, injected: false, timer.TriggerOutput);
        timer.Write(0x2c, 4, 1599);
        timer.Write(0x04, 4, 0x20);
        timer.Write(0x00, 4, 1);
        _bench.Devices.Clock.NextDeadline.Should().Be(long.MaxValue);
        _adc.Write(Cr1, 4, 0x20);
        _adc.Write(Cr2, 4, On | (6 << 24) | (1 << 28));
        timer.Write(0x14, 4, 1);
        _bench.Devices.Advance(100_000 + Shortest - 1);
        (_adc.Read(Sr, 4) & 2).Should().Be(2, "UG was an update as well");
        _adc.Read(Dr, 4);
        _bench.Devices.Advance(1);
        _adc.Irq.Level.Should().BeTrue();
    }

    [Test]
    public void Internal_channels_need_their_switches()
    {
        _adc.Celsius = 45;
        _adc.Write(Cr2, 4, On);
        foreach ((ulong channel, ulong ccr, ulong expected) in new (ulong, ulong, ulong)[] { (16, 0, 0), (16, 1 << 23, 1005), (17, 1 << 23, 1502), (18, 1 << 22, 2048) })
        {
            _adc.Write(Ccr, 4, ccr);
            _adc.Write(Sqr3, 4, channel);
            _adc.Write(Cr2, 4, On | Start);
            _bench.Devices.Advance(Shortest);
            _adc.Read(Dr, 4).Should().Be(expected);
        }
    }

    [Test]
    public void Dual_regular_simultaneous_mode_packs_two_results()
    {
        _adc.Write(Ccr, 4, 6 | (2 << 14) | (1 << 13));
        _adc.Write(Cr2, 4, On);
        _adc.Write(0x100 + Cr2, 4, On);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(Shortest);
        _adc.DmaRequests.First().Level.Should().BeTrue();
        _adc.Read(Cdr, 4).Should().Be((993UL << 16) | 2048);
        _adc.DmaRequests.First().Acknowledged!(false);
        _adc.DmaRequests.First().Level.Should().BeFalse();
        (_adc.Read(0x300, 4) & 0x0202).Should().Be(0x0202);
    }

    [Test]
    public void Interleaved_mode_starts_the_second_later()
    {
        _adc.Write(Ccr, 4, 7);
        _adc.Write(Cr2, 4, On);
        _adc.Write(0x100 + Cr2, 4, On);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(Shortest);
        (_adc.Read(0x300, 4) & 0x0202).Should().Be(0x0002);
        _bench.Devices.Advance(5 * 125);
        (_adc.Read(0x300, 4) & 0x0202).Should().Be(0x0202);
    }

    [Test]
    public void A_pin_is_measured_and_a_gated_clock_answers_nothing()
    {
        var pin = new Pin("PA1");
        _adc.Connect(1, 1, pin);
        pin.Driver("pot").SetVoltage(1000);
        _adc.Write(Sqr3, 4, 1);
        _adc.Write(Cr2, 4, On);
        _adc.Write(Cr2, 4, On | Start);
        _bench.Devices.Advance(1000);
        _bench.Gate.Enabled = false;
        _bench.Devices.Advance(10_000);
        _adc.Read(Cr2, 4).Should().Be(0);
        _adc.Read(0x100 + Cr2, 4).Should().Be(0);
        _bench.Gate.Enabled = true;
        (_adc.Read(Sr, 4) & 2).Should().Be(0);
        _bench.Devices.Advance(1000);
        _adc.Read(Dr, 4).Should().Be(1241);
    }

    private void Scan3()
    {
        _adc.Write(Cr1, 4, 0x100);
        _adc.Write(Sqr1, 4, 2UL << 20);
        _adc.Write(Sqr3, 4, (1 << 5) | (2 << 10));
    }
}
