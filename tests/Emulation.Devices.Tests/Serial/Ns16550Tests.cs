using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class Ns16550Tests
{
    private const ulong Data = 0, Ier = 1, Iir = 2, Fcr = 2, Lcr = 3, Mcr = 4, Lsr = 5, Msr = 6, Scr = 7;
    private DeviceBench _bench = null!;
    private Ns16550 _uart = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new DeviceBench();
        _uart = new Ns16550("uart", _bench.Port, _bench.Clock, _bench.Log);
    }

    [Test]
    public void Reset_values()
    {
        Read(Ier).Should().Be(0);
        Read(Iir).Should().Be(1);
        Read(Lcr).Should().Be(0);
        Read(Mcr).Should().Be(0);
        Read(Lsr).Should().Be(0x60);
        Read(Msr).Should().Be(0xb0);
    }

    [Test]
    public void Transmits_at_once()
    {
        Write(Data, 'h');
        Write(Data, 'i');
        _bench.Sent.Should().Equal("hi"u8.ToArray());
        Read(Lsr).Should().Be(0x60);
    }

    [Test]
    public void The_divisor_hides_data_and_interrupt_enable()
    {
        Write(Ier, 5);
        Write(Lcr, 0x83);
        Write(Data, 0x34);
        Write(Ier, 0x12);
        Read(Data).Should().Be(0x34);
        Read(Ier).Should().Be(0x12);
        Write(Lcr, 3);
        Read(Ier).Should().Be(5);
        _bench.Sent.Should().BeEmpty();
        Write(Scr, 0xa5);
        Read(Scr).Should().Be(0xa5);
    }

    [Test]
    public void Without_fifos_one_character_is_held()
    {
        _bench.Port.Send("ab");
        Write(Ier, 1);
        _uart.Irq.Level.Should().BeTrue();
        Read(Iir).Should().Be(0x04);
        Read(Lsr).Should().Be(0x61);
        Read(Data).Should().Be('a');
        _uart.Irq.Level.Should().BeTrue("the next one follows at once");
        Read(Data).Should().Be('b');
        _uart.Irq.Level.Should().BeFalse();
        Read(Iir).Should().Be(0x01);
        Read(Data).Should().Be('b', "an empty buffer shows the last character");
    }

    [TestCase(0x01UL, 1)]
    [TestCase(0x41UL, 4)]
    [TestCase(0x81UL, 8)]
    [TestCase(0xc1UL, 14)]
    public void Trigger_levels(ulong control, int level)
    {
        Write(Fcr, control);
        Write(Ier, 1);
        for (int i = 0; i < level; i++)
        {
            _uart.Irq.Level.Should().BeFalse();
            _bench.Port.Send([(byte)i]);
        }

        Read(Iir).Should().Be(0xc4);
        Read(Data).Should().Be(0);
        Read(Iir).Should().Be(0xc1);
    }

    [Test]
    public void A_few_characters_interrupt_after_four_character_times()
    {
        Write(Fcr, 0xc1);
        Write(Lcr, 0x83);
        Write(Data, 2);
        Write(Ier, 0);
        Write(Lcr, 3);
        Write(Ier, 1);
        _bench.Port.Send("x");
        // 115200 baud, 8N1: 10 bits are 86805.6 ns
        _bench.Advance(347_000);
        _uart.Irq.Level.Should().BeFalse();
        _bench.Advance(300);
        Read(Iir).Should().Be(0xcc);
        Read(Data).Should().Be('x');
        Read(Iir).Should().Be(0xc1);
        _bench.Advance(1_000_000);
        _uart.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void Input_waits_in_the_line_until_there_is_room()
    {
        Write(Fcr, 0x01);
        byte[] text = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        _bench.Port.Send(text);
        _bench.Port.PendingInput.Should().Be(84);
        var got = new List<byte>();
        while ((Read(Lsr) & 1) != 0)
            got.Add((byte)Read(Data));
        got.Should().Equal(text);
        (Read(Lsr) & 2).Should().Be(0);
    }

    [Test]
    public void Transmitter_interrupt_comes_with_enabling_and_goes_with_reading_or_writing()
    {
        Write(Ier, 2);
        _uart.Irq.Level.Should().BeTrue();
        Read(Iir).Should().Be(0x02);
        _uart.Irq.Level.Should().BeFalse();
        Read(Iir).Should().Be(0x01);
        Write(Data, 'x');
        Read(Iir).Should().Be(0x02);
        Write(Ier, 2);
        Read(Iir).Should().Be(0x01, "only the change to enabled counts");
        Write(Ier, 0);
        Write(Ier, 2);
        Read(Iir).Should().Be(0x02);
        Write(Ier, 0);
        Write(Ier, 2);
        Write(Ier, 0);
        _uart.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void Interrupt_identification_follows_the_priorities()
    {
        Write(Fcr, 0x01);
        Write(Mcr, 0x10);
        Write(Mcr, 0x12);
        _bench.Port.SendBreak();
        Write(Mcr, 0);
        Write(Ier, 0xf);
        Read(Iir).Should().Be(0xc6);
        Read(Lsr).Should().Be(0xf1, "break, data, empty transmitter, error in FIFO");
        Read(Iir).Should().Be(0xc4);
        Read(Data).Should().Be(0);
        Read(Iir).Should().Be(0xc2);
        Read(Iir).Should().Be(0xc0);
        (Read(Msr) & 0xf).Should().NotBe(0);
        Read(Iir).Should().Be(0xc1);
        Read(Lsr).Should().Be(0x60);
    }

    [Test]
    public void A_break_shows_when_it_is_at_the_top()
    {
        Write(Fcr, 1);
        _bench.Port.Send("a");
        _bench.Port.SendBreak();
        Read(Lsr).Should().Be(0xe1);
        Read(Data).Should().Be('a');
        Read(Lsr).Should().Be(0xf1);
        Read(Lsr).Should().Be(0x61);
        Read(Data).Should().Be(0);
    }

    [Test]
    public void Loopback_connects_transmitter_and_modem_lines_inside()
    {
        Write(Mcr, 0x1a);
        (Read(Msr) & 0xf0).Should().Be(0x90, "RTS and OUT2 come back as CTS and DCD");
        Write(Data, 'l');
        Read(Lsr).Should().Be(0x61);
        Read(Data).Should().Be('l');
        _bench.Sent.Should().BeEmpty();
        _bench.Port.Send("q");
        Read(Lsr).Should().Be(0x60);
        Write(Mcr, 0);
        Read(Data).Should().Be('q');
        Read(Msr).Should().Be(0xb2 | 0x0, "DSR came back");
    }

    [Test]
    public void Modem_deltas_are_cleared_by_reading_and_RI_counts_its_trailing_edge()
    {
        Write(Mcr, 0x14);
        Read(Msr).Should().Be(0x4b, "CTS, DSR and DCD fell; RI rising is no event");
        Read(Msr).Should().Be(0x40);
        Write(Mcr, 0x10);
        Read(Msr).Should().Be(0x04);
    }

    [Test]
    public void A_full_receiver_overruns_in_loopback()
    {
        Write(Mcr, 0x10);
        Write(Data, 1);
        Write(Data, 2);
        Read(Lsr).Should().Be(0x63);
        Read(Lsr).Should().Be(0x61);
        Read(Data).Should().Be(2, "the buffer register is overwritten");

        Write(Fcr, 1);
        for (ulong i = 0; i < 17; i++)
            Write(Data, i);
        Read(Lsr).Should().Be(0x63);
        for (ulong i = 0; i < 16; i++)
            Read(Data).Should().Be(i);
        Read(Lsr).Should().Be(0x60);
    }

    [Test]
    public void FCR_clears_and_needs_its_enable_bit()
    {
        Write(Mcr, 0x10);
        Write(Fcr, 0x81);
        Write(Data, 1);
        Write(Fcr, 0x83);
        Read(Lsr).Should().Be(0x60);
        Write(Data, 2);
        Write(Fcr, 0xc0);
        Read(Lsr).Should().Be(0x60, "turning FIFOs off empties them");
        Read(Iir).Should().Be(0x01);
    }

    [Test]
    public void Paced_characters_take_their_time()
    {
        Pace();
        var times = new List<long>();
        _bench.Port.Transmitted += _ => times.Add(_bench.Now);
        Write(Fcr, 1);
        Write(Ier, 2);
        Read(Iir);
        Write(Data, 'a');
        Read(Lsr).Should().Be(0x20, "the shift register works, the holding register is free");
        Write(Data, 'b');
        Write(Data, 'c');
        Read(Lsr).Should().Be(0);
        _bench.Advance(86_806);
        _uart.Irq.Level.Should().BeFalse();
        _bench.Advance(86_806);
        Read(Iir).Should().Be(0xc2);
        Read(Lsr).Should().Be(0x20);
        _bench.Advance(86_806);
        Read(Lsr).Should().Be(0x60);
        times.Should().Equal(86_806, 2 * 86_806, 3 * 86_806);
        _bench.Sent.Should().Equal("abc"u8.ToArray());
    }

    [Test]
    public void Paced_input_overruns_a_guest_that_does_not_listen()
    {
        Pace();
        Write(Fcr, 1);
        _bench.Port.Send(new byte[20]);
        (Read(Lsr) & 1).Should().Be(0);
        _bench.Advance(86_806);
        (Read(Lsr) & 1).Should().Be(1);
        _bench.Advance(86_806 * 20);
        (Read(Lsr) & 3).Should().Be(3);
        _bench.Port.PendingInput.Should().Be(0);
    }

    [Test]
    public void Registers_can_be_spread_out()
    {
        var uart = new Ns16550("wide", _bench.Port, _bench.Clock, _bench.Log, new Ns16550Options { RegisterShift = 2, Sizes = AccessSizes.Word });
        uart.Region.Size.Should().Be(32);
        uart.Write(Scr << 2, 4, 0x15a);
        uart.Read(Scr << 2, 4).Should().Be(0x5a);
        uart.Read(0x1d, 1).Should().Be(0);
        uart.Write(0, 4, 'w');
        _bench.Sent.Should().Equal((byte)'w');
    }

    [Test]
    public void An_answer_from_inside_the_transmission_is_received()
    {
        Write(Ier, 1);
        _bench.Port.Transmitted += value => { if (value == '?') _bench.Port.Send("!"); };
        Write(Data, '?');
        Read(Iir).Should().Be(0x04);
        Read(Data).Should().Be('!');
    }

    [Test]
    public void Break_is_passed_to_the_host()
    {
        var breaks = new List<bool>();
        _bench.Port.BreakChanged += breaks.Add;
        Write(Lcr, 0x43);
        Read(Lcr).Should().Be(0x43);
        Write(Lcr, 0x03);
        breaks.Should().Equal(true, false);
    }

    [Test]
    public void A_pending_interrupt_and_queued_input_survive_a_snapshot()
    {
        Write(Fcr, 0xc1);
        Write(Ier, 3);
        _bench.Port.Send(new string('z', 40));
        byte[] state = DeviceBench.Save(_uart);
        var other = new DeviceBench();
        var loaded = new Ns16550("uart", other.Port, other.Clock, other.Log);
        DeviceBench.Load(loaded, state);
        loaded.Irq.Level.Should().BeTrue();
        int count = 0;
        while ((loaded.Read(Lsr, 1) & 1) != 0)
        {
            loaded.Read(Data, 1).Should().Be('z');
            count++;
        }

        count.Should().Be(40);
        loaded.Read(Iir, 1).Should().Be(0xc2);
        loaded.Irq.Level.Should().BeFalse();
    }

    private ulong Read(ulong register) => _uart.Read(register, 1);

    private void Write(ulong register, ulong value) => _uart.Write(register, 1, value);

    private void Pace()
    {
        _uart = new Ns16550("paced", _bench.Port, _bench.Clock, _bench.Log, new Ns16550Options { Paced = true });
        Write(Lcr, 0x83);
        Write(Data, 2);
        Write(Lcr, 3);
    }
}
