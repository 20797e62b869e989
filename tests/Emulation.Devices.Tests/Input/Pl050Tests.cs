namespace Emulation.Devices.Tests;

/// <summary>PL050 (DDI 0143C) with a keyboard and a mouse, driven as Linux's ambakmi, atkbd and psmouse do.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Pl050Tests
{
    private readonly DeviceBench _bench = new();

    [Test]
    public void A_driver_finds_a_keyboard_and_hears_of_keys()
    {
        var keyboard = new Ps2Keyboard();
        Pl050 port = Open(keyboard);
        Command(port, 0xf5).Should().Equal(0xfa);
        keyboard.SetKey(Ps2Key.A, pressed: true);
        port.Irq.Level.Should().BeFalse("the keyboard is disabled");
        Command(port, 0xf2).Should().Equal(0xfa, 0xab, 0x83);
        Command(port, 0xed, 2).Should().Equal(0xfa, 0xfa);
        keyboard.Indicators.Should().Be(2);
        Command(port, 0xf0, 0).Should().Equal(0xfa, 0xfa, 2);
        Command(port, 0xf0, 1).Should().Equal(0xfa, 0xfe);
        Command(port, 0xf4).Should().Equal(0xfa);
        keyboard.SetKey(Ps2Key.A, pressed: true);
        keyboard.SetKey(Ps2Key.A, pressed: false);
        keyboard.SetKey(Ps2Key.Up, pressed: true);
        keyboard.SetKey(Ps2Key.Up, pressed: false);
        port.Irq.Level.Should().BeTrue();
        Take(port).Should().Equal(0x1c, 0xf0, 0x1c, 0xe0, 0x75, 0xe0, 0xf0, 0x75);
        port.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void A_full_keyboard_says_that_keys_were_lost()
    {
        var keyboard = new Ps2Keyboard();
        Pl050 port = Open(keyboard);
        Command(port, 0xff).Should().Equal(0xfa, 0xaa);
        for (int i = 0; i < 40; i++)
            keyboard.SetKey(Ps2Key.Space, pressed: true);
        Take(port).Should().Equal([.. Enumerable.Repeat((byte)0x29, 15), 0]);
    }

    [Test]
    public void A_reply_overtakes_keys_and_can_be_had_again()
    {
        var keyboard = new Ps2Keyboard();
        Pl050 port = Open(keyboard);
        Command(port, 0xf4);
        keyboard.SetKey(Ps2Key.B, pressed: true);
        Command(port, 0xee).Should().Equal(0xee, 0x32);
        Command(port, 0xfe).Should().Equal(0x32);
    }

    [Test]
    public void A_mouse_moves()
    {
        var mouse = new Ps2Mouse();
        Pl050 port = Open(mouse);
        Command(port, 0xff).Should().Equal(0xfa, 0xaa, 0x00);
        Command(port, 0xf4).Should().Equal(0xfa);
        Command(port, 0xe9).Should().Equal(0xfa, 0x20, 2, 100);
        mouse.Move(3, -2, 0, 1);
        Take(port).Should().Equal(0x29, 3, 0xfe);
        mouse.Move(300, 0, 0, 0);
        mouse.Move(10, 0, 1, 0);
        Take(port).Should().Equal(0x08, 255, 0, 0x08, 55, 0);
    }

    [Test]
    public void A_mouse_with_a_wheel_is_found_by_its_rates()
    {
        var mouse = new Ps2Mouse();
        Pl050 port = Open(mouse);
        foreach (byte rate in (ReadOnlySpan<byte>)[200, 100, 80])
            Command(port, 0xf3, rate).Should().Equal(0xfa, 0xfa);
        Command(port, 0xf2).Should().Equal(0xfa, 3);
        Command(port, 0xf4);
        mouse.Move(0, 0, -1, 0);
        Take(port).Should().Equal(8, 0, 0, 0xff);
        foreach (byte rate in (ReadOnlySpan<byte>)[200, 200, 80])
            Command(port, 0xf3, rate);
        Command(port, 0xf2).Should().Equal(0xfa, 4);
        mouse.Move(0, 0, 2, 0x10);
        Take(port).Should().Equal(8, 0, 0, 0x22);
        Command(port, 0xff);
        Command(port, 0xf2).Should().Equal(0xfa, 0);
    }

    [Test]
    public void A_polled_mouse_answers_when_asked()
    {
        var mouse = new Ps2Mouse();
        Pl050 port = Open(mouse);
        Command(port, 0xf0).Should().Equal(0xfa);
        mouse.Move(1, 2, 0, 0);
        Take(port).Should().BeEmpty();
        Command(port, 0xeb).Should().Equal(0xfa, 8, 1, 2);
        Command(port, 0xee);
        Command(port, 0x55).Should().Equal(0x55);
        Command(port, 0xec).Should().Equal(0xfa);
    }

    [Test]
    public void Nothing_comes_while_the_interface_is_off_or_holds_the_clock()
    {
        Pl050 port = Open(new Ps2Keyboard());
        port.Read(4, 4).Should().Be(0x47, "parity of no byte is odd");
        port.Write(8, 4, 0xf2);
        port.Read(4, 4).Should().Be(0x57);
        port.Read(0x10, 4).Should().Be(1);
        port.Write(0, 4, 0x15);
        port.Read(4, 4).Should().Be(0x45);
        port.Irq.Level.Should().BeFalse();
        port.Write(0, 4, 0x0c);
        port.Read(0x10, 4).Should().Be(2);
        port.Irq.Level.Should().BeTrue("the transmitter is empty");
        port.Write(0, 4, 0x10);
        port.Irq.Level.Should().BeFalse();
        port.Read(0xfe0, 4).Should().Be(0x50);
    }

    private Pl050 Open(Ps2Device device)
    {
        var port = new Pl050("kmi", device, _bench.Log);
        port.Write(0, 4, 0x14);
        return port;
    }

    private static List<byte> Command(Pl050 port, params ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            (port.Read(4, 4) & 0x40).Should().NotBe(0);
            port.Write(8, 4, value);
        }

        return Take(port);
    }

    private static List<byte> Take(Pl050 port)
    {
        var taken = new List<byte>();
        while ((port.Read(0x10, 4) & 1) != 0)
            taken.Add((byte)port.Read(8, 4));
        return taken;
    }
}
