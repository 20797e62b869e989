using Emulation.Core;

namespace Emulation.Devices.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Eeprom24Tests
{
    private readonly DeviceBench _bench = new();
    private I2cBus _bus = null!;

    [SetUp]
    public void SetUp() => _bus = new I2cBus("i2c", _bench.Clock, _bench.Log);

    [Test]
    public void Pages_wrap_and_the_cycle_is_polled()
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02));
        Write(0x50, 0x06, 1, 2, 3, 4);
        part.IsBusy.Should().BeTrue();
        _bus.Start(0x50, I2cDirection.Write).IsAcknowledged.Should().BeFalse();
        _bus.Stop();
        _bench.Advance(4_999_999);
        _bus.Start(0x50, I2cDirection.Write).IsAcknowledged.Should().BeFalse();
        _bus.Stop();
        _bench.Advance(1);
        _bus.Start(0x50, I2cDirection.Write).IsAcknowledged.Should().BeTrue();
        _bus.Stop();
        part.Memory.ToArray()[..9].Should().Equal(3, 4, 0xff, 0xff, 0xff, 0xff, 1, 2, 0xff);
        part.WriteCount.Should().Be(1, "an address without data is no write");
    }

    [Test]
    public void Reads_are_sequential_and_wrap_at_the_end()
    {
        byte[] content = new byte[256];
        for (int i = 0; i < 256; i++)
            content[i] = (byte)(i ^ 0x55);
        _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02, content));
        Read(0x50, 3, 0xfe).Should().Equal(0xfe ^ 0x55, 0xff ^ 0x55, 0x55);
        // current address read
        _bus.Start(0x50, I2cDirection.Read);
        _bus.Read(false).Value.Should().Be(1 ^ 0x55);
        _bus.Stop();
    }

    [TestCase(0x50, 0x10, 0x010)]
    [TestCase(0x57, 0x10, 0x710)]
    public void Blocks_of_a_24C16_are_device_addresses(int device, int word, int address)
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C16));
        Write(device, (byte)word, 0xab);
        _bench.Advance(5_000_000);
        part.Memory[address].Should().Be(0xab);
        Read(device, 1, (byte)word).Should().Equal(0xab);
    }

    [TestCase(0x50, 0x0_1234)]
    [TestCase(0x53, 0x3_1234)]
    public void A_24CM02_has_two_address_bytes_and_two_bits_in_the_device_address(int device, int address)
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.M02));
        Write(device, 0x12, 0x34, 0x77);
        _bench.Advance(10_000_000);
        part.Memory[address].Should().Be(0x77);
        Read(device, 1, 0x12, 0x34).Should().Equal(0x77);
    }

    [Test]
    public void A_protected_memory_acknowledges_and_does_not_write()
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C256));
        var pin = new Pin("WP");
        part.WriteProtectPin.Connect(pin);
        pin.Driver("test").Set(true);
        Write(0x50, 0, 0, 1).Should().BeTrue();
        part.IsBusy.Should().BeFalse();
        pin.Driver("test").Set(false);
        Write(0x50, 0, 0, 1);
        _bench.Advance(5_000_000);
        part.Memory[0].Should().Be(1);
    }

    [Test]
    public void A_repeated_start_abandons_the_data()
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02));
        _bus.Start(0x50, I2cDirection.Write);
        _bus.Write(0);
        _bus.Write(9);
        _bus.Start(0x50, I2cDirection.Write);
        _bus.Write(0);
        _bus.Stop();
        _bench.Advance(10_000_000);
        part.Memory[0].Should().Be(0xff);
    }

    [Test]
    public void More_than_a_page_keeps_the_last_bytes()
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C01));
        Write(0x50, [0, .. Enumerable.Range(1, 10).Select(i => (byte)i)]);
        _bench.Advance(5_000_000);
        part.Memory.ToArray()[..9].Should().Equal(9, 10, 3, 4, 5, 6, 7, 8, 0xff);
    }

    [Test]
    public void A_power_cut_tears_the_page()
    {
        Eeprom24 part = _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02, Enumerable.Repeat((byte)0xaa, 256).ToArray()));
        part.WriteBegan += count =>
        {
            if (count == 2)
                part.CutPower(1);
        };
        Write(0x50, 0, 1, 2, 3);
        _bench.Advance(5_000_000);
        Write(0x50, 8, 4, 5, 6);
        part.Memory.ToArray()[..12].Should().Equal(1, 2, 3, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 4, 0xff, 0xff, 0xaa);
        part.IsBusy.Should().BeFalse();
    }

    [Test]
    public void State_in_the_middle_of_a_cycle()
    {
        _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C512));
        Write(0x50, 0xff, 0xff, 1, 2);
        _bench.Advance(1_000_000);
        byte[] state = DeviceBench.Save(_bus);
        var bench = new DeviceBench(_bench.Now);
        var bus = new I2cBus("i2c", bench.Clock, bench.Log);
        Eeprom24 part = bus.Attach(0x50, new Eeprom24(Eeprom24Model.C512));
        DeviceBench.Load(bus, state);
        part.IsBusy.Should().BeTrue();
        bench.Advance(4_000_000);
        (part.IsBusy, part.Memory[0xffff], part.Memory[0xff80]).Should().Be((false, (byte)1, (byte)2));
    }

    private bool Write(int device, params byte[] bytes)
    {
        bool ack = _bus.Start(device, I2cDirection.Write);
        foreach (byte value in bytes)
            ack &= _bus.Write(value);
        _bus.Stop();
        return ack;
    }

    private byte[] Read(int device, int count, params byte[] address)
    {
        _bus.Start(device, I2cDirection.Write);
        foreach (byte value in address)
            _bus.Write(value);
        _bus.Start(device, I2cDirection.Read);
        byte[] bytes = [.. Enumerable.Range(1, count).Select(i => _bus.Read(i < count).Value)];
        _bus.Stop();
        return bytes;
    }
}
