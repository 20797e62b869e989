using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>Transfers by UM10204, with a target that writes down what it is told.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class I2cBusTests
{
    private readonly DeviceBench _bench = new();
    private I2cBus _bus = null!;

    [SetUp]
    public void SetUp() => _bus = new I2cBus("i2c", _bench.Clock, _bench.Log);

    [Test]
    public void A_write_reaches_its_target_only()
    {
        Recorder a = _bus.Attach(0x48, new Recorder()), b = _bus.Attach(0x49, new Recorder());
        _bus.Start().Should().BeTrue();
        _bus.Write(0x90).IsAcknowledged.Should().BeTrue();
        _bus.Write(0x12).IsAcknowledged.Should().BeTrue();
        _bus.Stop();
        a.Calls.Should().Equal("start 48 Write", "write 12", "stop");
        b.Calls.Should().BeEmpty();
        _bus.IsBusy.Should().BeFalse();
    }

    [Test]
    public void Nobody_acknowledges_a_free_address()
    {
        _bus.Start(0x50, I2cDirection.Write).IsAcknowledged.Should().BeFalse();
        _bus.Write(1).IsAcknowledged.Should().BeFalse();
        _bus.Read(true).Value.Should().Be(0xff);
        _bus.Stop();
    }

    [Test]
    public void A_repeated_start_turns_the_direction()
    {
        Recorder a = _bus.Attach(0x48, new Recorder { Data = 0x5a });
        _bus.Start(0x48, I2cDirection.Write);
        _bus.Write(1);
        _bus.Start(0x48, I2cDirection.Read).IsAcknowledged.Should().BeTrue();
        _bus.Read(true).Value.Should().Be(0x5a);
        _bus.Read(false).Value.Should().Be(0x5a);
        _bus.Read(true).Value.Should().Be(0xff, "a target that got NACK lets go of SDA");
        _bus.Stop();
        a.Calls.Should().Equal("start 48 Write", "write 01", "repeated", "start 48 Read", "read", "done True", "read", "done False", "stop");
    }

    [Test]
    public void Ten_bit_addresses()
    {
        Recorder a = _bus.AttachTenBit(0x2a5, new Recorder { Data = 7 });
        _bus.AttachTenBit(0x2a6, new Recorder());
        _bus.Start();
        _bus.Write(0xf4).IsAcknowledged.Should().BeTrue();
        _bus.Write(0xa5).IsAcknowledged.Should().BeTrue();
        _bus.Write(1).IsAcknowledged.Should().BeTrue();
        _bus.Start();
        _bus.Write(0xf5).IsAcknowledged.Should().BeTrue();
        _bus.Read(false).Value.Should().Be(7);
        _bus.Stop();
        a.Calls.Should().StartWith(["start 2a5 Write", "write 01", "repeated", "start 2a5 Read"]);
        _bus.Start(0x2a5, I2cDirection.Read, tenBit: true).IsAcknowledged.Should().BeTrue();
        _bus.Stop();
        _bus.Start();
        _bus.Write(0xf5).IsAcknowledged.Should().BeFalse("nobody was addressed before");
        _bus.Stop();
    }

    [Test]
    public void A_general_call_reaches_whoever_listens()
    {
        Recorder a = _bus.Attach(0x48, new Recorder { Listens = true }), b = _bus.Attach(0x49, new Recorder { Listens = true }), c = _bus.Attach(0x4a, new Recorder());
        _bus.Start(0, I2cDirection.Write).IsAcknowledged.Should().BeTrue();
        _bus.Write(6);
        _bus.Stop();
        a.Calls.Should().Equal("start 0 Write", "write 06", "stop");
        b.Calls.Should().Equal(a.Calls);
        c.Calls.Should().BeEmpty();
    }

    [Test]
    public void A_second_controller_waits_until_the_bus_is_free()
    {
        int freed = 0;
        _bus.Freed += () => freed++;
        _bus.Attach(0x48, new Recorder());
        _bus.Start("one").Should().BeTrue();
        _bus.Start("two").Should().BeFalse();
        _bus.Stop("two");
        _bus.Owner.Should().Be("one");
        freed.Should().Be(0);
        _bus.Stop("one");
        freed.Should().Be(1);
        _bus.Start("two").Should().BeTrue();
    }

    [Test]
    public void Clock_stretching_is_reported()
    {
        _bus.Attach(0x48, new Recorder { Stretch = 1500 });
        _bus.Start(0x48, I2cDirection.Write).Stretch.Should().Be(1500);
    }

    [Test]
    public void The_nth_byte_is_not_acknowledged_and_lost()
    {
        Recorder a = _bus.Attach(0x48, new Recorder());
        BusFault fault = _bus.NackByte(3);
        _bus.Start(0x48, I2cDirection.Write).IsAcknowledged.Should().BeTrue();
        _bus.Write(1).IsAcknowledged.Should().BeTrue();
        fault.Fired.Should().BeFalse();
        _bus.Write(2).IsAcknowledged.Should().BeFalse();
        fault.Fired.Should().BeTrue();
        _bus.Write(3).IsAcknowledged.Should().BeTrue();
        a.Calls.Should().NotContain("write 02");
    }

    [Test]
    public void Arbitration_is_lost()
    {
        _bus.Attach(0x48, new Recorder());
        BusFault fault = _bus.LoseArbitration(2);
        _bus.Start(0x48, I2cDirection.Write);
        _bus.Write(1).ArbitrationLost.Should().BeTrue();
        _bus.IsBusy.Should().BeFalse();
        fault.Fired.Should().BeTrue();
    }

    [Test]
    public void A_held_SDA_blocks_the_bus_until_it_was_clocked()
    {
        _bus.HoldSda(3);
        _bus.Start().Should().BeFalse();
        _bus.PulseClock().Should().BeFalse();
        _bus.PulseClock().Should().BeFalse();
        _bus.PulseClock().Should().BeTrue();
        _bus.Start().Should().BeTrue();
    }

    [Test]
    public void Wrong_addresses_are_named()
    {
        _bus.Attach(0x48, new Recorder());
        FluentActions.Invoking(() => _bus.Attach(0x48, new Recorder())).Should().Throw<InvalidOperationException>().WithMessage("i2c: 48 is taken by a Recorder*");
        FluentActions.Invoking(() => _bus.Attach(0x90, new Recorder())).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*0x90*address 0x48*");
        FluentActions.Invoking(() => _bus.Attach(0x51, new Eeprom24(Eeprom24Model.C04))).Should().Throw<ArgumentOutOfRangeException>();
        _bus.Attach(0x52, new Recorder());
        FluentActions.Invoking(() => _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C16))).Should().Throw<InvalidOperationException>().WithMessage("*52*");
        var sensor = new Tmp102();
        _bus.Attach(0x4a, sensor);
        FluentActions.Invoking(() => _bus.Attach(0x4b, sensor)).Should().Throw<InvalidOperationException>().WithMessage("*i2c@4a already*");
    }

    [Test]
    public void Sniffer_writes_transfers_down()
    {
        using var sniffer = new I2cSniffer(_bus);
        _bus.Attach(0x48, new Recorder { Data = 0x15 });
        _bench.Advance(2500);
        _bus.Start(0x48, I2cDirection.Write);
        _bus.Write(0);
        _bus.Start(0x48, I2cDirection.Read);
        _bus.Read(false);
        _bus.Stop();
        _bus.Start(0x50, I2cDirection.Write);
        _bus.Stop();
        sniffer.Transcript.Should().Be("2.500 us: S 48w A 00 A Sr 48r A 15 N P\n2.500 us: S 50w N P");
    }

    [Test]
    public void Random_verbs_never_throw([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        _bus.Attach(0x48, new Tmp102());
        _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02));
        _bus.Attach(0x54, new Eeprom24(Eeprom24Model.M02) { WriteTime = 1000 });
        _bus.Attach(0x3c, new Ssd1306I2c(32));
        _bus.Attach(0x68, new Ds3231(new DateTime(2199, 12, 31, 23, 59, 50)));
        byte[] addresses = [0x90, 0x91, 0xa0, 0xa1, 0xa8, 0xa9, 0x78, 0x79, 0xd0, 0xd1, 0, 0xf0];
        for (int i = 0; i < 5000; i++)
        {
            switch (random.Next(9))
            {
                case 0:
                    _bus.Start();
                    _bus.Write(addresses[random.Next(addresses.Length)]);
                    break;
                case 1:
                    _bus.Stop();
                    break;
                case 2 or 3:
                    _bus.Read(random.Next(4) != 0);
                    break;
                case 4:
                    _bench.Advance(random.NextInt64(1L << random.Next(1, 34)));
                    break;
                case 5 when random.Next(20) == 0:
                    _bus.PowerCycle();
                    break;
                default:
                    _bus.Write((byte)random.Next(256));
                    break;
            }
        }

        byte[] state = DeviceBench.Save(_bus);
        DeviceBench.Load(_bus, state);
        DeviceBench.Save(_bus).Should().Equal(state);
        for (int i = 0; i < 50; i++)
        {
            byte[] damaged = [.. state];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                _bus.Load(new StateReader("damaged", 1, damaged));
            }
            catch (SnapshotException)
            {
            }
        }
    }

    private sealed class Recorder : II2cTarget
    {
        public List<string> Calls { get; } = [];

        public byte Data { get; init; }

        public bool Listens { get; init; }

        public long Stretch { get; init; }

        public bool AnswersGeneralCall => Listens;

        public I2cAck Start(int address, I2cDirection direction)
        {
            Calls.Add($"start {address:x} {direction}");
            return new I2cAck(true, Stretch);
        }

        public I2cAck Write(byte value)
        {
            Calls.Add($"write {value:x2}");
            return true;
        }

        public I2cByte Read()
        {
            Calls.Add("read");
            return Data;
        }

        public void ReadDone(bool acknowledged) => Calls.Add($"done {acknowledged}");

        public void RepeatedStart() => Calls.Add("repeated");

        public void Stop() => Calls.Add("stop");
    }
}
