using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

public sealed class CmsdkTimerTests
{
    private const ulong Ctrl = 0, Value = 4, Reload = 8, Status = 12;
    private DeviceBench _bench = null!;
    private ClockDivider _clock = null!;
    private CmsdkTimer _timer = null!;

    [SetUp]
    public void Create()
    {
        _bench = new DeviceBench();
        var tree = new ClockTree();
        _clock = tree.Divider("PCLK", tree.Source("osc", 1_000_000));
        _timer = new CmsdkTimer("timer", _clock, _bench.Clock, _bench.Log);
    }

    [Test]
    public void It_counts_down_interrupts_at_zero_and_begins_anew()
    {
        _timer.Write(Reload, 4, 9);
        _timer.Write(Value, 4, 4);
        _timer.Write(Ctrl, 4, 9);
        _bench.Advance(3_999);
        (_timer.Read(Value, 4), _timer.Irq.Level).Should().Be((1ul, false));
        _bench.Advance(1);
        (_timer.Read(Value, 4), _timer.Irq.Level, _timer.Read(Status, 4)).Should().Be((0ul, true, 1ul));
        _timer.Write(Status, 4, 1);
        _timer.Irq.Level.Should().BeFalse();
        _bench.Advance(1_000);
        _timer.Read(Value, 4).Should().Be(9);
        _bench.Advance(9_000);
        _timer.Irq.Level.Should().BeTrue("ten cycles after the last time");
        for (int i = 0; i < 1_000; i++)
        {
            _timer.Write(Status, 4, 1);
            _bench.Advance(10_000);
            _timer.Irq.Level.Should().BeTrue();
        }
    }

    [Test]
    public void It_goes_on_exactly_when_its_clock_changes()
    {
        _timer.Write(Reload, 4, 999);
        _timer.Write(Value, 4, 100);
        _timer.Write(Ctrl, 4, 9);
        _bench.Advance(50_000);
        _clock.Divider = 10;
        _timer.Read(Value, 4).Should().Be(50);
        _bench.Advance(499_999);
        _timer.Irq.Level.Should().BeFalse();
        _bench.Advance(1);
        _timer.Irq.Level.Should().BeTrue();
        _clock.Set(0, 1);
        ulong stood = _timer.Read(Value, 4);
        _bench.Advance(1_000_000);
        _timer.Read(Value, 4).Should().Be(stood);
    }

    [Test]
    public void The_external_input_is_clock_or_enable()
    {
        _timer.Write(Reload, 4, 5);
        _timer.Write(Value, 4, 2);
        _timer.Write(Ctrl, 4, 0b1101);
        _bench.Advance(100_000);
        _timer.Read(Value, 4).Should().Be(2);
        for (int i = 0; i < 2; i++)
        {
            _timer.SetInput(true);
            _timer.SetInput(false);
        }

        (_timer.Read(Value, 4), _timer.Irq.Level).Should().Be((0ul, true));
        _timer.Write(Ctrl, 4, 0b0011);
        _timer.Write(Value, 4, 1_000);
        _bench.Advance(100_000);
        _timer.Read(Value, 4).Should().Be(1_000);
        _timer.SetInput(true);
        _bench.Advance(100_000);
        _timer.SetInput(false);
        _bench.Advance(100_000);
        _timer.Read(Value, 4).Should().Be(900);
    }
}
