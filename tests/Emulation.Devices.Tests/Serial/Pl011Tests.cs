using System.Text;
using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>PL011: DDI 0183G.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Pl011Tests
{
    private const ulong Dr = 0, Fr = 0x18, LcrH = 0x2c, Cr = 0x30, Ifls = 0x34, Imsc = 0x38, Ris = 0x3c, Mis = 0x40, Icr = 0x44;
    private readonly DeviceBench _bench = new();

    [Test]
    public void It_is_an_r1p4()
    {
        Pl011 uart = Create();
        ulong[] ids = [.. Enumerable.Range(0, 8).Select(i => uart.Read(0xfe0 + (4 * (ulong)i), 4))];
        ids.Should().Equal(0x11, 0x10, 0x14, 0, 0x0d, 0xf0, 0x05, 0xb1);
    }

    [Test]
    public void Characters_go_out_and_interrupt()
    {
        Pl011 uart = Create();
        uart.Write(Imsc, 4, 1 << 5);
        uart.Irq.Level.Should().BeFalse();
        foreach (byte b in "hello"u8)
            uart.Write(Dr, 4, b);
        Encoding.ASCII.GetString(_bench.Sent.ToArray()).Should().Be("hello");
        uart.Irq.Level.Should().BeTrue();
        uart.Read(Mis, 4).Should().Be(1 << 5);
        uart.Write(Icr, 4, 1 << 5);
        uart.Irq.Level.Should().BeFalse();
        uart.Read(Fr, 4).Should().Be(0x97);
    }

    [Test]
    public void The_receive_interrupt_comes_at_the_trigger_level_and_the_timeout_below_it()
    {
        Pl011 uart = Create();
        uart.Write(LcrH, 4, 0x70);
        uart.Write(Imsc, 4, 0x50);
        _bench.Port.Send(new byte[7]);
        uart.Read(Ris, 4).Should().Be(0);
        _bench.Advance(1_000_000);
        uart.Read(Ris, 4).Should().Be(1 << 6);
        _bench.Port.Send([8]);
        uart.Read(Ris, 4).Should().Be((1 << 6) | (1 << 4));
        for (int i = 0; i < 8; i++)
            uart.Read(Dr, 4).Should().Be(i == 7 ? 8u : 0u);
        uart.Irq.Level.Should().BeFalse();
        uart.Read(Fr, 4).Should().Be(0x97);
    }

    [Test]
    public void Input_waits_for_room_and_for_the_receiver_to_be_enabled()
    {
        Pl011 uart = Create();
        uart.Write(Cr, 4, 0x101);
        _bench.Port.Send(Encoding.ASCII.GetBytes("0123456789abcdefXYZ"));
        uart.Read(Fr, 4).Should().Be(0x97);
        uart.Write(LcrH, 4, 0x70);
        uart.Write(Cr, 4, 0x301);
        uart.Read(Fr, 4).Should().Be(0xc7);
        string got = "";
        while ((uart.Read(Fr, 4) & 0x10) == 0)
            got += (char)uart.Read(Dr, 4);
        got.Should().Be("0123456789abcdefXYZ");
    }

    [Test]
    public void A_break_is_an_error_of_its_character()
    {
        Pl011 uart = Create();
        _bench.Port.SendBreak();
        uart.Read(Ris, 4).Should().Be((1 << 9) | (1 << 4));
        uart.Read(Dr, 4).Should().Be(0x400);
        uart.Read(4, 4).Should().Be(4);
        uart.Write(4, 4, 0);
        uart.Read(4, 4).Should().Be(0);
    }

    [Test]
    public void Loopback_returns_characters_and_modem_outputs()
    {
        Pl011 uart = Create();
        uart.Write(Cr, 4, 0x381);
        uart.Write(Icr, 4, 0x7ff);
        uart.Write(Dr, 4, 'x');
        _bench.Sent.Should().BeEmpty();
        uart.Write(Dr, 4, 'y');
        uart.Read(Ris, 4).Should().Be((1 << 10) | (1 << 5) | (1 << 4));
        uart.Read(Dr, 4).Should().Be('x' | 0x800);
        uart.Write(Cr, 4, 0x381 | (1 << 11));
        (uart.Read(Fr, 4) & 0x107).Should().Be(1, "RTS is CTS");
    }

    [Test]
    public void A_paced_transmitter_takes_the_time_of_its_characters()
    {
        Pl011 uart = Create(new Pl011Options { Paced = true });
        uart.Write(0x24, 4, 13);                        // 24 MHz / 16 / (13 + 1/64): 115,089 baud
        uart.Write(0x28, 4, 1);
        uart.Write(LcrH, 4, 0x70);
        uart.Write(Dr, 4, 'a');
        uart.Write(Dr, 4, 'b');
        uart.Read(Fr, 4).Should().Be(0x1f);
        _bench.Sent.Should().BeEmpty();
        _bench.Advance(90_000);
        _bench.Sent.Should().Equal((byte)'a');
        uart.Read(Ris, 4).Should().Be(1 << 5);
        _bench.Advance(90_000);
        _bench.Sent.Should().Equal((byte)'a', (byte)'b');
        uart.Read(Fr, 4).Should().Be(0x97);
    }

    [Test]
    public void A_paced_receiver_overruns()
    {
        Pl011 uart = Create(new Pl011Options { Paced = true });
        _bench.Port.Send("ab"u8);
        _bench.Advance(1_000_000);
        uart.Read(Ris, 4).Should().Be((1 << 10) | (1 << 4));
        uart.Read(Dr, 4).Should().Be('a' | 0x800);
    }

    private Pl011 Create(Pl011Options? options = null)
    {
        var uart = new Pl011("uart", _bench.Port, _bench.Clock, _bench.Log, options);
        uart.Write(Ifls, 4, 0x12);
        uart.Write(Cr, 4, 0x301);
        return uart;
    }
}
