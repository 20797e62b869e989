using Emulation.Core;

namespace Emulation.Devices.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Ds3231Tests
{
    private readonly DeviceBench _bench = new();
    private readonly Pin _line = new("SQW");
    private I2cBus _bus = null!;

    [SetUp]
    public void SetUp()
    {
        _bus = new I2cBus("i2c", _bench.Clock, _bench.Log);
        _line.Driver("pull").Set(PinDrive.PullUp);
    }

    [Test]
    public void Time_passes()
    {
        Attach(new DateTime(2024, 2, 28, 23, 59, 58));
        Read(0, 7).Should().Equal(0x58, 0x59, 0x23, 0x04, 0x28, 0x02, 0x24);
        Read(0x0e, 2).Should().Equal(0x1c, 0x08);
        _bench.Advance(2 * VirtualClock.Second);
        Read(0, 7).Should().Equal(0, 0, 0, 0x05, 0x29, 0x02, 0x24);
    }

    [Test]
    public void The_century_bit_and_twelve_hours()
    {
        Ds3231 clock = Attach(new DateTime(2099, 12, 31, 23, 59, 59));
        Write(2, 0x40 | 0x20 | 0x11);
        _bench.Advance(1);
        clock.Time.Hour.Should().Be(23);
        Read(2, 1).Should().Equal(0x71);
        _bench.Advance(VirtualClock.Second);
        Read(0, 7).Should().Equal(0, 0, 0x52, 0x06, 0x01, 0x81, 0x00);
    }

    [Test]
    public void Setting_the_seconds_restarts_the_second()
    {
        Ds3231 clock = Attach(new DateTime(2020, 1, 1));
        _bench.Advance(900_000_000);
        Write(0, 0x30, 0x15, 0x08, 0x03, 0x17, 0x06, 0x21);
        clock.Time.Should().Be(new DateTime(2021, 6, 17, 8, 15, 30));
        _bench.Advance(999_999_999);
        clock.Time.Second.Should().Be(30);
        _bench.Advance(1);
        Read(0, 4).Should().Equal(0x31, 0x15, 0x08, 0x03);
    }

    [Test]
    public void A_read_sees_one_moment()
    {
        Attach(new DateTime(2020, 1, 1, 0, 0, 59));
        _bus.Start(0x68, I2cDirection.Write);
        _bus.Write(0);
        _bus.Start(0x68, I2cDirection.Read);
        _bus.Read(true).Value.Should().Be(0x59);
        _bench.Advance(VirtualClock.Second);
        _bus.Read(false).Value.Should().Be(0x00, "minutes were latched with the seconds");
        _bus.Stop();
    }

    // table 2
    [TestCase(new byte[] { 0x80, 0x80, 0x80, 0x80 }, 1)]
    [TestCase(new byte[] { 0x05, 0x80, 0x80, 0x80 }, 5)]
    [TestCase(new byte[] { 0x05, 0x01, 0x80, 0x80 }, 65)]
    [TestCase(new byte[] { 0x05, 0x01, 0x01, 0x80 }, 3665)]
    [TestCase(new byte[] { 0x05, 0x01, 0x01, 0x02 }, 90_065)]
    [TestCase(new byte[] { 0x05, 0x01, 0x01, 0x45 }, 90_065)]
    public void Alarm_1(byte[] registers, int seconds)
    {
        // a Wednesday: day 4
        Attach(new DateTime(2020, 1, 1));
        Write(0x07, registers);
        Write(0x0e, 0x1d);
        _bench.Advance((seconds * VirtualClock.Second) - 1);
        _line.Level.Should().BeTrue();
        _bench.Advance(1);
        _line.Level.Should().BeFalse();
        (Read(0x0f, 1)[0] & 1).Should().Be(1);
        Write(0x0f, 0x08);
        _line.Level.Should().BeTrue();
    }

    [TestCase(new byte[] { 0x80, 0x80, 0x80 }, 60)]
    [TestCase(new byte[] { 0x02, 0x80, 0x80 }, 120)]
    [TestCase(new byte[] { 0x02, 0x01, 0x80 }, 3720)]
    public void Alarm_2(byte[] registers, int seconds)
    {
        Attach(new DateTime(2020, 1, 1));
        Write(0x0b, registers);
        Write(0x0e, 0x1e);
        _bench.Advance((seconds * VirtualClock.Second) - 1);
        _line.Level.Should().BeTrue();
        _bench.Advance(1);
        _line.Level.Should().BeFalse();
    }

    [TestCase(0x00, 1)]
    [TestCase(0x08, 1024)]
    [TestCase(0x18, 8192)]
    public void Square_wave(int control, int hertz)
    {
        Attach(new DateTime(2020, 1, 1));
        int rises = 0;
        _line.Changed += level => rises += level ? 1 : 0;
        Write(0x0e, (byte)control);
        _bench.Advance(10 * VirtualClock.Second);
        rises.Should().BeInRange((10 * hertz) - 1, (10 * hertz) + 1);
    }

    [Test]
    public void Aging_makes_it_slower()
    {
        Ds3231 clock = Attach(new DateTime(2020, 1, 1));
        Write(0x10, 100);
        _bench.Advance(100_000 * VirtualClock.Second);
        clock.Time.Should().Be(new DateTime(2020, 1, 1).AddSeconds(99_999), "10 ppm of 100,000 s are one second");
    }

    [Test]
    public void Temperature_is_converted_on_demand()
    {
        Ds3231 clock = Attach(new DateTime(2020, 1, 1));
        Read(0x11, 2).Should().Equal(25, 0);
        clock.Celsius = -0.75;
        Write(0x0e, 0x3c);
        (Read(0x0e, 2)[0] & 0x20).Should().Be(0x20);
        (Read(0x0f, 1)[0] & 4).Should().Be(4);
        _bench.Advance(125_000_000);
        Read(0x0e, 2).Should().Equal(0x1c, 0x08);
        Read(0x11, 2).Should().Equal(0xff, 0x40);
        clock.Celsius = 30;
        _bench.Advance(65 * VirtualClock.Second);
        Read(0x11, 1).Should().Equal(30);
    }

    [Test]
    public void Without_a_battery_the_time_is_lost()
    {
        Ds3231 clock = Attach(new DateTime(2020, 1, 1));
        clock.PowerCycle();
        clock.Time.Year.Should().Be(2020);
        clock.RemoveBattery();
        Read(0, 7).Should().Equal(0, 0, 0, 1, 1, 1, 0);
        (Read(0x0f, 1)[0] & 0x80).Should().Be(0x80);
        Write(0x0f, 0x80);
        (Read(0x0f, 1)[0] & 0x80).Should().Be(0x80, "it can only be cleared, by writing 0");
        Write(0x0f, 0);
        (Read(0x0f, 1)[0] & 0x80).Should().Be(0);
    }

    private Ds3231 Attach(DateTime start)
    {
        var clock = new Ds3231(start);
        clock.InterruptPin.Connect(_line);
        return _bus.Attach(0x68, clock);
    }

    private void Write(int register, params byte[] bytes)
    {
        _bus.Start(0x68, I2cDirection.Write);
        _bus.Write((byte)register);
        foreach (byte value in bytes)
            _bus.Write(value);
        _bus.Stop();
    }

    private byte[] Read(int register, int count)
    {
        Write(register);
        _bus.Start(0x68, I2cDirection.Read);
        byte[] bytes = [.. Enumerable.Range(1, count).Select(i => _bus.Read(i < count).Value)];
        _bus.Stop();
        return bytes;
    }
}
