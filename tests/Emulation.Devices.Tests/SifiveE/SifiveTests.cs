using Emulation.Core;

namespace Emulation.Devices.Tests.SifiveE;

/// <summary>The FE310's devices by the chapters of its manual.</summary>
public sealed class SifiveTests
{
    private DeviceBench _bench = null!;
    private ClockTree _tree = null!;
    private SifiveClocks _clocks = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new DeviceBench();
        _tree = new ClockTree();
        _clocks = new SifiveClocks(_tree);
    }

    [Test]
    public void The_pll_locks_after_100_us_and_makes_the_core_clock()
    {
        var prci = new SifivePrci("prci", _clocks, _bench.Clock, _bench.Log);
        _clocks.Hfclk.Frequency.Should().Be((Frequency)14_400_000);
        Bit31(prci, 0x04).Should().BeFalse();
        _bench.Advance(1_000_000);
        Bit31(prci, 0x04).Should().BeTrue("the crystal has had 1 ms");

        // 16 MHz / 2 * 2 * 32 / 2 = 256 MHz, divided by 2 * (0 + 1)
        const uint Settings = 1 | (31 << 4) | (1 << 10) | (1 << 17);
        prci.Write(0x0c, 4, 0);
        prci.Write(0x08, 4, Settings);
        _bench.Advance(99_999);
        Bit31(prci, 0x08).Should().BeFalse();
        _bench.Advance(1);
        Bit31(prci, 0x08).Should().BeTrue();
        prci.Write(0x08, 4, Settings | (1 << 16));
        _clocks.Hfclk.Frequency.Should().Be((Frequency)128_000_000);
        Bit31(prci, 0x08).Should().BeTrue("selecting the output is no new setting");
    }

    [Test]
    public void The_watchdog_wants_its_key_and_resets_the_chip_at_the_exact_time()
    {
        SifiveAon aon = Aon();
        int resets = 0;
        aon.ResetRequested += () => resets++;
        aon.Write(0x00, 4, 0x1100);
        aon.Read(0x00, 4).Should().Be(0, "there was no key");
        Watchdog(aon, 0x20, 100);
        Watchdog(aon, 0x00, 0x1100);
        aon.Write(0x80, 4, 0xcafe);

        long due = new Frequency(32_768).TimeOf(100);
        _bench.Advance(due - 1);
        resets.Should().Be(0);
        _bench.Advance(1);
        resets.Should().Be(1);
        _tree.Reset();
        aon.Reset();
        aon.Read(0x80, 4).Should().Be(0xcafe, "backup registers live over a reset by the watchdog");
        aon.Read(0x144, 4).Should().Be(2UL << 8, "the cause is the watchdog");
        aon.Read(0x00, 4).Should().Be(0);
    }

    [Test]
    public void Feeding_the_watchdog_keeps_it_quiet()
    {
        SifiveAon aon = Aon();
        aon.ResetRequested += () => Assert.Fail("it was fed");
        Watchdog(aon, 0x20, 100);
        Watchdog(aon, 0x00, 0x1100);
        for (int i = 0; i < 10; i++)
        {
            _bench.Advance(2_000_000);
            Watchdog(aon, 0x18, 0x0d09_f00d);
        }

        aon.Read(0x10, 4).Should().Be(0);
    }

    [Test]
    public void The_real_time_clock_interrupts_and_wakes()
    {
        SifiveAon aon = Aon();
        int resets = 0, sleeps = 0;
        aon.ResetRequested += () => resets++;
        aon.Slept += () => sleeps++;
        aon.Write(0x60, 4, 1000);
        aon.Write(0x40, 4, 0x1000);
        Power(aon, 0x140, 2);
        Power(aon, 0x148, 0);
        (sleeps, resets, aon.IsSleeping).Should().Be((1, 0, true));
        _bench.Advance(new Frequency(32_768).TimeOf(1000));
        resets.Should().Be(1);
        aon.Reset();
        aon.Read(0x144, 4).Should().Be(1, "the clock woke it");
        aon.RtcIrq.Level.Should().BeTrue();
        aon.Read(0x48, 4).Should().Be(1000);
    }

    [Test]
    public void Pins_interrupt_and_are_inverted_and_given_to_functions()
    {
        var pins = new PinSet();
        var gpio = new SifiveGpio("gpio", pins, _bench.Log);
        PinDriver outside = pins["GPIO5"].Driver("test");
        gpio.Write(0x04, 4, 1 << 5);
        gpio.Write(0x18, 4, 1 << 5);
        outside.Set(true);
        gpio.Read(0x00, 4).Should().Be(1 << 5);
        gpio.Irq(5).Level.Should().BeTrue();
        gpio.Write(0x1c, 4, 1 << 5);
        gpio.Irq(5).Level.Should().BeFalse();

        gpio.Write(0x08, 4, 1 << 19);
        gpio.Write(0x0c, 4, 1 << 19);
        pins["GPIO19"].Level.Should().BeTrue();
        gpio.Write(0x40, 4, 1 << 19);
        pins["GPIO19"].Level.Should().BeFalse("out_xor inverts");

        gpio.Function(19, 1).Set(false);
        gpio.Write(0x3c, 4, 1 << 19);
        gpio.Write(0x38, 4, 1 << 19);
        pins["GPIO19"].Level.Should().BeTrue("the function's low is inverted");
        gpio.Write(0x10, 4, 1 << 3);
        pins["GPIO3"].Level.Should().BeTrue("a resistor pulls it up");
    }

    [Test]
    public void Characters_take_their_time_and_watermarks_interrupt()
    {
        var uart = new SifiveUart("uart", _bench.Port, _clocks.Hfclk, _bench.Clock, _bench.Log);
        uart.Write(0x18, 4, 124);
        uart.Write(0x08, 4, 1 | (1 << 16));
        uart.Write(0x10, 4, 1);
        uart.Irq.Level.Should().BeTrue();
        uart.Write(0x00, 4, 'A');
        uart.Write(0x00, 4, 'B');
        uart.Irq.Level.Should().BeFalse("one character waits behind the one that is sent");
        long character = new Frequency(14_400_000).TimeOf(10 * 125);
        _bench.Advance(character - 1);
        _bench.Sent.Should().BeEmpty();
        _bench.Advance(1);
        _bench.Sent.Should().Equal((byte)'A');
        uart.Irq.Level.Should().BeTrue();
        _bench.Advance(character);
        _bench.Sent.Should().Equal((byte)'A', (byte)'B');
    }

    [Test]
    public void A_full_receiver_loses_characters()
    {
        var uart = new SifiveUart("uart", _bench.Port, _clocks.Hfclk, _bench.Clock, _bench.Log);
        uart.Write(0x18, 4, 124);
        uart.Write(0x0c, 4, 1);
        _bench.Port.Send("0123456789");
        _bench.Advance(1_000_000);
        string read = "";
        for (ulong value = uart.Read(0x04, 4); value < 256; value = uart.Read(0x04, 4))
            read += (char)value;
        read.Should().Be("01234567");
    }

    [TestCase(0UL, 100, 400)]
    [TestCase(2UL, 400, 1600)]
    public void A_comparator_makes_a_waveform(ulong scale, int high, int period)
    {
        var pwm = new SifivePwm("pwm", 16, new ClockTree("t").Source("1 GHz", 1_000_000_000), _bench.Clock, _bench.Log);
        pwm.Write(0x20, 4, 400);
        pwm.Write(0x24, 4, 300);
        pwm.Write(0x00, 4, 0x1200 | scale);
        var edges = new List<(long Time, bool Level)>();
        pwm.Irq(1).Connect(level => edges.Add((_bench.Now, level)));
        _bench.Advance(4 * period);
        edges[0].Should().Be((period - high, true));
        // the counter is zeroed in the cycle behind the one in which it reaches pwmcmp0
        edges[1].Should().Be((period + 1, false));
        edges[2].Should().Be((period + 1 + period - high, true));
    }

    [Test]
    public void A_centred_comparator_is_high_in_the_middle()
    {
        var pwm = new SifivePwm("pwm", 8, new ClockTree("t").Source("1 GHz", 1_000_000_000), _bench.Clock, _bench.Log);
        pwm.Write(0x24, 4, 100);
        pwm.Write(0x00, 4, 0x1000 | (1 << 17));
        var edges = new List<(long Time, bool Level)>();
        pwm.Irq(1).Connect(level => edges.Add((_bench.Now, level)));
        _bench.Advance(512);
        edges.Take(3).Should().Equal((100, true), (156, false), (356, true));
    }

    [Test]
    public void One_shot_ends_with_the_round()
    {
        var pwm = new SifivePwm("pwm", 8, new ClockTree("t").Source("1 GHz", 1_000_000_000), _bench.Clock, _bench.Log);
        pwm.Write(0x20, 4, 50);
        pwm.Write(0x00, 4, 0x2200);
        _bench.Advance(1000);
        (pwm.Read(0x00, 4) & 0x2000).Should().Be(0);
        pwm.Read(0x08, 4).Should().Be(0);
    }

    [Test]
    public void The_flash_is_identified_erased_and_programmed_over_the_bus()
    {
        using var content = new RamBlock("flash", 4 << 20);
        var bus = new SpiBus("bus", _bench.Clock, _bench.Log);
        bus.Attach(0, new SpiNorFlash(SpiNorModel.Is25Lp032, new PartMemory(content, 4 << 20)));
        var spi = new SifiveSpi("spi", bus, 1, true, _clocks.Hfclk, _bench.Clock, _bench.Log);
        spi.IsDirect.Should().BeTrue();
        spi.Write(0x60, 4, 0);
        spi.Write(0x40, 4, 0x8_0000);
        Transfer(spi, 0x9f, 0, 0, 0)[1..].Should().Equal(0x9d, 0x60, 22);
        Transfer(spi, 0x20, 0, 0x10, 0);
        content.Read(0x1000, 1).Should().Be(0, "there was no write enable");
        Transfer(spi, 0x06);
        Transfer(spi, 0x20, 0, 0x10, 0);
        (Transfer(spi, 0x05, 0)[1] & 1).Should().Be(1, "it is busy");
        _bench.Advance(70_000_000);
        (Transfer(spi, 0x05, 0)[1] & 1).Should().Be(0);
        content.Read(0x1000, 1).Should().Be(0xff);
        Transfer(spi, 0x06);
        Transfer(spi, 0x02, 0, 0x10, 0xff, 0x0f, 0x33);
        _bench.Advance(200_000);
        content.Read(0x10ff, 1).Should().Be(0x0f);
        content.Read(0x1000, 1).Should().Be(0x33, "a page wraps");
    }

    [Test]
    public void I2c_reads_what_a_target_sends()
    {
        var bus = new I2cBus("bus", _bench.Clock, _bench.Log);
        Mag3110 target = bus.Attach(0x0e, new Mag3110 { X = 0x1234 });
        var i2c = new SifiveI2c("i2c", bus, _clocks.Hfclk, _bench.Clock, _bench.Log);
        i2c.Write(0x00, 4, 28);
        i2c.Write(0x04, 4, 0);
        i2c.Write(0x08, 4, 0xc0);
        Send(0x1c, 0x90).Should().Be(0x41UL, "acknowledged, busy, interrupt");
        Send(0x01, 0x10);
        Send(0x1d, 0x90);
        i2c.Write(0x10, 4, 0x20);
        Wait();
        i2c.Read(0x0c, 4).Should().Be(0x12);
        i2c.Write(0x10, 4, 0x68);
        Wait();
        i2c.Read(0x0c, 4).Should().Be(0x34);
        bus.IsBusy.Should().BeFalse();
        i2c.Irq.Level.Should().BeTrue();
        i2c.Write(0x10, 4, 1);
        i2c.Irq.Level.Should().BeFalse();
        Send(0x50, 0x90).Should().Be(0xc1UL, "nobody answers there");
        target.IsAttached.Should().BeTrue();

        ulong Send(byte value, byte command)
        {
            i2c.Write(0x0c, 4, value);
            i2c.Write(0x10, 4, command);
            (i2c.Read(0x10, 4) & 2).Should().Be(2);
            Wait();
            return i2c.Read(0x10, 4);
        }

        void Wait() => _bench.Advance(1_000_000);
    }

    [Test]
    public void Otp_bits_only_go_down()
    {
        var memory = new RamBlock("otp", SifiveOtp.Size, background: 0xff);
        var otp = new SifiveOtp("otp", memory, _bench.Log);
        Program(3, 0xffff_00ff);
        Program(3, 0xffff_ffff);
        memory.Read(12, 4).Should().Be(0xffff_00ff);
        otp.Write(0x08, 4, 1);
        otp.Write(0x04, 4, 1);
        otp.Read(0x30, 4).Should().Be(0xffff_00ff);

        void Program(uint word, uint value)
        {
            otp.Write(0x0c, 4, 1);
            otp.Write(0x24, 4, 1);
            otp.Write(0x28, 4, word);
            otp.Write(0x2c, 4, value);
            otp.Write(0x10, 4, 1);
            otp.Write(0x10, 4, 0);
        }
    }

    private static bool Bit31(MmioDevice device, ulong offset) => (device.Read(offset, 4) >> 31) != 0;

    private static void Watchdog(SifiveAon aon, ulong offset, ulong value)
    {
        aon.Write(0x1c, 4, 0x51f15e);
        aon.Write(offset, 4, value);
    }

    private static void Power(SifiveAon aon, ulong offset, ulong value)
    {
        aon.Write(0x14c, 4, 0x51f15e);
        aon.Write(offset, 4, value);
    }

    private SifiveAon Aon() => new("aon", _clocks, _bench.Clock, _bench.Log);

    private byte[] Transfer(SifiveSpi spi, params byte[] bytes)
    {
        spi.Write(0x18, 4, 2);
        var received = new List<byte>();
        foreach (byte value in bytes)
        {
            spi.Write(0x48, 4, value);
            _bench.Advance(10_000);
            received.Add((byte)spi.Read(0x4c, 4));
        }

        spi.Write(0x18, 4, 0);
        return [.. received];
    }
}
