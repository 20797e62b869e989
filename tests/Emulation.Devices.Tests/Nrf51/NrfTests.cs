using Emulation.Core;

namespace Emulation.Devices.Tests.Nrf51;

/// <summary>The nRF51's devices by the chapters of its manual.</summary>
public sealed class NrfTests
{
    private const ulong Trigger = 1;

    private DeviceBench _bench = null!;
    private NrfClocks _clocks = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new DeviceBench();
        _clocks = new NrfClocks(new ClockTree());
    }

    [Test]
    public void A_timer_that_clears_itself_keeps_its_period_exactly()
    {
        NrfTimer timer = Timer();
        var times = new List<long>();
        timer.EventRaised += offset => times.Add(_bench.Now);
        timer.Write(0x508, 4, 3);
        timer.Write(0x510, 4, 0);
        timer.Write(0x540, 4, 7);                             // 437.5 ns: no whole number of nanoseconds
        timer.Write(0x200, 4, 1);
        timer.Write(0x00, 4, Trigger);
        _bench.Advance(4_375_000);
        times.Should().HaveCount(10_000);
        times[^1].Should().Be(4_375_000);
        times[0].Should().Be(438);
    }

    [Test]
    public void A_timer_compares_captures_stops_and_interrupts()
    {
        NrfTimer timer = Timer();
        timer.Write(0x304, 4, 1 << 17);
        timer.Write(0x544, 4, 500);
        timer.Write(0x200, 4, 1 << 9);
        timer.Write(0x00, 4, Trigger);
        _bench.Advance(300_000);
        timer.Write(0x40, 4, Trigger);
        timer.Read(0x540, 4).Should().Be(300);
        _bench.Advance(200_000);
        timer.Read(0x144, 4).Should().Be(1);
        timer.Irq.Level.Should().BeTrue();
        timer.Write(0x144, 4, 0);
        timer.Irq.Level.Should().BeFalse();
        _bench.Advance(1_000_000);
        timer.Write(0x40, 4, Trigger);
        timer.Read(0x540, 4).Should().Be(500, "the shortcut stopped it");
    }

    [Test]
    public void A_counter_counts_tasks_in_its_width()
    {
        NrfTimer timer = Timer();
        timer.Write(0x504, 4, 1);
        timer.Write(0x508, 4, 1);
        timer.Write(0x540, 4, 2);
        timer.Write(0x00, 4, Trigger);
        for (int i = 0; i < 258; i++)
            timer.Write(0x08, 4, Trigger);
        timer.Read(0x140, 4).Should().Be(1);
        timer.Write(0x44, 4, Trigger);
        timer.Read(0x544, 4).Should().Be(2, "eight bits wrap");
    }

    [Test]
    public void A_real_time_counter_ticks_compares_and_overflows()
    {
        _clocks.Lfclk.Enabled = true;
        var rtc = new NrfRtc("rtc", _clocks, 4, _bench.Clock, _bench.Log);
        rtc.Write(0x508, 4, 32);                              // 32768 / 33
        rtc.Write(0x540, 4, 10);
        rtc.Write(0x344, 4, (1 << 16) | 2);
        rtc.Write(0x00, 4, Trigger);
        _bench.Advance(new Frequency(32_768).TimeOf(330) - 1);
        rtc.Read(0x140, 4).Should().Be(0);
        _bench.Advance(1);
        rtc.Read(0x140, 4).Should().Be(1);
        rtc.Read(0x504, 4).Should().Be(10);
        rtc.Read(0x100, 4).Should().Be(0, "TICK is not routed");
        rtc.Write(0x0c, 4, Trigger);
        rtc.Read(0x504, 4).Should().Be(0xff_fff0);
        _bench.Advance(new Frequency(32_768).TimeOf(33 * 16));
        rtc.Read(0x104, 4).Should().Be(1);
    }

    [Test]
    public void Clocks_start_after_their_time()
    {
        var power = new NrfPower("power", _clocks, hasLowCrystal: false, _bench.Clock, _bench.Log);
        power.Write(0x00, 4, Trigger);
        power.Write(0x08, 4, Trigger);
        _bench.Advance(399_999);
        power.Read(0x100, 4).Should().Be(0);
        _bench.Advance(1);
        power.Read(0x100, 4).Should().Be(1);
        _clocks.LowFrequency.IsRunning.Should().BeFalse();
        _bench.Advance(200_000);
        power.Read(0x104, 4).Should().Be(1);
        power.Read(0x418, 4).Should().Be(1 << 16);
        _clocks.LowFrequency.IsRunning.Should().BeTrue();
    }

    [Test]
    public void A_pin_event_drives_another_pin_by_way_of_the_interconnect()
    {
        var pins = new PinSet();
        var gpio = new NrfGpio("gpio", pins, _bench.Log);
        var gpiote = new NrfGpiote("gpiote", gpio, _bench.Log);
        var ppi = new NrfPpi("ppi", _bench.Log);
        ppi.Attach(0x4000_6000, gpiote);
        gpio.Write(0x700 + (4 * 17), 4, 0xc);                 // input with pull-up
        gpiote.Write(0x510, 4, 1 | (17 << 8) | (2 << 16));
        gpiote.Write(0x514, 4, 3 | (21 << 8) | (3 << 16));
        ppi.Write(0x510, 4, 0x4000_6100);
        ppi.Write(0x514, 4, 0x4000_6004);
        ppi.Write(0x504, 4, 1);
        PinDriver button = pins["P17"].Driver("test");
        pins["P21"].Level.Should().BeFalse();
        button.Set(false);
        pins["P21"].Level.Should().BeTrue();
        button.Release();
        pins["P21"].Level.Should().BeTrue("only falling edges count");
        button.Set(false);
        pins["P21"].Level.Should().BeFalse();
    }

    [Test]
    public void A_loop_in_the_interconnect_ends()
    {
        NrfTimer timer = Timer();
        var ppi = new NrfPpi("ppi", _bench.Log);
        ppi.Attach(0x4000_8000, timer);
        ppi.Write(0x510, 4, 0x4000_8140);
        ppi.Write(0x514, 4, 0x4000_8008);
        ppi.Write(0x504, 4, 1);
        timer.Write(0x504, 4, 1);
        timer.Write(0x508, 4, 1);
        for (ulong i = 0; i < 4; i++)
            timer.Write(0x540 + (4 * i), 4, 1);
        timer.Write(0x200, 4, 1);                             // clear at the compare that the count makes again
        timer.Write(0x00, 4, Trigger);
        timer.Write(0x08, 4, Trigger);
        _bench.Messages.Should().ContainMatch("*triggers itself*");
    }

    [Test]
    public void Flash_is_written_by_words_and_erased_by_pages()
    {
        var flash = new RamBlock("flash", 1 << 16, background: 0xff);
        var nvmc = new NrfNvmc("nvmc", flash, new RamBlock("uicr", 4096, background: 0xff), _bench.Clock, _bench.Log);
        nvmc.FlashWrites.Write(0x400, 4, 0x1234_5678);
        flash.Read(0x400, 4).Should().Be(0xffff_ffff, "CONFIG is read-only");
        nvmc.Write(0x504, 4, 1);
        nvmc.FlashWrites.Write(0x400, 4, 0x1234_ffff);
        nvmc.FlashWrites.Write(0x400, 4, 0xffff_5678);
        flash.Read(0x400, 4).Should().Be(0x1234_5678);
        nvmc.Read(0x400, 4).Should().Be(0);
        _bench.Advance(2 * 46_300);
        nvmc.Read(0x400, 4).Should().Be(1);
        nvmc.Write(0x504, 4, 2);
        nvmc.Write(0x508, 4, 0x400);
        flash.Read(0x400, 4).Should().Be(0xffff_ffff);
        _bench.Advance(22_299_999);
        nvmc.Read(0x400, 4).Should().Be(0);
        _bench.Advance(1);
        nvmc.Read(0x400, 4).Should().Be(1);
    }

    [Test]
    public void The_watchdog_is_reloaded_by_all_its_requests_and_then_resets()
    {
        var watchdog = new NrfWatchdog("wdt", _clocks, _bench.Clock, _bench.Log);
        int resets = 0;
        watchdog.ResetRequested += () => resets++;
        watchdog.Write(0x504, 4, 32767);
        watchdog.Write(0x508, 4, 3);
        watchdog.Write(0x00, 4, Trigger);
        watchdog.Write(0x504, 4, 1);
        watchdog.Read(0x504, 4).Should().Be(32767, "it runs");
        _bench.Advance(900_000_000);
        watchdog.Write(0x600, 4, 0x6e52_4635);
        watchdog.Read(0x404, 4).Should().Be(2);
        watchdog.Write(0x604, 4, 0x6e52_4635);
        _bench.Advance(900_000_000);
        resets.Should().Be(0);
        _bench.Advance(100_000_000);
        watchdog.Read(0x100, 4).Should().Be(1);
        resets.Should().Be(0);
        _bench.Advance(100_000);
        resets.Should().Be(1);
    }

    [Test]
    public void The_uart_sends_receives_and_overruns()
    {
        var uart = new NrfUart("uart", _bench.Port, _bench.Clock, _bench.Log);
        uart.Write(0x524, 4, 0x01d7_e000);                    // 115200
        uart.Write(0x500, 4, 4);
        uart.Write(0x08, 4, Trigger);
        uart.Write(0x51c, 4, 'x');
        _bench.Advance(86_000);
        _bench.Sent.Should().BeEmpty();
        _bench.Advance(1_000);
        _bench.Sent.Should().Equal((byte)'x');
        uart.Read(0x11c, 4).Should().Be(1);

        uart.Write(0x00, 4, Trigger);
        _bench.Port.Send("12345678");
        _bench.Advance(1_000_000);
        uart.Read(0x480, 4).Should().Be(1, "one is in RXD, six in the FIFO, and the eighth is lost");
        string read = "";
        while (uart.Read(0x108, 4) != 0)
        {
            uart.Write(0x108, 4, 0);
            read += (char)uart.Read(0x518, 4);
        }

        read.Should().Be("1234567");
    }

    [Test]
    public void The_two_wire_master_reads_a_sensor_with_a_repeated_start()
    {
        var i2c = new I2cBus("i2c", _bench.Clock, _bench.Log);
        i2c.Attach(0x1d, new Mma8653 { X = 500 });
        NrfSerial twi = Serial(i2c);
        twi.Write(0x500, 4, 5);
        twi.Write(0x588, 4, 0x1d);
        twi.Write(0x08, 4, Trigger);
        twi.Write(0x51c, 4, 0x2a);
        Wait(0x11c);
        twi.Write(0x51c, 4, 1);
        Wait(0x11c);
        twi.Write(0x14, 4, Trigger);
        Wait(0x104);

        twi.Write(0x08, 4, Trigger);
        twi.Write(0x51c, 4, 0x0d);
        Wait(0x11c);
        twi.Write(0x200, 4, 2);                               // one byte: stop at its boundary
        twi.Write(0x00, 4, Trigger);
        Wait(0x108);
        twi.Read(0x518, 4).Should().Be(0x5a, "WHO_AM_I");
        Wait(0x104);

        twi.Write(0x200, 4, 0);
        twi.Write(0x08, 4, Trigger);
        twi.Write(0x51c, 4, 0x01);
        Wait(0x11c);
        twi.Write(0x200, 4, 1);                               // two bytes: suspend at the first boundary
        twi.Write(0x00, 4, Trigger);
        Wait(0x108);
        twi.Read(0x518, 4).Should().Be(0x20, "half a g of 256 counts in 10 bits, left-aligned");
        twi.Write(0x200, 4, 2);
        twi.Write(0x20, 4, Trigger);
        Wait(0x108);
        twi.Read(0x518, 4).Should().Be(0x00);
        Wait(0x104);
        i2c.IsBusy.Should().BeFalse();

        twi.Write(0x588, 4, 0x55);
        twi.Write(0x08, 4, Trigger);
        Wait(0x124);
        twi.Read(0x4c4, 4).Should().Be(2, "nobody has that address");

        void Wait(ulong offset)
        {
            _bench.Advance(1_000_000);
            twi.Read(offset, 4).Should().Be(1, $"event 0x{offset:x}");
            twi.Write(offset, 4, 0);
        }
    }

    [Test]
    public void The_two_wire_master_takes_bytes_before_the_start_and_ignores_starts_while_it_sends()
    {
        var i2c = new I2cBus("i2c", _bench.Clock, _bench.Log);
        var bytes = new List<byte>();
        i2c.Observed += (in I2cEvent e) => bytes.Add(e.Kind is I2cEventKind.Address or I2cEventKind.Write ? e.Value : (byte)0);
        i2c.Attach(0x1d, new Mma8653());
        NrfSerial twi = Serial(i2c);
        twi.Write(0x500, 4, 5);
        twi.Write(0x588, 4, 0x1d);
        foreach (byte value in (byte[])[0x2a, 0x01])
        {
            twi.Write(0x51c, 4, value);
            twi.Write(0x08, 4, Trigger);
            _bench.Advance(1_000_000);
            twi.Read(0x11c, 4).Should().Be(1);
            twi.Write(0x11c, 4, 0);
        }

        bytes.Should().Equal(0, 0x3a, 0x2a, 0x01);
    }

    [Test]
    public void The_spi_master_is_double_buffered()
    {
        var spi = new SpiBus("spi", _bench.Clock, _bench.Log);
        var serial = new NrfSerial("serial", spi, new I2cBus("i2c", _bench.Clock, _bench.Log), _bench.Memory, _bench.Clock, _bench.Log);
        spi.Attach(0, new Echo());
        spi.Select(0);
        serial.Write(0x500, 4, 1);
        serial.Write(0x524, 4, 0x8000_0000);                  // 8 Mbit/s
        serial.Write(0x51c, 4, 0x11);
        serial.Write(0x51c, 4, 0x22);
        _bench.Advance(1_000);
        serial.Read(0x108, 4).Should().Be(1);
        serial.Write(0x108, 4, 0);
        _bench.Advance(1_000);
        serial.Read(0x518, 4).Should().Be(0xee);
        serial.Read(0x108, 4).Should().Be(1, "the second byte moved into RXD");
        serial.Read(0x518, 4).Should().Be(0xdd);
    }

    [Test]
    public void The_spi_slave_answers_from_memory()
    {
        NrfSerial serial = Serial(new I2cBus("i2c", _bench.Clock, _bench.Log));
        serial.Write(0x500, 4, 2);
        serial.Write(0x55c, 4, 0xde);
        serial.Write(0x5c0, 4, 0xaa);
        serial.SlaveTransfer([1, 2]).Should().Equal(0xde, 0xde);
        _bench.Ram.Write(0, [7, 8]);
        serial.Write(0x534, 4, DeviceBench.RamBase + 16);
        serial.Write(0x538, 4, 4);
        serial.Write(0x544, 4, DeviceBench.RamBase);
        serial.Write(0x548, 4, 2);
        serial.Write(0x28, 4, Trigger);
        serial.SlaveTransfer([1, 2, 3]).Should().Equal(7, 8, 0xaa);
        _bench.Ram.Read(16, 4).Should().Be(0x0003_0201);
        serial.Read(0x104, 4).Should().Be(1);
        serial.Read(0x440, 4).Should().Be(1, "it was read further than its buffer");
        serial.Read(0x53c, 4).Should().Be(3);
    }

    [Test]
    public void Blocks_are_encrypted_as_the_standard_has_it()
    {
        // FIPS 197, appendix C.1
        _bench.Ram.Write(0, Convert.FromHexString("000102030405060708090a0b0c0d0e0f00112233445566778899aabbccddeeff"));
        var ecb = new NrfEcb("ecb", _bench.Memory, _bench.Clock, _bench.Log);
        ecb.Write(0x504, 4, DeviceBench.RamBase);
        ecb.Write(0x00, 4, Trigger);
        _bench.Advance(8_500);
        ecb.Read(0x100, 4).Should().Be(1);
        byte[] cipher = new byte[16];
        _bench.Ram.Read(32, cipher);
        Convert.ToHexStringLower(cipher).Should().Be("69c4e0d86a7b0430d8cdb78070b4c55a");
    }

    [Test]
    public void Packets_are_encrypted_and_authenticated()
    {
        // Bluetooth Core, Vol 6, Part C, 1.2: the first data packet of the master, START_ENC_RSP
        byte[] setup = new byte[33];
        byte[] key = Convert.FromHexString("99ad1b5226a37e3e058e3b8e27c2c666");
        key.CopyTo(setup, 0);
        setup[24] = 1;
        Convert.FromHexString("24abdcbabebaafde").CopyTo(setup, 25);
        _bench.Ram.Write(0, setup);
        _bench.Ram.Write(0x100, [0x0f, 0x01, 0x00, 0x06]);
        var ccm = new NrfCcmAar("ccm", _bench.Memory, _bench.Clock, _bench.Log);
        ccm.Write(0x500, 4, 2);
        ccm.Write(0x504, 4, 0);
        ccm.Write(0x508, 4, DeviceBench.RamBase);
        ccm.Write(0x50c, 4, DeviceBench.RamBase + 0x100);
        ccm.Write(0x510, 4, DeviceBench.RamBase + 0x200);
        ccm.Write(0x200, 4, 1);
        ccm.Write(0x00, 4, Trigger);
        _bench.Advance(1_000_000);
        ccm.Read(0x104, 4).Should().Be(1);
        byte[] packet = new byte[8];
        _bench.Ram.Read(0x200, packet);
        Convert.ToHexStringLower(packet).Should().Be("0f05009fcda7f448");

        ccm.Write(0x504, 4, 1);
        ccm.Write(0x50c, 4, DeviceBench.RamBase + 0x200);
        ccm.Write(0x510, 4, DeviceBench.RamBase + 0x300);
        ccm.Write(0x04, 4, Trigger);
        _bench.Advance(1_000_000);
        ccm.Read(0x400, 4).Should().Be(1);
        _bench.Ram.Read(0x300, 4).Should().Be(0x0600_010f);
    }

    [Test]
    public void An_input_is_converted()
    {
        var pins = new PinSet();
        var gpio = new NrfGpio("gpio", pins, _bench.Log);
        var adc = new NrfAdc("adc", [.. gpio.Pins.Take(8)], _bench.Clock, _bench.Log);
        pins["P2"].Driver("test").SetVoltage(900);
        adc.Write(0x500, 4, 1);
        adc.Write(0x504, 4, 2 | (2 << 2) | (1 << 10));        // 10 bits, a third of AIN2, band gap
        adc.Write(0x00, 4, Trigger);
        adc.Read(0x400, 4).Should().Be(1);
        _bench.Advance(68_000);
        adc.Read(0x100, 4).Should().Be(1);
        adc.Read(0x508, 4).Should().Be(300 * 1024 / 1200);
    }

    [Test]
    public void Radios_exchange_packets_on_a_channel()
    {
        var air = new RadioMedium();
        NrfRadio sender = Radio(air, DeviceBench.RamBase), receiver = Radio(air, DeviceBench.RamBase + 0x100);
        _bench.Ram.Write(0, [0, 3, 0, 0xaa, 0xbb, 0xcc]);
        receiver.Write(0x04, 4, Trigger);
        sender.Write(0x00, 4, Trigger);
        _bench.Advance(139_999);
        sender.State.Should().Be(NrfRadioState.TxRampUp);
        _bench.Advance(1);
        sender.State.Should().Be(NrfRadioState.Tx, "READY starts it");
        receiver.State.Should().Be(NrfRadioState.Rx);
        // preamble, address of five bytes, six bytes, three of CRC at 1 Mbit/s
        _bench.Advance((8 * (6 + 6 + 3) * 1000) - 1);
        sender.Read(0x10c, 4).Should().Be(0);
        _bench.Advance(1);
        sender.Read(0x10c, 4).Should().Be(1);
        receiver.Read(0x10c, 4).Should().Be(1);
        receiver.Read(0x400, 4).Should().Be(1);
        receiver.Read(0x548, 4).Should().Be(40);
        _bench.Ram.Read(0x103, 1).Should().Be(0xaa);
        receiver.Write(0x10, 4, Trigger);
        _bench.Advance(1);
        receiver.Read(0x110, 4).Should().Be(1);
    }

    private NrfTimer Timer() => new("timer", _clocks, wide: true, _bench.Clock, _bench.Log);

    private NrfSerial Serial(I2cBus i2c) => new("serial", new SpiBus("spi", _bench.Clock, _bench.Log), i2c, _bench.Memory, _bench.Clock, _bench.Log);

    private NrfRadio Radio(RadioMedium air, ulong packet)
    {
        var radio = new NrfRadio("radio", _bench.Memory, _bench.Clock, _bench.Log);
        radio.Join(air);
        radio.Write(0x504, 4, packet);
        radio.Write(0x508, 4, 7);
        radio.Write(0x514, 4, 8 | (1 << 8) | (1 << 16));
        radio.Write(0x518, 4, 32 | (4 << 16));
        radio.Write(0x51c, 4, 0x1234_5678);
        radio.Write(0x524, 4, 0x9a);
        radio.Write(0x530, 4, 1);
        radio.Write(0x534, 4, 3);
        radio.Write(0x200, 4, 1);
        return radio;
    }

    private sealed class Echo : ISpiDevice
    {
        public void Select() { }

        public void Deselect() { }

        public uint Exchange(uint value, in SpiFrame frame) => ~value & frame.Mask;
    }
}
