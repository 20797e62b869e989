using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>ISO 11898-1: bits, times, arbitration, acknowledgement.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CanBusTests
{
    private readonly DeviceBench _bench = new();
    private CanBus _bus = null!;

    [SetUp]
    public void SetUp() => _bus = new CanBus("can", _bench.Clock, _bench.Log);

    // 1 + 11 + 3 + 4 + 8n + 15 stuffed, + 10; worked out by hand with the CRC of each
    [TestCase(0x555u, "", 44)]
    [TestCase(0x000u, "", 0)]
    public void Length_of_a_frame_without_long_runs_is_that_of_its_fields(uint id, string data, int least)
    {
        int bits = CanFrameBits.Length(new CanFrame(id, Convert.FromHexString(data)));
        bits.Should().BeGreaterThanOrEqualTo(Math.Max(44, least)).And.BeLessThanOrEqualTo(44 + ((34 - 1) / 4));
    }

    [Test]
    public void The_worst_case_has_as_many_stuff_bits_as_the_standard_allows()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] data = new byte[random.Next(9)];
            random.NextBytes(data);
            bool extended = random.Next(2) == 0;
            int fields = (extended ? 54 : 34) + (8 * data.Length);
            CanFrameBits.Length(new CanFrame((uint)random.Next(extended ? 1 << 29 : 1 << 11), data, extended))
                .Should().BeInRange(fields + 10, fields + 10 + ((fields - 1) / 4));
        }
    }

    [Test]
    public void The_CRC_of_a_frame_with_its_CRC_is_zero_in_a_division_by_hand()
    {
        // SOF, 0x14 standard, no RTR, IDE, r0, DLC 1, 0x01 by long division with x15+x14+x10+x8+x7+x4+x3+1
        const string Bits = "0" + "00000010100" + "000" + "0001" + "00000001";
        int remainder = 0;
        foreach (char bit in Bits + new string('0', 15))
        {
            remainder = (remainder << 1) | (bit - '0');
            if ((remainder & 0x8000) != 0)
                remainder ^= 0xc599;
        }

        CanFrameBits.Crc(new CanFrame(0x14, [1])).Should().Be(remainder);
    }

    [Test]
    public void A_frame_arrives_after_its_bits()
    {
        CanPeer a = _bus.Attach(new CanPeer(500_000)), b = _bus.Attach(new CanPeer(500_000));
        var frame = new CanFrame(0x123, [1, 2, 3]);
        long arrival = -1;
        b.FrameReceived += _ => arrival = _bench.Now;
        a.Send(frame);
        _bench.Advance(1_000_000);
        b.ReceivedFrames.Should().Equal(frame);
        arrival.Should().Be(CanFrameBits.Length(frame) * 2000);
        _bus.IdleSince.Should().Be(arrival + (3 * 2000));
        a.PendingCount.Should().Be(0);
    }

    [Test]
    public void The_lowest_identifier_wins()
    {
        CanPeer a = _bus.Attach(new CanPeer()), b = _bus.Attach(new CanPeer()), c = _bus.Attach(new CanPeer());
        a.Send(new CanFrame(0x124, [1]));
        b.Send(new CanFrame(0x123 << 18, [2], extended: true));
        c.Send(CanFrame.Remote(0x123));
        a.Send(new CanFrame(0x123, [3]));
        _bench.Advance(5_000_000);
        // base before extended of the same 11 bits; the remote frame of the same identifier loses against data
        a.ReceivedFrames.Select(f => f.ToString()).Should().Equal("123#R", "048C0000#02");
        c.ReceivedFrames.Select(f => f.ToString()).Should().Equal("048C0000#02", "124#01", "123#03");
    }

    [Test]
    public void A_lone_node_becomes_passive_and_not_bus_off()
    {
        CanPeer a = _bus.Attach(new CanPeer());
        var errors = new List<CanError>();
        _bus.Observed += (in CanEvent e) => errors.Add(e.Error);
        a.Send(new CanFrame(1, []));
        _bench.Advance(10_000_000);
        errors.Should().HaveCountGreaterThan(20).And.OnlyContain(e => e == CanError.Acknowledge);
        (a.Errors.Transmit, a.Errors.IsPassive, a.Errors.IsBusOff).Should().Be((128, true, false));
        _bus.Attach(new CanPeer());
        _bench.Advance(1_000_000);
        a.PendingCount.Should().Be(0);
        a.Errors.Transmit.Should().Be(127);
    }

    [Test]
    public void A_listener_does_not_acknowledge()
    {
        CanPeer a = _bus.Attach(new CanPeer()), b = _bus.Attach(new CanPeer { ListenOnly = true });
        a.Send(new CanFrame(1, []));
        _bench.Advance(200_000);
        b.ReceivedFrames.Should().BeEmpty();
        a.PendingCount.Should().Be(1);
    }

    [Test]
    public void Another_bit_rate_destroys_frames()
    {
        CanPeer a = _bus.Attach(new CanPeer(500_000)), b = _bus.Attach(new CanPeer(500_000));
        _bus.Attach(new CanPeer(250_000));
        a.Send(new CanFrame(1, []));
        _bench.Advance(200_000);
        b.ReceivedFrames.Should().BeEmpty();
        a.Errors.Transmit.Should().BePositive();
    }

    [Test]
    public void A_destroyed_frame_is_sent_again()
    {
        CanPeer a = _bus.Attach(new CanPeer()), b = _bus.Attach(new CanPeer());
        BusFault fault = _bus.DestroyFrame();
        a.Send(new CanFrame(0x10, [9]));
        _bench.Advance(1_000_000);
        fault.Fired.Should().BeTrue();
        b.ReceivedFrames.Should().ContainSingle();
        (a.Errors.Transmit, b.Errors.Receive).Should().Be((7, 0));
        _bus.FrameCount.Should().Be(2);
    }

    [Test]
    public void Errors_in_a_row_make_a_node_bus_off()
    {
        CanPeer a = _bus.Attach(new CanPeer());
        _bus.Attach(new CanPeer());
        for (int i = 1; i <= 40; i++)
            _bus.DestroyFrame(i);
        a.Send(new CanFrame(0x10, [9]));
        _bench.Advance(20_000_000);
        a.Errors.IsBusOff.Should().BeTrue();
        _bus.FrameCount.Should().Be(32);
    }

    [Test]
    public void Replies_and_periodic_messages_come_at_their_times()
    {
        CanPeer a = _bus.Attach(new CanPeer()), b = _bus.Attach(new CanPeer());
        b.Reply(f => f.Id == 0x7df ? new CanFrame(0x7e8, [.. f.Data, 0x41]) : null);
        b.SendEvery(TimeSpan.FromMilliseconds(10), new CanFrame(0x55, []));
        a.Send(new CanFrame(0x7df, [2]));
        _bench.Advance(35_000_000);
        a.ReceivedFrames.Select(f => f.ToString()).Should().Equal("7E8#0241", "055#", "055#", "055#");
    }

    [Test]
    public void State_in_the_middle_of_a_frame_goes_on()
    {
        CanPeer a = _bus.Attach(new CanPeer()), b = _bus.Attach(new CanPeer());
        a.Send(new CanFrame(0x123, [1, 2]));
        _bench.Advance(50_000);
        byte[] state = DeviceBench.Save(_bus);
        var bench = new DeviceBench(_bench.Now);
        var bus = new CanBus("can", bench.Clock, bench.Log);
        bus.Attach(new CanPeer());
        CanPeer d = bus.Attach(new CanPeer());
        DeviceBench.Load(bus, state);
        bench.Advance(1_000_000);
        _bench.Advance(1_000_000);
        d.ReceivedFrames.Should().Equal(b.ReceivedFrames);
        DeviceBench.Save(bus).Length.Should().Be(DeviceBench.Save(_bus).Length);
    }

    [Test]
    public void Frames_are_checked()
    {
        FluentActions.Invoking(() => new CanFrame(0x800, [])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new CanFrame(1, new byte[9])).Should().Throw<ArgumentException>();
    }
}
