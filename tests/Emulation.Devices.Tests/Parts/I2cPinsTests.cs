using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>A driver that moves SCL and SDA as ports.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class I2cPinsTests
{
    private readonly DeviceBench _bench = new();
    private readonly Pin _scl = new("SCL");
    private readonly Pin _sda = new("SDA");
    private readonly I2cBus _bus;

    public I2cPinsTests()
    {
        _bus = new I2cBus("i2c", _bench.Clock, _bench.Log);
        _scl.Driver("pull").Set(PinDrive.PullUp);
        _sda.Driver("pull").Set(PinDrive.PullUp);
        var joint = new I2cPins(_bus);
        joint.Scl.Connect(_scl);
        joint.Sda.Connect(_sda);
        new PartBench("parts", _bench.Clock, _bench.Log).Attach("i2c", joint);
    }

    [Test]
    public void Bytes_are_written_and_read()
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02, [0xa5, 0x3c, 0x81]));
        using var sniffer = new I2cSniffer(_bus);
        Start();
        Send(0xa0).Should().BeTrue();
        Send(0x00).Should().BeTrue();
        Start();
        Send(0xa1).Should().BeTrue();
        Receive(true).Should().Be(0xa5);
        Receive(true).Should().Be(0x3c);
        Receive(false).Should().Be(0x81);
        Stop();
        sniffer.Transcript.Should().Be("0.000 us: S 50w A 00 A Sr 50r A a5 A 3c A 81 N P");
        Start();
        Send(0xa0);
        Send(0x10);
        Send(0x77);
        Stop();
        _bench.Advance(5_000_000);
        part.Memory[0x10].Should().Be(0x77);
        _sda.Level.Should().BeTrue();
    }

    [Test]
    public void Nobody_acknowledges_a_free_address()
    {
        Start();
        Send(0x42).Should().BeFalse();
        Stop();
        _bus.IsBusy.Should().BeFalse();
    }

    [Test]
    public void Clock_pulses_free_a_held_bus()
    {
        _bus.Attach(0x48, new Tmp102());
        _bus.HoldSda(9);
        Start();
        Send(0x90).Should().BeFalse();
        Stop();
        _bus.IsStuck.Should().BeFalse("nine pulses went by");
        Start();
        Send(0x90).Should().BeTrue();
        Stop();
    }

    [Test]
    public void Random_edges_never_throw([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02));
        for (int i = 0; i < 20_000; i++)
            (random.Next(2) == 0 ? _scl : _sda).Driver("gpio").Set(random.Next(2) == 0 ? PinDrive.Low : PinDrive.Floating);
    }

    private static void Set(Pin pin, bool level) => pin.Driver("gpio").Set(level ? PinDrive.Floating : PinDrive.Low);

    private void Start()
    {
        Set(_sda, true);
        Set(_scl, true);
        Set(_sda, false);
        Set(_scl, false);
    }

    private void Stop()
    {
        Set(_sda, false);
        Set(_scl, true);
        Set(_sda, true);
    }

    private bool Bit(bool level)
    {
        Set(_sda, level);
        Set(_scl, true);
        bool seen = _sda.Level;
        Set(_scl, false);
        return seen;
    }

    private bool Send(byte value)
    {
        for (int bit = 7; bit >= 0; bit--)
            Bit((value >> bit & 1) != 0);
        return !Bit(true);
    }

    private byte Receive(bool acknowledge)
    {
        int value = 0;
        for (int bit = 0; bit < 8; bit++)
            value = (value << 1) | (Bit(true) ? 1 : 0);
        Bit(!acknowledge);
        return (byte)value;
    }
}
