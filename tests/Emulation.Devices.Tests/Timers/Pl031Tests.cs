using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>PL031: DDI 0224C.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Pl031Tests
{
    private readonly DeviceBench _bench = new();

    [Test]
    public void It_counts_seconds_from_the_epoch_and_can_be_set()
    {
        var rtc = new Pl031("rtc", _bench.Clock, _bench.Log, epoch: 1_700_000_000_500_000_000);
        rtc.Read(0, 4).Should().Be(1_700_000_000);
        _bench.Advance(500_000_000);
        rtc.Read(0, 4).Should().Be(1_700_000_001);
        rtc.Write(8, 4, 5);
        rtc.Read(8, 4).Should().Be(5);
        _bench.Advance(3 * VirtualClock.Second);
        rtc.Read(0, 4).Should().Be(8);
        rtc.Read(0xc, 4).Should().Be(1);
    }

    [Test]
    public void It_interrupts_at_the_beginning_of_the_matching_second()
    {
        var rtc = new Pl031("rtc", _bench.Clock, _bench.Log, epoch: 500_000_000);
        rtc.Write(4, 4, 2);
        rtc.Write(0x10, 4, 1);
        _bench.Advance(1_499_999_999);
        rtc.Irq.Level.Should().BeFalse();
        _bench.Advance(1);
        rtc.Irq.Level.Should().BeTrue();
        rtc.Read(0x14, 4).Should().Be(1);
        rtc.Read(0x18, 4).Should().Be(1);
        rtc.Write(0x1c, 4, 1);
        rtc.Irq.Level.Should().BeFalse();
        rtc.Read(0x14, 4).Should().Be(0);
    }
}
