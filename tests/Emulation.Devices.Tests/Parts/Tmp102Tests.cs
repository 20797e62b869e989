using Emulation.Core;

namespace Emulation.Devices.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Tmp102Tests
{
    private readonly DeviceBench _bench = new();
    private readonly Tmp102 _sensor = new();
    private readonly Pin _alert = new("ALERT");
    private I2cBus _bus = null!;

    [SetUp]
    public void SetUp()
    {
        _bus = new I2cBus("i2c", _bench.Clock, _bench.Log);
        _alert.Driver("pull").Set(PinDrive.PullUp);
        _sensor.AlertPin.Connect(_alert);
        _bus.Attach(0x48, _sensor);
    }

    // tables 3 and 6 of the data sheet
    [TestCase(127.9375, 0x7ff0)]
    [TestCase(150, 0x7ff0)]
    [TestCase(100, 0x6400)]
    [TestCase(80, 0x5000)]
    [TestCase(25, 0x1900)]
    [TestCase(21.5, 0x1580)]
    [TestCase(0.25, 0x0040)]
    [TestCase(0, 0)]
    [TestCase(-0.25, 0xffc0)]
    [TestCase(-25, 0xe700)]
    [TestCase(-55, 0xc900)]
    public void Twelve_bits(double celsius, int register)
    {
        _sensor.Celsius = celsius;
        _bench.Advance(250_000_000);
        Read(0).Should().Be((ushort)register);
    }

    [TestCase(150, 0x4b01)]
    [TestCase(128, 0x4001)]
    [TestCase(0.25, 0x0021)]
    [TestCase(-55, 0xe481)]
    public void Thirteen_bits_in_extended_mode(double celsius, int register)
    {
        Write(1, 0x60b0);
        _sensor.Celsius = celsius;
        _bench.Advance(250_000_000);
        Read(0).Should().Be((ushort)register);
    }

    [Test]
    public void Registers_at_power_on()
    {
        Read(1).Should().Be(0x60a0);
        Read(2).Should().Be(0x4b00);
        Read(3).Should().Be(0x5000);
        _sensor.PowerCycle();
        Read(0).Should().Be(0, "before the first conversion");
        _bench.Advance(26_000_000);
        Read(0).Should().Be(0x1900);
    }

    [TestCase(0x6020, 4_000)]
    [TestCase(0x6060, 1_000)]
    [TestCase(0x60a0, 250)]
    [TestCase(0x60e0, 125)]
    public void Conversion_rates(int config, int milliseconds)
    {
        Write(1, (ushort)config);
        _sensor.Celsius = 30;
        _bench.Advance((milliseconds * 1_000_000L) - 1);
        Read(0).Should().Be(0x1900);
        _bench.Advance(1);
        Read(0).Should().Be(0x1e00);
    }

    [Test]
    public void One_shot_in_shutdown_mode()
    {
        Write(1, 0x61a0);
        _sensor.Celsius = 40;
        _bench.Advance(5_000_000_000);
        Read(0).Should().Be(0x1900);
        Read(1).Should().Be(0xe1a0);
        Write(1, 0xe1a0);
        Read(1).Should().Be(0x61a0);
        _bench.Advance(26_000_000);
        Read(1).Should().Be(0xe1a0);
        Read(0).Should().Be(0x2800);
    }

    [Test]
    public void Comparator_with_a_fault_queue()
    {
        // F = 01: two in a row
        Write(1, 0x68a0);
        _sensor.Celsius = 81;
        _bench.Advance(250_000_000);
        _alert.Level.Should().BeTrue();
        _bench.Advance(250_000_000);
        _alert.Level.Should().BeFalse();
        Read(1).Should().Be(0x6880);
        _sensor.Celsius = 76;
        _bench.Advance(1_000_000_000);
        _alert.Level.Should().BeFalse("hysteresis");
        _sensor.Celsius = 74;
        _bench.Advance(500_000_000);
        _alert.Level.Should().BeTrue();
    }

    [Test]
    public void Interrupt_mode_with_high_polarity()
    {
        Write(1, 0x66a0);
        _alert.Level.Should().BeFalse();
        _sensor.Celsius = 85;
        _bench.Advance(250_000_000);
        _alert.Level.Should().BeTrue();
        Read(0);
        _alert.Level.Should().BeFalse();
        _bench.Advance(1_000_000_000);
        _alert.Level.Should().BeFalse("once");
        _sensor.Celsius = 20;
        _bench.Advance(250_000_000);
        _alert.Level.Should().BeTrue();
    }

    [Test]
    public void A_general_call_resets_it()
    {
        Write(3, 0x1000);
        _bus.Start(0, I2cDirection.Write);
        _bus.Write(6);
        _bus.Stop();
        Read(3).Should().Be(0x5000);
    }

    private void Write(int register, ushort value)
    {
        _bus.Start(0x48, I2cDirection.Write);
        foreach (byte part in (byte[])[(byte)register, (byte)(value >> 8), (byte)value])
            _bus.Write(part).IsAcknowledged.Should().BeTrue();
        _bus.Stop();
    }

    private ushort Read(int register)
    {
        _bus.Start(0x48, I2cDirection.Write);
        _bus.Write((byte)register);
        _bus.Start(0x48, I2cDirection.Read);
        int value = _bus.Read(true).Value << 8;
        value |= _bus.Read(false).Value;
        _bus.Stop();
        return (ushort)value;
    }
}
