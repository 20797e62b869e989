using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>The accelerometer and the audio converter of the discovery board.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DiscoveryPartsTests
{
    private readonly DeviceBench _bench = new();

    [Test]
    public void A_LIS302DL_measures_while_it_is_active()
    {
        var bus = new SpiBus("spi", _bench.Clock, _bench.Log);
        Lis302dl sensor = bus.Attach(0, new Lis302dl());
        sensor.MilliG = (180, -360, 1000);
        Read(bus, 0x0f, 1).Should().Equal(Lis302dl.Identity);
        _bench.Advance(20_000_000);
        Read(bus, 0x27, 1).Should().Equal(0);
        Write(bus, 0x20, 0x47);
        Write(bus, 0x22, 0x04);
        var pin = new Pin("PE0");
        sensor.Interrupt1.Connect(pin);
        _bench.Advance(10_000_000);
        pin.Level.Should().BeTrue("data are ready");
        Read(bus, 0x27, 7).Should().Equal(0x0f, 0, 10, 0, 0xec, 0, 55);
        pin.Level.Should().BeFalse();
        Write(bus, 0x20, 0xe7);
        _bench.Advance(2_500_000);
        Read(bus, 0x29, 1).Should().Equal(2);
    }

    [Test]
    public void A_LIS302DL_wakes_when_it_is_shaken()
    {
        var bus = new SpiBus("spi", _bench.Clock, _bench.Log);
        Lis302dl sensor = bus.Attach(0, new Lis302dl());
        sensor.MilliG = (0, 0, 0);
        Write(bus, 0x30, 0x4a);
        Write(bus, 0x32, 0x20);
        Write(bus, 0x33, 1);
        Write(bus, 0x22, 0x01);
        Write(bus, 0x20, 0x47);
        _bench.Advance(30_000_000);
        Read(bus, 0x31, 1).Should().Equal(0);
        sensor.MilliG = (-1500, 0, 0);
        _bench.Advance(10_000_000);
        Read(bus, 0x31, 1).Should().Equal(0);
        _bench.Advance(10_000_000);
        Read(bus, 0x31, 1).Should().Equal([0x42], "X is high, for longer than the duration");
        Read(bus, 0x31, 1).Should().Equal([0], "reading it ended a latched interrupt");
    }

    [Test]
    public void A_CS43L22_records_what_it_plays()
    {
        var bus = new I2cBus("i2c", _bench.Clock, _bench.Log);
        Cs43l22 audio = bus.Attach(Cs43l22.Address, new Cs43l22 { RecordingLimit = 2 });
        var reset = new Pin("PD4");
        audio.ResetPin.Connect(reset);
        ((bool)bus.Start(Cs43l22.Address, I2cDirection.Write)).Should().BeFalse("it is held in reset");
        bus.Stop();
        reset.Driver("test").Set(PinDrive.High);
        bus.Start(Cs43l22.Address, I2cDirection.Write);
        bus.Write(0x81);
        bus.Start(Cs43l22.Address, I2cDirection.Read);
        bus.Read(true).Value.Should().Be(0xe3);
        bus.Read(false).Value.Should().Be(0x01);
        bus.Stop();
        audio.Play(new I2sSample(false, 16, 1));
        bus.Start(Cs43l22.Address, I2cDirection.Write);
        bus.Write(0x02);
        bus.Write(0x9e);
        bus.Stop();
        audio.IsPlaying.Should().BeTrue();
        foreach (uint value in (uint[])[2, 0xfffe, 4, 5, 6, 7])
            audio.Play(new I2sSample(value % 2 != 0 || value == 0xfffe, 16, value));
        audio.Recording.Should().Equal(2, -2, 4, 5);
        using var file = new MemoryStream();
        audio.WriteWav(file, 48_000);
        file.Length.Should().Be(44 + 8);
        BitConverter.ToInt32(file.ToArray(), 24).Should().Be(48_000);
        file.ToArray()[44..].Should().Equal(2, 0, 0xfe, 0xff, 4, 0, 5, 0);
        reset.Driver("test").Set(PinDrive.Low);
        audio.IsPlaying.Should().BeFalse();
    }

    private static byte[] Read(SpiBus bus, int register, int count)
    {
        bus.Select(0);
        bus.Exchange((byte)(0xc0 | register));
        byte[] result = [.. Enumerable.Range(0, count).Select(_ => bus.Exchange(0))];
        bus.Deselect(0);
        return result;
    }

    private static void Write(SpiBus bus, int register, byte value)
    {
        bus.Select(0);
        bus.Exchange((byte)register);
        bus.Exchange(value);
        bus.Deselect(0);
    }
}
