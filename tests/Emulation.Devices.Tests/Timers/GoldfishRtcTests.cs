using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class GoldfishRtcTests
{
    private const ulong Epoch = 1_700_000_000_123_456_789;
    private const ulong TimeLow = 0, TimeHigh = 4, AlarmLow = 8, AlarmHigh = 0xc, IrqEnabled = 0x10, ClearAlarm = 0x14, AlarmStatus = 0x18, ClearInterrupt = 0x1c;
    private DeviceBench _bench = null!;
    private GoldfishRtc _rtc = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new DeviceBench();
        _rtc = new GoldfishRtc("rtc", _bench.Clock, _bench.Log, Epoch);
    }

    [Test]
    public void Reading_the_low_half_latches_the_high_half()
    {
        _bench.Advance(1_000_000_000);
        ulong low = _rtc.Read(TimeLow, 4);
        _bench.Advance(8_000_000_000);
        ulong high = _rtc.Read(TimeHigh, 4);
        ((high << 32) | low).Should().Be(Epoch + 1_000_000_000);
    }

    [Test]
    public void The_guest_can_set_the_time()
    {
        _bench.Advance(5);
        _rtc.Write(TimeHigh, 4, 0x1234);
        _rtc.Write(TimeLow, 4, 0x5678);
        _rtc.Time.Should().Be(0x1234_0000_5678);
        _bench.Advance(10);
        _rtc.Time.Should().Be(0x1234_0000_5678 + 10);
        _rtc.Reset();
        _rtc.Time.Should().Be(Epoch + 15);
    }

    [Test]
    public void The_alarm_interrupts_on_time_until_it_is_cleared()
    {
        SetAlarm(Epoch + 1000);
        _rtc.Write(IrqEnabled, 4, 1);
        _rtc.Read(AlarmStatus, 4).Should().Be(1);
        _bench.Advance(999);
        _rtc.Irq.Level.Should().BeFalse();
        _bench.Advance(1);
        _rtc.Irq.Level.Should().BeTrue();
        _rtc.Read(AlarmStatus, 4).Should().Be(0);
        _rtc.Write(ClearInterrupt, 4, 1);
        _rtc.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void An_alarm_in_the_past_interrupts_at_once_but_only_when_enabled()
    {
        SetAlarm(Epoch);
        _rtc.Irq.Level.Should().BeFalse();
        _rtc.Write(IrqEnabled, 4, 1);
        _rtc.Irq.Level.Should().BeTrue();
        _rtc.Write(IrqEnabled, 4, 0);
        _rtc.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void A_cleared_alarm_never_comes()
    {
        _rtc.Write(IrqEnabled, 4, 1);
        SetAlarm(Epoch + 1000);
        _rtc.Write(ClearAlarm, 4, 1);
        _rtc.Read(AlarmStatus, 4).Should().Be(0);
        _bench.Advance(10_000);
        _rtc.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void Setting_the_time_moves_an_armed_alarm()
    {
        _rtc.Write(IrqEnabled, 4, 1);
        SetAlarm(Epoch + 1000);
        _rtc.Write(TimeLow, 4, (Epoch + 600) & uint.MaxValue);
        _bench.Advance(399);
        _rtc.Irq.Level.Should().BeFalse();
        _bench.Advance(1);
        _rtc.Irq.Level.Should().BeTrue();
    }

    [Test]
    public void A_pending_interrupt_survives_a_snapshot()
    {
        _rtc.Write(IrqEnabled, 4, 1);
        SetAlarm(Epoch);
        var loaded = new GoldfishRtc("rtc", _bench.Clock, _bench.Log, Epoch);
        DeviceBench.Load(loaded, DeviceBench.Save(_rtc));
        loaded.Irq.Level.Should().BeTrue();
        loaded.Write(ClearInterrupt, 4, 0);
        loaded.Irq.Level.Should().BeFalse();
    }

    private void SetAlarm(ulong at)
    {
        _rtc.Write(AlarmHigh, 4, at >> 32);
        _rtc.Write(AlarmLow, 4, at & uint.MaxValue);
    }
}
