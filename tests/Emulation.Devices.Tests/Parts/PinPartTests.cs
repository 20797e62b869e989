using Emulation.Core;

namespace Emulation.Devices.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PinPartTests
{
    private readonly DeviceBench _bench = new();
    private readonly Pin _pin = new("PA0");
    private PartBench _parts = null!;

    [SetUp]
    public void SetUp() => _parts = new PartBench("parts", _bench.Clock, _bench.Log);

    [Test]
    public void An_LED_remembers_when_it_changed()
    {
        Led led = _parts.Attach(_pin, new Led());
        PinDriver port = _pin.Driver("gpio");
        for (int i = 0; i < 4; i++)
        {
            _bench.Advance(1_000_000);
            port.Set(i % 2 == 0);
        }

        led.History.Should().Equal(new LedChange(1_000_000, true), new LedChange(2_000_000, false), new LedChange(3_000_000, true), new LedChange(4_000_000, false));
        (led.IsOn, led.ToggleCount, led.LitTime).Should().Be((false, 4L, 2_000_000L));
        _parts.Get<Led>("PA0").Should().BeSameAs(led);
    }

    [Test]
    public void Its_brightness_is_the_duty_cycle()
    {
        Led led = _parts.Attach(_pin, new Led(activeLow: true));
        PinDriver port = _pin.Driver("gpio");
        led.Brightness(1000).Should().Be(0);
        for (int i = 0; i < 20; i++)
        {
            port.Set(false);
            _bench.Advance(250);
            port.Set(true);
            _bench.Advance(750);
        }

        led.Brightness(10_000).Should().Be(0.25);
        _bench.Advance(5_000);
        led.Brightness(10_000).Should().Be(0.125);
        port.Set(false);
        _bench.Advance(3_000);
        led.Brightness(1_000).Should().Be(1);
    }

    [Test]
    public void A_button_is_pressed_for_a_time()
    {
        PushButton button = _parts.Attach(_pin, new PushButton());
        (_pin.Level, _pin.IsFloating).Should().Be((false, false));
        button.Press(TimeSpan.FromMilliseconds(50));
        _pin.Level.Should().BeTrue();
        _bench.Advance(49_999_999);
        (_pin.Level, button.IsPressed).Should().Be((true, true));
        _bench.Advance(1);
        (_pin.Level, button.IsPressed).Should().Be((false, false));
    }

    [Test]
    public void A_contact_bounces()
    {
        PushButton button = _parts.Attach(_pin, new PushButton(activeLow: true) { BounceTime = 3_000_000, Bounces = 3 });
        var edges = new List<(long, bool)>();
        _pin.Changed += level => edges.Add((_bench.Now, level));
        _pin.Level.Should().BeTrue();
        button.Press();
        _bench.Advance(10_000_000);
        edges.Should().Equal((0, false), (500_000, true), (1_000_000, false), (1_500_000, true), (2_000_000, false), (2_500_000, true), (3_000_000, false));
        button.Press(TimeSpan.FromMilliseconds(20));
        byte[] state = DeviceBench.Save(_parts);
        DeviceBench.Load(_parts, state);
        _bench.Advance(30_000_000);
        (_pin.Level, button.IsPressed).Should().Be((true, false));
    }

    [Test]
    public void A_press_shorter_than_the_bounce_ends_all_the_same()
    {
        PushButton button = _parts.Attach(_pin, new PushButton { BounceTime = 5_000_000 });
        button.Press(TimeSpan.FromMilliseconds(1));
        _bench.Advance(999_999);
        button.IsPressed.Should().BeTrue();
        _bench.Advance(1);
        button.IsPressed.Should().BeFalse();
        _bench.Advance(20_000_000);
        (_pin.Level, button.IsPressed).Should().Be((false, false));
    }

    [Test]
    public void A_potentiometer_divides_the_supply()
    {
        Potentiometer part = _parts.Attach(_pin, new Potentiometer { Position = 0.25 });
        _pin.Millivolts.Should().Be(825);
        part.Position = 1;
        (_pin.Millivolts, _pin.Level).Should().Be((3300, true));
        FluentActions.Invoking(() => part.Position = double.NaN).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void A_rotary_encoder_gives_quadrature()
    {
        var b = new Pin("PA1");
        var encoder = new RotaryEncoder();
        encoder.A.Connect(_pin);
        encoder.B.Connect(b);
        _parts.Attach("knob", encoder);
        string Phases(int steps)
        {
            encoder.Turn(steps, TimeSpan.FromMilliseconds(4));
            string seen = "";
            for (int i = 0; i < 4; i++)
            {
                _bench.Advance(1_000_000);
                seen += (_pin.Level ? "1" : "0") + (b.Level ? "1 " : "0 ");
            }

            return seen;
        }

        Phases(1).Should().Be("01 00 10 11 ");
        Phases(-1).Should().Be("10 00 01 11 ");
        encoder.Position.Should().Be(0);
    }

    [Test]
    public void A_buzzer_has_a_frequency()
    {
        Buzzer buzzer = _parts.Attach(_pin, new Buzzer());
        PinDriver port = _pin.Driver("gpio");
        for (int i = 0; i < 10; i++)
        {
            port.Set(i % 2 == 0);
            _bench.Advance(1_136_364);
        }

        buzzer.Frequency.Should().BeApproximately(440, 0.1);
        _bench.Advance(50_000_000);
        buzzer.Frequency.Should().Be(0);
    }

    [Test]
    public void An_MCP3008_converts()
    {
        var spi = new SpiBus("spi", _bench.Clock, _bench.Log);
        Mcp3008 adc = spi.Attach(0, new Mcp3008());
        adc[3] = 1650;
        adc[2] = 825;
        int Convert(int config)
        {
            spi.Select(0);
            spi.Exchange(1);
            int high = spi.Exchange((byte)(config << 4)), low = spi.Exchange(0);
            spi.Deselect(0);
            (high & 4).Should().Be(0, "null bit");
            return ((high & 3) << 8) | low;
        }

        Convert(8 | 3).Should().Be(512);
        Convert(8 | 2).Should().Be(256);
        Convert(3).Should().Be(256, "difference of channels 3 and 2");
        Convert(2).Should().Be(0);
        adc[7] = 5000;
        Convert(8 | 7).Should().Be(1023);
    }

    [Test]
    public void A_serial_line_is_sniffed()
    {
        using var sniffer = new UartSniffer(_bench.Port, _bench.Clock);
        ISerialLine line = _bench.Port;
        foreach (byte value in "ok\r\n\u0001x"u8)
        {
            _bench.Advance(1000);
            line.Transmit(value);
        }

        sniffer.Transcript.Should().Be("1.000 us: ok\n5.000 us: \\x01x");
    }
}
