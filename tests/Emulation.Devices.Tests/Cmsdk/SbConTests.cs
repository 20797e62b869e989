using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

/// <summary>The two-wire serial bus controller.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SbConTests
{
    private readonly DeviceBench _bench = new();
    private readonly I2cBus _bus;
    private readonly SbCon _device;

    public SbConTests()
    {
        _bus = new I2cBus("i2c", _bench.Clock, _bench.Log);
        _device = new SbCon("sbcon", _bus, _bench.Log);
    }

    [Test]
    public void The_lines_are_high_after_a_reset_and_follow_set_and_clear()
    {
        _device.Read(0, 4).Should().Be(3);
        _device.Write(4, 4, 3);
        _device.Read(0, 4).Should().Be(0);
        _device.Write(0, 4, 1);
        _device.Read(0, 4).Should().Be(1);
        _device.Reset();
        _device.Read(0, 4).Should().Be(3);
    }

    [Test]
    public void Nobody_pulls_SDA_for_a_free_address()
    {
        Address(0x42).Should().BeFalse();
        _bus.Attach(0x48, new Tmp102());
        Address(0x90).Should().BeTrue();
    }

    [Test]
    public void A_reset_ends_the_transfer()
    {
        _bus.Attach(0x48, new Tmp102());
        Address(0x90).Should().BeTrue();
        _bus.IsBusy.Should().BeTrue();
        _device.Reset();
        _bus.IsBusy.Should().BeFalse();
        _device.Read(0, 4).Should().Be(3);
    }

    [Test]
    public void Held_lines_read_low()
    {
        _bus.HoldSda(2);
        _device.Read(0, 4).Should().Be(1);
        for (int i = 0; i < 2; i++)
        {
            _device.Write(4, 4, 1);
            _device.Write(0, 4, 1);
        }

        _device.Read(0, 4).Should().Be(3, "pulses free the bus");
        _bus.SclHeld = true;
        _device.Read(0, 4).Should().Be(2);
    }

    [Test]
    public void Random_edges_never_throw([Range(1, 3)] int seed)
    {
        var random = new Random(seed);
        _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02));
        for (int i = 0; i < 20_000; i++)
            _device.Write((ulong)(random.Next(2) * 4), 4, (ulong)random.Next(4));
    }

    // START, eight bits and the ninth
    private bool Address(byte value)
    {
        _device.Write(0, 4, 2);
        _device.Write(0, 4, 1);
        _device.Write(4, 4, 2);
        _device.Write(4, 4, 1);
        for (int bit = 8; bit >= 0; bit--)
        {
            _device.Write(bit == 0 || (value >> (bit - 1) & 1) != 0 ? 0u : 4u, 4, 2);
            _device.Write(0, 4, 1);
            if (bit > 0)
                _device.Write(4, 4, 1);
        }

        bool acknowledged = (_device.Read(0, 4) & 2) == 0;
        _device.Write(4, 4, 1);
        return acknowledged;
    }
}
