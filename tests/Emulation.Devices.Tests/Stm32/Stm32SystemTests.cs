using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>What the system peripherals of the STM32F4 do, by chapters of RM0090.</summary>
public sealed class Stm32SystemTests
{
    private DeviceBench _bench = null!;
    private Stm32SystemBench _system = null!;

    [SetUp]
    public void Create()
    {
        _bench = new DeviceBench();
        _system = new Stm32SystemBench(_bench);
    }

    [Test]
    public void Oscillators_are_ready_after_their_start_up_time()
    {
        Stm32F4Rcc rcc = _system.CreateRcc();
        rcc.Read(0, 4).Should().Be(0x83);
        rcc.Write(0, 4, 0x1_0083);
        _bench.Advance(1_999_000);
        (rcc.Read(0, 4) & 0x2_0000).Should().Be(0);
        _bench.Advance(1_000);
        (rcc.Read(0, 4) & 0x2_0000).Should().Be(0x2_0000);
        _system.Clocks.Hse.IsRunning.Should().BeTrue();
    }

    [Test]
    public void The_PLL_runs_the_system_at_168_MHz()
    {
        Stm32F4Rcc rcc = RunAt168();
        (rcc.Read(8, 4) & 0xc).Should().Be(8);
        _system.Clocks.Hclk.Frequency.Should().Be((Frequency)168_000_000);
        _system.Clocks.Pclk1.Frequency.Should().Be((Frequency)42_000_000);
        _system.Clocks.Pclk2.Frequency.Should().Be((Frequency)84_000_000);
        _system.Clocks.TimerClock1.Frequency.Should().Be((Frequency)84_000_000);
        _system.Clocks.TimerClock2.Frequency.Should().Be((Frequency)168_000_000);
        _system.Clocks.Pll48.Frequency.Should().Be((Frequency)48_000_000);
        _system.Clocks.SysTick.Frequency.Should().Be((Frequency)21_000_000);
    }

    [Test]
    public void What_runs_the_system_cannot_be_turned_off()
    {
        Stm32F4Rcc rcc = RunAt168();
        rcc.Write(0, 4, 0);
        (rcc.Read(0, 4) & 0x0303_0000).Should().Be(0x0303_0000);
        _system.Clocks.Hclk.IsRunning.Should().BeTrue();
    }

    [Test]
    public void The_clock_security_system_falls_back_to_the_internal_oscillator()
    {
        Stm32F4Rcc rcc = RunAt168();
        rcc.Write(0, 4, rcc.Read(0, 4) | 0x8_0000);
        rcc.FailHse();
        rcc.Nmi.Level.Should().BeTrue();
        (rcc.Read(0x0c, 4) & 0x80).Should().Be(0x80);
        (rcc.Read(8, 4) & 0xc).Should().Be(0);
        _system.Clocks.Sysclk.Frequency.Should().Be((Frequency)16_000_000);
        rcc.Write(0x0c, 4, 0x80_0000);
        rcc.Nmi.Level.Should().BeFalse();
    }

    [Test]
    public void Ready_flags_interrupt_where_they_are_enabled()
    {
        Stm32F4Rcc rcc = _system.CreateRcc();
        rcc.Write(0x0c, 4, 0x100);
        rcc.Write(0x74, 4, 1);
        _bench.Advance(20_000);
        rcc.Irq.Level.Should().BeTrue();
        rcc.Write(0x0c, 4, 0x1_0100);
        rcc.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void Peripheral_clocks_follow_their_enable_bits_and_resets_reach_the_device()
    {
        Stm32F4Rcc rcc = _system.CreateRcc();
        int resets = 0;
        rcc.OnReset("TIM2", () => resets++);
        rcc.Write(0x40, 4, 1);
        _system.Clocks.Gate("TIM2").IsRunning.Should().BeTrue();
        _system.Clocks.TimerGate("TIM2").IsRunning.Should().BeTrue();
        _system.Clocks.Gate("TIM3").IsRunning.Should().BeFalse();
        rcc.Write(0x20, 4, 1);
        resets.Should().Be(1);
    }

    [Test]
    public void The_backup_domain_is_protected_and_survives_a_system_reset()
    {
        Stm32F4Pwr power = _system.CreatePwr();
        Stm32F4Rcc rcc = _system.CreateRcc();
        rcc.Write(0x70, 4, 0x8101);
        rcc.Read(0x70, 4).Should().Be(0);
        power.Write(0, 4, 0x4100);
        rcc.Write(0x70, 4, 0x8101);
        _bench.Advance(2_000_000_000);
        rcc.Read(0x70, 4).Should().Be(0x8103);

        _system.System.RequestReset(Stm32ResetCause.Software);
        _system.Clocks.Reset();
        rcc.Reset();
        _system.System.CompleteReset();
        rcc.Read(0x70, 4).Should().Be(0x8103);
        rcc.ResetFlags.Should().Be(Stm32ResetCause.Software | Stm32ResetCause.Pin | Stm32ResetCause.PowerOn | Stm32ResetCause.BrownOut);
        _system.Clocks.Rtc.Frequency.Should().Be((Frequency)32_768);
        rcc.Write(0x74, 4, 1 << 24);
        rcc.ResetFlags.Should().Be(Stm32ResetCause.None);
    }

    [Test]
    public void The_voltage_detector_has_thresholds()
    {
        Stm32F4Pwr power = _system.CreatePwr();
        power.Write(0, 4, 0x4000 | 0x10 | (5 << 5));
        power.Pvd.Level.Should().BeFalse();
        power.SupplyMillivolts = 2650;
        power.Pvd.Level.Should().BeTrue();
        (power.Read(4, 4) & 4).Should().Be(4);
        power.SupplyMillivolts = 3300;
        power.Pvd.Level.Should().BeFalse();
    }

    [Test]
    public void The_window_watchdog_warns_and_resets()
    {
        var watchdog = new Stm32Wwdg("WWDG", _system.System, _bench.Clock, _bench.Log, _system.BusClock);
        watchdog.Write(4, 4, 0x27f);
        watchdog.Write(0, 4, 0xc2);
        _bench.Advance(2 * 4096 * 1000 / 16);
        watchdog.Irq.Level.Should().BeTrue();
        _system.Resets.Should().Be(0);
        _bench.Advance(4096 * 1000 / 16);
        _system.Resets.Should().Be(1);
        _system.System.Pending.Should().Be(Stm32ResetCause.WindowWatchdog | Stm32ResetCause.Pin);
    }

    [Test]
    public void A_window_watchdog_that_is_served_too_early_resets()
    {
        var watchdog = new Stm32Wwdg("WWDG", _system.System, _bench.Clock, _bench.Log, _system.BusClock);
        watchdog.Write(4, 4, 0x50);
        watchdog.Write(0, 4, 0xff);
        watchdog.Write(0, 4, 0xff);
        _system.Resets.Should().Be(1);
    }

    [Test]
    public void The_independent_watchdog_resets_after_its_time()
    {
        var watchdog = new Stm32Iwdg("IWDG", _system.System, _bench.Clock, _bench.Log, _system.Lsi, static () => { });
        watchdog.Write(0, 4, 0xcccc);
        watchdog.Write(0, 4, 0x5555);
        watchdog.Write(4, 4, 1);
        watchdog.Write(8, 4, 99);
        watchdog.Read(0x0c, 4).Should().Be(3);
        watchdog.Write(0, 4, 0xaaaa);
        _bench.Advance(24_000_000);
        watchdog.Write(0, 4, 0xaaaa);
        _bench.Advance(24_000_000);
        _system.Resets.Should().Be(0);
        _bench.Advance(1_000_000);
        _system.Resets.Should().Be(1);
    }

    [Test]
    public void The_CRC_unit_computes_the_CRC_of_words()
    {
        var crc = new Stm32Crc("CRC", _bench.Clock, _bench.Log, _system.BusClock);
        crc.Write(0, 4, 0x1234_5678);
        crc.Read(0, 4).Should().Be(0xdf8a_8a2b);
        crc.Write(8, 4, 1);
        crc.Read(0, 4).Should().Be(0xffff_ffff);
    }

    [Test]
    public void Random_numbers_take_forty_periods()
    {
        var rng = new Stm32Rng("RNG", _bench.Clock, _bench.Log, _system.BusClock, _system.BusClock, new SeededEntropy(7));
        rng.Write(0, 4, 0xc);
        rng.Read(4, 4).Should().Be(0);
        _bench.Advance(2500);
        rng.Read(4, 4).Should().Be(1);
        rng.Irq.Level.Should().BeTrue();
        rng.Read(8, 4).Should().NotBe(0);
        rng.Irq.Level.Should().BeFalse();
        rng.FailSeed(true);
        (rng.Read(4, 4) & 0x44).Should().Be(0x44);
    }

    [Test]
    public void A_peripheral_without_its_clock_reads_as_zero_and_ignores_writes()
    {
        Stm32Gpio port = _system.CreateGpio();
        _system.BusClock.Enabled = false;
        port.Write(0x14, 4, 1);
        port.Read(0, 4).Should().Be(0);
        _system.BusClock.Enabled = true;
        port.Read(0x14, 4).Should().Be(0);
        port.Read(0, 4).Should().Be(0xa800_0000);
    }

    private Stm32F4Rcc RunAt168()
    {
        Stm32F4Rcc rcc = _system.CreateRcc();
        rcc.Write(0, 4, 0x1_0083);
        _bench.Advance(2_000_000);
        rcc.Write(4, 4, 8 | (336 << 6) | (1 << 22) | (7 << 24));
        rcc.Write(0, 4, 0x101_0083);
        rcc.Write(8, 4, (5 << 10) | (4 << 13) | 2);
        (rcc.Read(8, 4) & 0xc).Should().Be(0, "the PLL has not locked");
        _bench.Advance(100_000);
        return rcc;
    }
}
