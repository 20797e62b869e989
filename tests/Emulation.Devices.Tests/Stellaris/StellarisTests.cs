using Emulation.Core;

namespace Emulation.Devices.Tests.Stellaris;

/// <summary>LM3S6965 data sheet, chapter by chapter.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StellarisTests
{
    private readonly StellarisBench _bench = new();

    [Test]
    public void The_PLL_locks_after_half_a_millisecond_and_makes_50_MHz()
    {
        var clocks = new StellarisClocks(8_000_000);
        var system = new StellarisSystemControl("SYSCTL", clocks, _bench.Bench.Clock, _bench.Bench.Log);
        clocks.System.Frequency.Should().Be(new Frequency(12_000_000));
        // 8 MHz crystal, PLL on, by 4, still bypassed
        ulong rcc = (3UL << 23) | (1 << 22) | (1 << 11) | (0xe << 6);
        system.Write(0x60, 4, rcc);
        clocks.System.Frequency.Should().Be(new Frequency(2_000_000), "the divider is used, the PLL not yet");
        system.Write(0x60, 4, rcc & ~(1UL << 11));
        _bench.Bench.Advance(499_999);
        (system.Read(0x50, 4) & 0x40).Should().Be(0);
        clocks.System.Frequency.Should().Be(new Frequency(2_000_000));
        _bench.Bench.Advance(1);
        (system.Read(0x50, 4) & 0x40).Should().Be(0x40);
        clocks.System.Frequency.Should().Be(new Frequency(50_000_000));
        system.Irq.Level.Should().BeFalse();
        system.Write(0x54, 4, 0x40);
        system.Irq.Level.Should().BeTrue();
        system.Write(0x58, 4, 0x40);
        system.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void Gates_follow_RCGC_and_in_sleep_SCGC()
    {
        var clocks = new StellarisClocks(8_000_000);
        var system = new StellarisSystemControl("SYSCTL", clocks, _bench.Bench.Clock, _bench.Bench.Log);
        ClockGate uart = clocks.Gate("UART0");
        uart.IsRunning.Should().BeFalse();
        system.Write(0x104, 4, 1);
        uart.IsRunning.Should().BeTrue();
        system.SetSleep(1);
        uart.IsRunning.Should().BeTrue("ACG is clear");
        system.SetSleep(0);
        system.Write(0x60, 4, system.Read(0x60, 4) | (1 << 27));
        system.SetSleep(1);
        uart.IsRunning.Should().BeFalse();
        system.SetSleep(0);
        uart.IsRunning.Should().BeTrue();
    }

    [Test]
    public void Reset_causes_add_up_until_power_on_or_a_write()
    {
        StellarisSystemControl system = _bench.CreateSystem();
        system.Read(0x5c, 4).Should().Be(2);
        system.RequestReset(StellarisResetCause.Software);
        system.Reset();
        system.RequestReset(StellarisResetCause.Watchdog);
        system.Reset();
        system.Read(0x5c, 4).Should().Be(0x1a);
        system.Write(0x5c, 4, 0);
        system.Read(0x5c, 4).Should().Be(0);
    }

    [Test]
    public void A_peripheral_without_its_clock_does_not_answer()
    {
        var space = new AddressSpace("bus", _bench.Bench.Log, _bench.Bench.DeviceLock);
        StellarisWatchdog watchdog = _bench.CreateWatchdog();
        space.Root.Add(0, watchdog.Region);
        space.Read(0, 4, out ulong value).Should().Be(BusResult.Ok);
        value.Should().Be(uint.MaxValue);
        _bench.BusClock.Enabled = false;
        space.Read(0, 4, out _).Should().Be(BusResult.Refused);
        space.Write(0, 4, 1).Should().Be(BusResult.Refused);
    }

    [Test]
    public void Flash_is_programmed_and_erased_through_its_commands()
    {
        StellarisFlash flash = _bench.CreateFlash();
        flash.Write(0x10, 4, 2);
        flash.Write(0, 4, 0x1400);
        flash.Write(4, 4, 0x1234_5678);
        flash.Write(8, 4, 1);
        flash.Memory.Read(0x1400, 4).Should().Be(0xffff_ffff, "the key is missing");
        flash.Write(8, 4, 0xa442_0001);
        flash.Read(8, 4).Should().Be(1);
        _bench.Bench.Advance(19_999);
        flash.Irq.Level.Should().BeFalse();
        _bench.Bench.Advance(1);
        flash.Read(8, 4).Should().Be(0);
        flash.Irq.Level.Should().BeTrue();
        flash.Write(0x14, 4, 2);
        flash.Irq.Level.Should().BeFalse();
        flash.Memory.Read(0x1400, 4).Should().Be(0x1234_5678);
        flash.Write(4, 4, 0xffff_0000);
        flash.Write(8, 4, 0xa442_0001);
        flash.Memory.Read(0x1400, 4).Should().Be(0x1234_0000, "bits are only cleared");
        _bench.Bench.Advance(20_000);
        flash.Write(8, 4, 0xa442_0002);
        _bench.Bench.Advance(20_000_000);
        flash.Read(8, 4).Should().Be(0);
        flash.Memory.Read(0x1400, 4).Should().Be(0xffff_ffff);
        flash.Protection.Registers.Write(0x400, 4, ~(1UL << 2));
        flash.Write(8, 4, 0xa442_0001);
        flash.Read(0xc, 4).Should().Be(3, "2 KiB blocks are protected: an access error");
        flash.Memory.Read(0x1400, 4).Should().Be(0xffff_ffff);
    }

    [Test]
    public void Pins_are_driven_when_enabled_and_data_is_masked_by_the_address()
    {
        StellarisGpio port = _bench.CreateGpio('F');
        var led = new Pin("PF0");
        port.ConnectPin(0, led);
        port.Write(0x400, 4, 1);
        port.Write(0x3fc, 4, 0xff);
        led.IsFloating.Should().BeTrue();
        port.Write(0x51c, 4, 0xff);
        led.Level.Should().BeTrue();
        port.Write(0x008, 4, 0);
        led.Level.Should().BeTrue("bit 0 is masked");
        port.Write(0x004, 4, 0);
        led.Level.Should().BeFalse();
        port.Write(0x504, 4, 1);
        port.Read(0x500, 4).Should().Be(0xfe, "drive strengths exclude each other");
    }

    [Test]
    public void Edges_are_latched_and_levels_are_not()
    {
        StellarisGpio port = _bench.CreateGpio();
        var pin = new Pin("PA2");
        port.ConnectPin(2, pin);
        port.Write(0x51c, 4, 4);
        port.Write(0x510, 4, 4);
        pin.Level.Should().BeTrue("the pull-up");
        port.Write(0x410, 4, 4);
        port.Write(0x41c, 4, 0xff);
        PinDriver button = pin.Driver("button");
        button.Set(false);
        button.Release();
        port.Irq.Level.Should().BeTrue();
        port.Write(0x41c, 4, 4);
        port.Irq.Level.Should().BeFalse();
        port.Write(0x404, 4, 4);
        port.Irq.Level.Should().BeFalse("the pin is high and low is sensed");
        button.Set(false);
        port.Irq.Level.Should().BeTrue();
        port.Write(0x41c, 4, 4);
        port.Irq.Level.Should().BeTrue("a level is not cleared");
        button.Release();
        port.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void Uncommitted_pins_keep_their_function()
    {
        StellarisGpio port = _bench.CreateGpio('C');
        port.Read(0x420, 4).Should().Be(0x0f);
        port.Write(0x420, 4, 0xf0);
        port.Read(0x420, 4).Should().Be(0xff);
        port.Write(0x524, 4, 0xff);
        port.Read(0x524, 4).Should().Be(0xf0);
        port.Write(0x520, 4, 0x1acc_e551);
        port.Read(0x520, 4).Should().Be(0);
        port.Write(0x524, 4, 0xff);
        port.Write(0x420, 4, 0);
        port.Read(0x420, 4).Should().Be(0);
    }

    [Test]
    public void A_32_bit_periodic_timer_interrupts_every_period()
    {
        StellarisTimer timer = _bench.CreateTimer();
        timer.Write(0x04, 4, 2);
        timer.Write(0x28, 4, 99_999);
        timer.Write(0x18, 4, 1);
        timer.Write(0x0c, 4, 1);
        _bench.Cycles(40_000);
        timer.Read(0x48, 4).Should().Be(59_999);
        _bench.Cycles(59_998);
        timer.IrqA.Level.Should().BeFalse();
        _bench.Cycles(1);
        timer.IrqA.Level.Should().BeTrue();
        timer.Write(0x24, 4, 1);
        timer.IrqA.Level.Should().BeFalse();
        _bench.Cycles(99_999);
        timer.IrqA.Level.Should().BeFalse();
        _bench.Cycles(1);
        timer.IrqA.Level.Should().BeTrue();
    }

    [Test]
    public void A_16_bit_one_shot_timer_counts_its_prescaler_and_stops()
    {
        StellarisTimer timer = _bench.CreateTimer();
        timer.Write(0x00, 4, 4);
        timer.Write(0x08, 4, 1);
        timer.Write(0x2c, 4, 1000);
        timer.Write(0x3c, 4, 9);
        timer.Write(0x18, 4, 0x100);
        timer.Write(0x0c, 4, 0x100);
        _bench.Cycles(9_999);
        timer.Read(0x4c, 4).Should().Be(1);
        timer.IrqB.Level.Should().BeFalse();
        _bench.Cycles(1);
        timer.IrqB.Level.Should().BeTrue();
        timer.Read(0x0c, 4).Should().Be(0);
        _bench.Bench.Clock.NextDeadline.Should().Be(long.MaxValue);
    }

    [Test]
    public void Edges_are_counted_and_timed()
    {
        StellarisTimer timer = _bench.CreateTimer();
        timer.Write(0x00, 4, 4);
        timer.Write(0x04, 4, 3);
        timer.Write(0x28, 4, 10);
        timer.Write(0x30, 4, 7);
        timer.Write(0x18, 4, 2);
        timer.Write(0x08, 4, 7);
        timer.Write(0x0c, 4, 0x101);
        for (int i = 0; i < 3; i++)
        {
            timer.IrqA.Level.Should().BeFalse();
            timer.CaptureA.SetInput(true);
            timer.CaptureA.SetInput(false);
        }

        timer.IrqA.Level.Should().BeTrue();
        (timer.Read(0x0c, 4) & 1).Should().Be(0);
        _bench.Cycles(123);
        timer.CaptureB.SetInput(true);
        timer.Read(0x4c, 4).Should().Be(0xffff - 123);
        (timer.Read(0x1c, 4) & 0x400).Should().Be(0x400);
    }

    [Test]
    public void PWM_of_a_timer_is_high_down_to_the_match()
    {
        StellarisTimer timer = _bench.CreateTimer();
        timer.Write(0x00, 4, 4);
        timer.Write(0x04, 4, 0xa);
        timer.Write(0x28, 4, 99);
        timer.Write(0x30, 4, 69);
        timer.Write(0x0c, 4, 1);
        for (int period = 0; period < 3; period++)
        {
            timer.CaptureA.Output.Should().Be(PinDrive.High);
            _bench.Cycles(29);
            timer.CaptureA.Output.Should().Be(PinDrive.High);
            _bench.Cycles(1);
            timer.CaptureA.Output.Should().Be(PinDrive.Low);
            _bench.Cycles(69);
            timer.CaptureA.Output.Should().Be(PinDrive.Low);
            _bench.Cycles(1);
        }
    }

    [Test]
    public void The_real_time_clock_counts_seconds()
    {
        StellarisTimer timer = _bench.CreateTimer();
        timer.Write(0x00, 4, 1);
        timer.Write(0x28, 4, 5);
        timer.Write(0x30, 4, 8);
        timer.Write(0x18, 4, 8);
        timer.Write(0x0c, 4, 1);
        _bench.Bench.Advance(2_999_999_999);
        timer.Read(0x48, 4).Should().Be(7);
        timer.IrqA.Level.Should().BeFalse();
        _bench.Bench.Advance(1);
        timer.IrqA.Level.Should().BeTrue();
    }

    [Test]
    public void The_watchdog_interrupts_then_resets()
    {
        StellarisWatchdog watchdog = _bench.CreateWatchdog();
        watchdog.Write(0, 4, 1000);
        watchdog.Write(8, 4, 3);
        watchdog.Write(0xc00, 4, 1);
        watchdog.Write(8, 4, 0);
        watchdog.Read(0xc00, 4).Should().Be(1);
        _bench.Cycles(1000);
        watchdog.Irq.Level.Should().BeTrue();
        watchdog.Write(0xc00, 4, 0x1acc_e551);
        watchdog.Write(0xc, 4, 1);
        watchdog.Irq.Level.Should().BeFalse();
        _bench.Cycles(1000);
        watchdog.ResetRequest.Level.Should().BeFalse();
        _bench.Cycles(1001);
        watchdog.ResetRequest.Level.Should().BeTrue();
    }

    [Test]
    public void A_word_on_SSI_takes_its_bits()
    {
        var bus = new SpiBus("spi", _bench.Bench.Clock, _bench.Bench.Log);
        Pl022 ssi = _bench.CreateSsi(bus);
        var words = new List<(long, uint)>();
        bus.Observed += (in SpiEvent e) => { if (e.Kind == SpiEventKind.Exchange) words.Add((_bench.Bench.Now, e.Out)); };
        ssi.Write(0x10, 4, 2);
        ssi.Write(0x00, 4, 0x0107);
        ssi.Write(0x04, 4, 2);
        ssi.Read(0x0c, 4).Should().Be(3);
        ssi.Write(0x08, 4, 0xa5);
        ssi.Write(0x08, 4, 0x5a);
        ssi.Frame.Output.Should().Be(PinDrive.Low);
        (ssi.Read(0x0c, 4) & 0x10).Should().Be(0x10);
        _bench.Cycles(64);
        words.Should().Equal((3200, 0xa5u), (6400, 0x5au));
        ssi.Frame.Output.Should().Be(PinDrive.High);
        ssi.Read(0x0c, 4).Should().Be(7);
        ssi.Write(0x14, 4, 2);
        ssi.Irq.Level.Should().BeFalse();
        _bench.Cycles(128);
        ssi.Irq.Level.Should().BeTrue("words wait longer than 32 bits");
        ssi.Read(0x08, 4).Should().Be(0xff);
    }

    [Test]
    public void A_sequence_of_the_converter_samples_its_pins()
    {
        StellarisAdc adc = _bench.CreateAdc();
        var pin = new Pin("ADC1");
        adc.ConnectInput(1, pin);
        pin.Driver("test").SetVoltage(1500);
        adc.Write(0x008, 4, 2);
        adc.Write(0x060, 4, 0x01);
        adc.Write(0x064, 4, 0xe0);
        adc.Write(0x000, 4, 2);
        adc.Write(0x028, 4, 2);
        _bench.Bench.Advance(1999);
        adc.Irq(1).Level.Should().BeFalse();
        _bench.Bench.Advance(1);
        adc.Irq(1).Level.Should().BeTrue();
        adc.Read(0x068, 4).Should().Be(512);
        adc.Read(0x068, 4).Should().Be(557, "25 degrees are 1.6333 V");
        (adc.Read(0x06c, 4) & 0x100).Should().Be(0x100);
        adc.Read(0x068, 4).Should().Be(0);
        adc.Read(0x018, 4).Should().Be(2, "underflow");
        adc.Write(0x00c, 4, 2);
        adc.Irq(1).Level.Should().BeFalse();
        adc.Write(0x014, 4, 0x50);
        adc.Trigger(5);
        _bench.Bench.Advance(2000);
        adc.Irq(1).Level.Should().BeTrue();
    }

    [Test]
    public void A_generator_makes_pulses()
    {
        StellarisPwm pwm = _bench.CreatePwm();
        pwm.Write(0x50, 4, 399);
        pwm.Write(0x58, 4, 299);
        pwm.Write(0x60, 4, 0x8c);
        pwm.Write(0x08, 4, 1);
        pwm.Write(0x40, 4, 1);
        _bench.Cycles(1);
        for (int period = 0; period < 3; period++)
        {
            pwm.Output(0).Output.Should().Be(PinDrive.High);
            _bench.Cycles(99);
            pwm.Output(0).Output.Should().Be(PinDrive.High);
            _bench.Cycles(1);
            pwm.Output(0).Output.Should().Be(PinDrive.Low);
            _bench.Cycles(300);
        }

        pwm.Write(0x10, 4, 1);
        pwm.Fault.SetInput(true);
        pwm.Output(0).Output.Should().Be(PinDrive.Low);
        (pwm.Read(0x18, 4) & 0x10000).Should().Be(0x10000);
    }

    [Test]
    public void The_encoder_counts_both_directions()
    {
        StellarisQei qei = _bench.CreateQei();
        qei.Write(0x0c, 4, 99);
        qei.Write(0x00, 4, 9);
        for (int step = 1; step <= 8; step++)
        {
            qei.PhaseA.SetInput((step & 3) is 1 or 2);
            qei.PhaseB.SetInput((step & 3) is 2 or 3);
        }

        qei.Read(0x08, 4).Should().Be(8);
        for (int step = 7; step >= -2; step--)
        {
            qei.PhaseA.SetInput((step & 3) is 1 or 2);
            qei.PhaseB.SetInput((step & 3) is 2 or 3);
        }

        qei.Read(0x08, 4).Should().Be(98);
        qei.Read(0x04, 4).Should().Be(2);
    }

    [Test]
    public void The_master_writes_a_byte_behind_an_address()
    {
        var bus = new I2cBus("i2c", _bench.Bench.Clock, _bench.Bench.Log);
        StellarisI2c i2c = _bench.CreateI2c(bus);
        StellarisI2c slave = new("I2C1", bus, _bench.Bench.Clock, _bench.Bench.Log, _bench.BusClock);
        bus.Attach(0x3c, slave.Target);
        slave.Write(0x020, 4, 0x20);
        slave.Write(0x800, 4, 0x3c);
        slave.Write(0x804, 4, 1);
        slave.Write(0x80c, 4, 1);
        i2c.Write(0x020, 4, 0x10);
        i2c.Write(0x00c, 4, 4);
        i2c.Write(0x000, 4, 0x3c << 1);
        i2c.Write(0x008, 4, 0x5a);
        i2c.Read(0x004, 4).Should().Be(0x20);
        i2c.Write(0x004, 4, 7);
        i2c.Read(0x004, 4).Should().Be(1);
        _bench.Cycles(1900);
        i2c.Read(0x004, 4).Should().Be(0x20);
        slave.Irq.Level.Should().BeTrue();
        slave.Read(0x804, 4).Should().Be(5);
        slave.Read(0x808, 4).Should().Be(0x5a);
        i2c.Write(0x000, 4, 0x10 << 1);
        i2c.Write(0x004, 4, 7);
        _bench.Cycles(1900);
        i2c.Read(0x004, 4).Should().Be(0x26, "nobody answers");
    }

    [Test]
    public void A_comparator_compares_with_the_reference()
    {
        var comparators = new StellarisComparators("COMP", _bench.Bench.Log);
        Pin minus = new("C0-"), plus = new("C0+");
        comparators.ConnectInputs(0, minus, plus);
        comparators.Write(0x10, 4, 0x30f);
        comparators.Write(0x24, 4, 0x40c);
        comparators.Write(0x08, 4, 1);
        comparators.Read(0x20, 4).Should().Be(2);
        comparators.Write(0x00, 4, 1);
        comparators.Irq(0).Level.Should().BeFalse();
        minus.Driver("test").SetVoltage(2200);
        comparators.Read(0x20, 4).Should().Be(0);
        comparators.Irq(0).Level.Should().BeTrue();
    }
}
