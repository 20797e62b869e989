using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>RM0090 chapter 30. 16 MHz, 1 Mbit/s: 16 cycles or 1 us a bit.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Stm32UsartTests
{
    private const long Bit = 1000;
    private const ulong Sr = 0x00, Dr = 0x04, Brr = 0x08, Cr1 = 0x0c, Cr2 = 0x10, Cr3 = 0x14;
    private const ulong Ue = 0x2000, Te = 8, Re = 4, RxneIe = 0x20;
    private readonly Stm32Bench _bench = new();

    [Test]
    public void Characters_go_out_behind_an_idle_frame_at_the_baud_rate()
    {
        Stm32Usart usart = Create(Ue | Te);
        usart.Read(Sr, 4).Should().Be(0xc0);
        usart.Write(Dr, 4, 'a');
        usart.Read(Sr, 4).Should().Be(0, "the idle frame is sent first; TC was cleared by reading SR and writing DR");
        _bench.Devices.Advance(10 * Bit);
        usart.Read(Sr, 4).Should().Be(0x80);
        usart.Write(Dr, 4, 'b');
        usart.Read(Sr, 4).Should().Be(0, "a in the shift register, b in DR");
        _bench.Devices.Advance((10 * Bit) - 1);
        _bench.Devices.Sent.Should().BeEmpty();
        _bench.Devices.Advance(1);
        _bench.Devices.Sent.Should().Equal((byte)'a');
        usart.Read(Sr, 4).Should().Be(0x80);
        _bench.Devices.Advance(10 * Bit);
        _bench.Devices.Sent.Should().Equal("ab"u8.ToArray());
        usart.Read(Sr, 4).Should().Be(0xc0);
        usart.Write(Sr, 4, 0);
        usart.Read(Sr, 4).Should().Be(0x80, "TC is cleared by writing 0, TXE is not");
    }

    [TestCase(0x1000UL, 0x0000UL, 11.0)]
    [TestCase(0x0000UL, 0x2000UL, 11.0)]
    [TestCase(0x0000UL, 0x3000UL, 10.5)]
    [TestCase(0x0000UL, 0x1000UL, 9.5)]
    public void Frames_have_the_length_of_their_bits(ulong cr1, ulong cr2, double bits)
    {
        Stm32Usart usart = Create(Ue | Te | cr1, cr2);
        _bench.Devices.Advance(20 * Bit);
        usart.Write(Dr, 4, 0x55);
        _bench.Devices.Advance((long)(bits * Bit) - 1);
        _bench.Devices.Sent.Should().BeEmpty();
        _bench.Devices.Advance(1);
        _bench.Devices.Sent.Should().HaveCount(1);
    }

    [Test]
    public void The_fraction_counts_eighths_with_oversampling_by_8()
    {
        Stm32Usart usart = Create(Ue | Te | 0x8000);
        // 8 * (1 + 4/8) = 12 cycles
        usart.Write(Brr, 4, 0x14);
        _bench.Cycles(240);
        usart.Write(Dr, 4, 0x55);
        _bench.Devices.Advance(7499);
        _bench.Devices.Sent.Should().BeEmpty();
        _bench.Devices.Advance(1);
        _bench.Devices.Sent.Should().HaveCount(1);
    }

    [Test]
    public void A_long_stream_keeps_the_exact_rate_across_a_change_of_the_clock()
    {
        Stm32Usart usart = Create(Ue | Te, cr2: 0x1000);
        var times = new List<long>();
        _bench.Devices.Port.Transmitted += _ => times.Add(_bench.Devices.Now);
        // 67 cycles, 4187.5 ns
        usart.Write(Brr, 4, 7);
        _bench.Devices.Advance(100 * Bit);
        for (int i = 0; i < 1000; i++)
        {
            usart.Write(Dr, 4, (ulong)i & 0xff);
            while ((usart.Read(Sr, 4) & 0x80) == 0)
                _bench.Devices.Advance(100);
        }

        times.Should().HaveCount(999);
        (times[^1] - times[0]).Should().BeInRange((998 * 8375 / 2) - 1, (998 * 8375 / 2) + 1);
        _bench.Divider.Divider = 2;
        _bench.Devices.Advance(8000);
        times.Should().HaveCount(999);
        _bench.Devices.Advance(501);
        times.Should().HaveCount(1000);
    }

    [Test]
    public void A_received_character_sets_RXNE_and_interrupts()
    {
        Stm32Usart usart = Create(Ue | Re | RxneIe);
        _bench.Devices.Port.Send("x"u8);
        _bench.Devices.Advance((10 * Bit) - 1);
        usart.Irq.Level.Should().BeFalse();
        _bench.Devices.Advance(1);
        usart.Irq.Level.Should().BeTrue();
        usart.Read(Dr, 4).Should().Be('x');
        usart.Irq.Level.Should().BeFalse();
        _bench.Devices.Advance((10 * Bit) - 1);
        (usart.Read(Sr, 4) & 0x10).Should().Be(0);
        _bench.Devices.Advance(1);
        (usart.Read(Sr, 4) & 0x10).Should().Be(0x10, "a frame's time without a frame");
        usart.Read(Dr, 4);
        (usart.Read(Sr, 4) & 0x10).Should().Be(0);
        _bench.Devices.Advance(100 * Bit);
        (usart.Read(Sr, 4) & 0x10).Should().Be(0, "IDLE comes once");
    }

    [Test]
    public void An_unread_character_is_overrun_and_stays()
    {
        Stm32Usart usart = Create(Ue | Re | RxneIe);
        _bench.Devices.Port.Send("xy"u8);
        _bench.Devices.Advance(20 * Bit);
        usart.Read(Dr, 4).Should().Be('x');
        usart.Read(Sr, 4).Should().Be(0xc8, "SR was not read before DR, so ORE stays");
        usart.Irq.Level.Should().BeTrue();
        usart.Read(Dr, 4);
        usart.Read(Sr, 4).Should().Be(0xc0);
        usart.Irq.Level.Should().BeFalse();
    }

    [TestCase(UsartErrors.Framing, 2UL)]
    [TestCase(UsartErrors.Noise, 4UL)]
    [TestCase(UsartErrors.Parity, 1UL)]
    public void Errors_set_their_flags_and_the_sequence_clears_them(UsartErrors error, ulong flag)
    {
        Stm32Usart usart = Create(Ue | Re | 0x400 | 0x100);
        usart.Write(Cr3, 4, 0x41);
        usart.Receive(0x41, error);
        _bench.Devices.Advance(10 * Bit);
        usart.Irq.Level.Should().BeTrue();
        usart.Read(Sr, 4).Should().Be(0xe0 | flag);
        usart.Read(Dr, 4).Should().Be(error == UsartErrors.Parity ? 0xc1UL : 0x41);
        usart.Read(Sr, 4).Should().Be(0xc0);
        usart.Irq.Level.Should().BeFalse();
    }

    [TestCase(0x400UL, 0x43UL, 0xc3UL)]
    [TestCase(0x600UL, 0x43UL, 0x43UL)]
    [TestCase(0x1600UL, 0x81UL, 0x181UL)]
    public void Parity_stands_behind_the_data_bits(ulong cr1, ulong sent, ulong seen)
    {
        Stm32Usart usart = Create(Ue | Re | cr1);
        _bench.Devices.Port.Send([(byte)sent]);
        _bench.Devices.Advance(11 * Bit);
        usart.Read(Dr, 4).Should().Be(seen);
        (usart.Read(Sr, 4) & 1).Should().Be(0);
    }

    [Test]
    public void A_peer_of_another_speed_gives_framing_errors_and_other_characters()
    {
        Stm32Usart usart = Create(Ue | Re, options: new Stm32UsartOptions { PeerBaudRate = 500_000 });
        _bench.Devices.Port.Send([0x00]);
        _bench.Devices.Advance(10 * Bit);
        (usart.Read(Sr, 4) & 2).Should().Be(2);
        usart.Write(Cr1, 4, 0);
        Stm32Usart near = Create(Ue | Re, options: new Stm32UsartOptions { PeerBaudRate = 1_020_000 });
        _bench.Devices.Port.Send([0xa5]);
        _bench.Devices.Advance(20 * Bit);
        near.Read(Dr, 4).Should().Be(0xa5);
    }

    [Test]
    public void Muted_it_waits_for_an_idle_line()
    {
        Stm32Usart usart = Create(Ue | Re | 2);
        _bench.Devices.Port.Send("ab"u8);
        _bench.Devices.Advance(20 * Bit);
        usart.Read(Sr, 4).Should().Be(0xc0);
        _bench.Devices.Advance(10 * Bit);
        (usart.Read(Cr1, 4) & 2).Should().Be(0);
        usart.Read(Sr, 4).Should().Be(0xc0, "IDLE is not set by the wake-up");
        _bench.Devices.Port.Send("c"u8);
        _bench.Devices.Advance(10 * Bit);
        usart.Read(Dr, 4).Should().Be('c');
    }

    [Test]
    public void Muted_it_waits_for_its_address()
    {
        Stm32Usart usart = Create(Ue | Re | 2 | 0x800, cr2: 5);
        _bench.Devices.Port.Send([0x84, 0x11]);
        _bench.Devices.Advance(40 * Bit);
        (usart.Read(Sr, 4) & 0x20).Should().Be(0);
        _bench.Devices.Port.Send([0x85]);
        _bench.Devices.Advance(10 * Bit);
        usart.Read(Dr, 4).Should().Be(0x85);
        _bench.Devices.Port.Send([0x86]);
        _bench.Devices.Advance(10 * Bit);
        (usart.Read(Cr1, 4) & 2).Should().Be(2, "somebody else is addressed");
        (usart.Read(Sr, 4) & 0x20).Should().Be(0);
    }

    [Test]
    public void A_break_is_received_and_sent()
    {
        Stm32Usart usart = Create(Ue | Re | Te, cr2: 0x4040);
        var breaks = new List<(long, bool)>();
        _bench.Devices.Port.BreakChanged += on => breaks.Add((_bench.Devices.Now, on));
        _bench.Devices.Port.SendBreak();
        _bench.Devices.Advance(10 * Bit);
        usart.Irq.Level.Should().BeTrue();
        usart.Read(Sr, 4).Should().Be(0x1e2);
        usart.Write(Sr, 4, ~0x100UL);
        usart.Irq.Level.Should().BeFalse();
        usart.Write(Cr1, 4, Ue | Re | Te | 1);
        _bench.Devices.Advance(14 * Bit);
        breaks.Should().Equal((10_000, true), (24_000, false));
        (usart.Read(Cr1, 4) & 1).Should().Be(0);
    }

    [Test]
    public void Flow_control_holds_both_directions()
    {
        Stm32Usart usart = Create(Ue | Re | Te);
        usart.Write(Cr3, 4, 0x700);
        _bench.Devices.Advance(20 * Bit);
        usart.RequestToSend.Output.Should().Be(PinDrive.Low);
        usart.ClearToSend.SetInput(true);
        usart.Irq.Level.Should().BeTrue();
        usart.Write(Sr, 4, ~0x200UL);
        usart.Irq.Level.Should().BeFalse();
        usart.Write(Dr, 4, 'a');
        _bench.Devices.Advance(50 * Bit);
        _bench.Devices.Sent.Should().BeEmpty();
        usart.ClearToSend.SetInput(false);
        _bench.Devices.Advance(10 * Bit);
        _bench.Devices.Sent.Should().HaveCount(1);
        _bench.Devices.Port.Send("xy"u8);
        _bench.Devices.Advance(50 * Bit);
        usart.RequestToSend.Output.Should().Be(PinDrive.High);
        usart.Read(Dr, 4).Should().Be('x');
        _bench.Devices.Advance(50 * Bit);
        (usart.Read(Sr, 4) & 8).Should().Be(0, "the peer waited");
        usart.Read(Dr, 4).Should().Be('y');
    }

    [Test]
    public void Half_duplex_hears_itself()
    {
        Stm32Usart usart = Create(Ue | Re | Te);
        usart.Write(Cr3, 4, 8);
        _bench.Devices.Advance(20 * Bit);
        usart.Write(Dr, 4, 'q');
        _bench.Devices.Advance(10 * Bit);
        usart.Read(Dr, 4).Should().Be('q');
    }

    [Test]
    public void Requests_follow_RXNE_and_TXE()
    {
        Stm32Usart usart = Create(Ue | Re | Te);
        usart.Write(Cr3, 4, 0xc0);
        usart.TransmitRequest.Level.Should().BeTrue();
        usart.Write(Dr, 4, 1);
        usart.TransmitRequest.Level.Should().BeFalse();
        usart.ReceiveRequest.Level.Should().BeFalse();
        _bench.Devices.Port.Send("x"u8);
        _bench.Devices.Advance(10 * Bit);
        usart.ReceiveRequest.Level.Should().BeTrue();
        usart.Read(Dr, 4);
        usart.ReceiveRequest.Level.Should().BeFalse();
    }

    [Test]
    public void Without_its_clock_it_stands_still_and_answers_nothing()
    {
        Stm32Usart usart = Create(Ue | Re | Te);
        _bench.Devices.Advance(20 * Bit);
        usart.Write(Dr, 4, 'a');
        _bench.Devices.Advance(5 * Bit);
        _bench.Gate.Enabled = false;
        _bench.Devices.Advance(100 * Bit);
        _bench.Devices.Sent.Should().BeEmpty();
        usart.Read(Cr1, 4).Should().Be(0);
        usart.Write(Cr1, 4, 0);
        _bench.Gate.Enabled = true;
        usart.Read(Cr1, 4).Should().Be(Ue | Re | Te);
        _bench.Devices.Advance(5 * Bit);
        _bench.Devices.Sent.Should().HaveCount(1);
    }

    private Stm32Usart Create(ulong cr1, ulong cr2 = 0, Stm32UsartOptions? options = null)
    {
        var usart = new Stm32Usart("usart2", _bench.Devices.Port, _bench.Devices.Log, _bench.Devices.Clock, _bench.Gate, options);
        usart.Write(Brr, 4, 16);
        usart.Write(Cr2, 4, cr2);
        usart.Write(Cr1, 4, cr1);
        return usart;
    }
}
