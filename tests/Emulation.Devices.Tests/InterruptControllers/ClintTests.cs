using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class ClintTests
{
    private const ulong Compare0 = 0x4000, Compare1 = 0x4008, Time = 0xbff8;
    private DeviceBench _bench = null!;
    private Clint _clint = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new DeviceBench();
        _clint = new Clint("clint", _bench.Clock, _bench.Log, harts: 2);
    }

    [Test]
    public void Software_interrupts_follow_bit_0()
    {
        _clint.Write(4, 4, 0xffff_ffff);
        _clint.Read(4, 4).Should().Be(1);
        _clint.SoftwareInterrupt(1).Level.Should().BeTrue();
        _clint.SoftwareInterrupt(0).Level.Should().BeFalse();
        _clint.Write(4, 4, 2);
        _clint.SoftwareInterrupt(1).Level.Should().BeFalse();
    }

    [Test]
    public void Time_counts_at_its_frequency()
    {
        _bench.Advance(99);
        _clint.Read(Time, 8).Should().Be(0);
        _bench.Advance(1);
        _clint.Read(Time, 8).Should().Be(1);
        _bench.Advance(VirtualClock.Second * 1000);
        _clint.Read(Time, 8).Should().Be(10_000_000_001);
        _clint.Read(Time, 4).Should().Be(10_000_000_001 & 0xffff_ffff);
        _clint.Read(Time + 4, 4).Should().Be(10_000_000_001 >> 32);
    }

    [Test]
    public void The_timer_interrupt_comes_at_the_exact_nanosecond()
    {
        long raised = -1;
        _clint.TimerInterrupt(1).Connect(level => raised = level ? _bench.Now : raised);
        _bench.Advance(12_345);
        _clint.Write(Compare1, 8, 1000);
        _bench.Advance(1_000_000);
        raised.Should().Be(100_000);
        _clint.TimerInterrupt(0).Level.Should().BeFalse();
        _clint.Write(Compare1, 8, ulong.MaxValue);
        _clint.TimerInterrupt(1).Level.Should().BeFalse();
        _bench.Clock.NextDeadline.Should().Be(long.MaxValue);
    }

    [TestCase(3UL)]
    [TestCase(32_768UL)]
    [TestCase(1_000_003UL)]
    [TestCase(3_000_000_000UL)]
    public void Odd_frequencies_never_interrupt_early_or_late(ulong frequency)
    {
        var clint = new Clint("odd", _bench.Clock, _bench.Log, 1, frequency);
        ulong seen = 0;
        clint.TimerInterrupt(0).Connect(level => seen = level ? clint.Time : seen);
        for (ulong target = 1; target < 100; target += 7)
        {
            clint.Write(Compare0, 8, target);
            while (_bench.Clock.NextDeadline != long.MaxValue)
                _bench.Advance(_bench.Clock.NextDeadline - _bench.Now);
            seen.Should().BeGreaterThanOrEqualTo(target);
            VirtualClock.TicksAt(VirtualClock.TimeOf(target, frequency) - 1, frequency).Should().BeLessThan(target);
        }
    }

    [Test]
    public void A_compare_value_in_the_past_interrupts_at_once()
    {
        _bench.Advance(1_000_000);
        _clint.Write(Compare0, 8, 10_000);
        _clint.TimerInterrupt(0).Level.Should().BeTrue();
        _clint.Write(Compare0, 8, 10_001);
        _clint.TimerInterrupt(0).Level.Should().BeFalse();
        _bench.Advance(100);
        _clint.TimerInterrupt(0).Level.Should().BeTrue();
    }

    [Test]
    public void Halves_can_be_written_in_the_order_of_the_manual()
    {
        // high to all ones first, so that no value in between is in the past
        _bench.Advance(1_000_000);
        _clint.Write(Compare0, 4, 0xffff_ffff);
        _clint.Write(Compare0 + 4, 4, 0);
        _clint.TimerInterrupt(0).Level.Should().BeFalse();
        _clint.Write(Compare0, 4, 10_000);
        _clint.TimerInterrupt(0).Level.Should().BeTrue();
        _clint.Read(Compare0, 8).Should().Be(10_000);
    }

    [Test]
    public void Far_deadlines_are_no_deadlines()
    {
        _clint.Write(Compare0, 8, ulong.MaxValue - 1);
        _bench.Clock.NextDeadline.Should().Be(long.MaxValue);
        _clint.TimerInterrupt(0).Level.Should().BeFalse();
        _clint.TimeOf(ulong.MaxValue).Should().Be(long.MaxValue);
    }

    [Test]
    public void Writing_time_moves_every_timer()
    {
        int told = 0;
        _clint.TimeWritten += () => told++;
        _clint.Write(Compare0, 8, 1000);
        _clint.Write(Compare1, 8, 5000);
        _clint.Write(Time, 8, 2000);
        told.Should().Be(1);
        _clint.TimerInterrupt(0).Level.Should().BeTrue();
        _bench.Clock.NextDeadline.Should().Be(300_000);
        _clint.TimeOf(5000).Should().Be(300_000);
        _clint.Write(Time, 4, 0);
        _clint.TimerInterrupt(0).Level.Should().BeFalse();
        _clint.Write(Time + 4, 4, 1);
        _clint.Read(Time, 8).Should().Be(0x1_0000_0000);
    }

    [Test]
    public void Reset_restarts_time_at_zero()
    {
        _bench.Advance(12_345_678);
        _clint.Reset();
        _clint.Time.Should().Be(0);
        _clint.Read(Compare0, 8).Should().Be(ulong.MaxValue);
    }

    [Test]
    public void A_restored_timer_still_fires_on_time()
    {
        _clint.Write(Compare0, 8, 1000);
        _bench.Advance(50_000);
        byte[] state = DeviceBench.Save(_clint);
        var other = new DeviceBench(50_000);
        var loaded = new Clint("clint", other.Clock, other.Log, harts: 2);
        DeviceBench.Load(loaded, state);
        other.Advance(49_999);
        loaded.TimerInterrupt(0).Level.Should().BeFalse();
        other.Advance(1);
        loaded.TimerInterrupt(0).Level.Should().BeTrue();
    }
}
