namespace Emulation.Devices.Tests;

/// <summary>SP804: DDI 0271D; SP805: DDI 0270B. Both at 1 MHz.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Sp804Tests
{
    private const long Microsecond = 1000;
    private readonly DeviceBench _bench = new();

    [Test]
    public void A_periodic_counter_interrupts_each_time()
    {
        var timer = new Sp804("timer", _bench.Clock, _bench.Log);
        timer.Write(0x00, 4, 9);
        timer.Write(0x08, 4, 0xe2);
        timer.Read(0x04, 4).Should().Be(9);
        _bench.Advance(8 * Microsecond);
        timer.Read(0x04, 4).Should().Be(1);
        timer.Irq(0).Level.Should().BeFalse();
        _bench.Advance(Microsecond);
        timer.Read(0x04, 4).Should().Be(0);
        timer.Irq(0).Level.Should().BeTrue();
        timer.Combined.Level.Should().BeTrue();
        timer.Irq(1).Level.Should().BeFalse();
        timer.Write(0x0c, 4, 0);
        timer.Combined.Level.Should().BeFalse();
        _bench.Advance(Microsecond);
        timer.Read(0x04, 4).Should().Be(9);
        _bench.Advance((9 + (10 * 1000)) * Microsecond);
        timer.Read(0x04, 4).Should().Be(0);
        timer.Read(0x10, 4).Should().Be(1);
    }

    [Test]
    public void A_counter_runs_freely_with_16_bits_and_a_divider()
    {
        var timer = new Sp804("timer", _bench.Clock, _bench.Log);
        timer.Write(0x28, 4, 0x84);
        timer.Write(0x20, 4, 0x5_0002);
        timer.Read(0x24, 4).Should().Be(2);
        _bench.Advance(3 * 16 * Microsecond);
        timer.Read(0x24, 4).Should().Be(0xffff);
        timer.Read(0x30, 4).Should().Be(1);
        timer.Irq(1).Level.Should().BeFalse("not enabled");
    }

    [Test]
    public void A_single_shot_stops_at_zero()
    {
        var timer = new Sp804("timer", _bench.Clock, _bench.Log);
        timer.Write(0x08, 4, 0xa3);
        timer.Write(0x00, 4, 5);
        _bench.Advance(100 * Microsecond);
        timer.Read(0x04, 4).Should().Be(0);
        timer.Write(0x0c, 4, 0);
        _bench.Advance(100 * Microsecond);
        timer.Irq(0).Level.Should().BeFalse();
    }

    [Test]
    public void A_watchdog_that_nobody_serves_resets()
    {
        var watchdog = new Sp805("watchdog", _bench.Clock, _bench.Log);
        watchdog.Write(0x00, 4, 99);
        watchdog.Write(0x08, 4, 3);
        _bench.Advance(99 * Microsecond);
        watchdog.Irq.Level.Should().BeTrue();
        watchdog.Write(0x0c, 4, 1);
        watchdog.Irq.Level.Should().BeFalse();
        watchdog.Read(0x04, 4).Should().Be(99);
        _bench.Advance(100 * Microsecond);
        watchdog.ResetRequest.Level.Should().BeFalse();
        _bench.Advance(100 * Microsecond);
        watchdog.ResetRequest.Level.Should().BeTrue();
    }

    [Test]
    public void A_locked_watchdog_takes_no_writes()
    {
        var watchdog = new Sp805("watchdog", _bench.Clock, _bench.Log);
        watchdog.Write(0xc00, 4, 1);
        watchdog.Read(0xc00, 4).Should().Be(1);
        watchdog.Write(0x00, 4, 5);
        watchdog.Read(0x00, 4).Should().Be(uint.MaxValue);
        watchdog.Write(0xc00, 4, 0x1acc_e551);
        watchdog.Write(0x00, 4, 5);
        watchdog.Read(0x00, 4).Should().Be(5);
    }
}
