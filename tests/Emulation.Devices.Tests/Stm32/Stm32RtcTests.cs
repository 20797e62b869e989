using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>The real-time clock of the STM32F4. RM0090 chapter 26.</summary>
public sealed class Stm32RtcTests
{
    private const long Second = VirtualClock.Second;
    private DeviceBench _bench = null!;
    private Stm32SystemBench _system = null!;
    private Stm32Rtc _rtc = null!;

    [SetUp]
    public void Create()
    {
        _bench = new DeviceBench();
        _system = new Stm32SystemBench(_bench);
        _system.CreatePwr().Write(0, 4, 0x4100);
        _rtc = new Stm32Rtc("RTC", _system.System, _bench.Clock, _bench.Log, _system.Lse);
        _rtc.Write(0x24, 4, 0xca);
        _rtc.Write(0x24, 4, 0x53);
    }

    [Test]
    public void The_calendar_is_set_in_initialization_mode_and_goes_on_from_there()
    {
        Set(0x24_c2_29, 0x23_59_58);
        _bench.Advance(Second);
        _rtc.Read(0, 4).Should().Be(0x23_59_59);
        _rtc.Read(4, 4).Should().Be(0x24_c2_29);
        _bench.Advance(Second);
        _rtc.Read(0, 4).Should().Be(0);
        // the 29th of February 2024 is followed by the 1st of March; the week begins anew
        _rtc.Read(4, 4).Should().Be(0x24_e3_01);
        _rtc.Now.Should().Be(new DateTime(2024, 3, 1));
    }

    [Test]
    public void Nothing_is_written_without_the_keys()
    {
        _rtc.Write(0x24, 4, 0xff);
        _rtc.Write(0x14, 4, 5);
        _rtc.Read(0x14, 4).Should().Be(0xffff);
        _rtc.Write(0x50, 4, 0x1234);
        _rtc.Read(0x50, 4).Should().Be(0x1234, "backup registers need no keys");
    }

    [Test]
    public void Initialization_takes_two_cycles()
    {
        _rtc.Write(0x0c, 4, 0x80);
        (_rtc.Read(0x0c, 4) & 0x40).Should().Be(0);
        _bench.Advance(70_000);
        (_rtc.Read(0x0c, 4) & 0x40).Should().Be(0x40);
    }

    [Test]
    public void Subseconds_count_down()
    {
        Set(0x24_21_01, 0);
        _bench.Advance(Second / 4);
        _rtc.Read(0x28, 4).Should().Be(191);
        _rtc.Read(4, 4);
        _bench.Advance(Second / 2);
        _rtc.Read(0x28, 4).Should().Be(63);
    }

    [Test]
    public void An_alarm_compares_what_is_not_masked()
    {
        Set(0x24_21_01, 0x10_00_00);
        _rtc.Write(0x1c, 4, 0x8080_8005);
        _rtc.Write(0x08, 4, 0x1100);
        _bench.Advance(4 * Second);
        _rtc.Alarm.Level.Should().BeFalse();
        _bench.Advance(Second + 1_000_000);
        _rtc.Alarm.Level.Should().BeTrue();
        (_rtc.Read(0x0c, 4) & 0x100).Should().Be(0x100);
        _rtc.Write(0x0c, 4, ~0x180u);
        _rtc.Alarm.Level.Should().BeFalse();
        _bench.Advance(60 * Second);
        _rtc.Alarm.Level.Should().BeTrue();
    }

    [Test]
    public void Day_zero_can_be_written_and_ends_with_its_day()
    {
        // the time base of ST's HAL sets date and time to 0 for an alarm of day 0, a second later
        Set(0, 0);
        _rtc.Write(0x1c, 4, 1);
        _rtc.Write(0x08, 4, 0x1100);
        _rtc.Read(4, 4).Should().Be(0x2000);
        _bench.Advance(Second + 1_000_000);
        _rtc.Alarm.Level.Should().BeTrue();
        _rtc.Write(0x0c, 4, ~0x180u);
        Set(0, 0x23_59_59);
        _rtc.Read(4, 4).Should().Be(0x2000);
        _bench.Advance(2 * Second);
        _rtc.Read(4, 4).Should().Be(0x4102);
    }

    [Test]
    public void An_alarm_compares_subseconds()
    {
        Set(0x24_21_01, 0);
        _rtc.Write(0x44, 4, 0x0800_0000 | 127);
        _rtc.Write(0x1c, 4, 0x8080_8080);
        _rtc.Write(0x08, 4, 0x1100);
        _bench.Advance(Second * 49 / 100);
        _rtc.Alarm.Level.Should().BeFalse();
        _bench.Advance(Second * 2 / 100);
        _rtc.Alarm.Level.Should().BeTrue();
    }

    [Test]
    public void The_wakeup_timer_is_periodic()
    {
        _rtc.Write(0x14, 4, 2047);
        _rtc.Write(0x08, 4, 0x4400);
        _bench.Advance(Second - 1000);
        _rtc.Wakeup.Level.Should().BeFalse();
        _bench.Advance(2000);
        _rtc.Wakeup.Level.Should().BeTrue();
        _rtc.Write(0x0c, 4, ~0x480u);
        _rtc.Wakeup.Level.Should().BeFalse();
        _bench.Advance(Second);
        _rtc.Wakeup.Level.Should().BeTrue();
    }

    [Test]
    public void Smooth_calibration_leaves_out_cycles()
    {
        Set(0x24_21_01, 0);
        _rtc.Write(0x3c, 4, 0x1ff);
        // 511 of 2^20 cycles are left out: 487 ppm
        _bench.Advance(10_000 * Second);
        _rtc.Now.Should().Be(new DateTime(2024, 1, 1).AddSeconds(9995));
    }

    [Test]
    public void Tamper_clears_the_backup_registers()
    {
        _rtc.Write(0x50, 4, 0x1234);
        _rtc.Write(0x40, 4, 5);
        _rtc.SetTamper(1, true);
        _rtc.TamperStamp.Level.Should().BeTrue();
        _rtc.Read(0x50, 4).Should().Be(0);
    }

    [Test]
    public void Time_stamps_keep_the_first_event()
    {
        Set(0x24_21_01, 0x10_00_00);
        _rtc.Write(0x08, 4, 0x800);
        _bench.Advance(Second);
        _rtc.SetTimeStamp(true);
        _bench.Advance(Second);
        _rtc.SetTimeStamp(false);
        _rtc.SetTimeStamp(true);
        _rtc.Read(0x30, 4).Should().Be(0x10_00_01);
        (_rtc.Read(0x0c, 4) & 0x1800).Should().Be(0x1800);
    }

    [Test]
    public void A_system_reset_leaves_it_and_a_reset_of_the_backup_domain_does_not()
    {
        Set(0x24_21_01, 0x10_00_00);
        _rtc.Write(0x50, 4, 0x1234);
        _system.System.RequestReset(Stm32ResetCause.Software);
        _rtc.Reset();
        _system.System.CompleteReset();
        _bench.Advance(Second);
        _rtc.Read(0, 4).Should().Be(0x10_00_01);
        _rtc.Read(0x50, 4).Should().Be(0x1234);
        _rtc.ResetBackup();
        _rtc.Read(0x50, 4).Should().Be(0);
    }

    private void Set(ulong date, ulong time)
    {
        _rtc.Write(0x0c, 4, 0x80);
        _bench.Advance(100_000);
        _rtc.Write(0, 4, time);
        _rtc.Write(4, 4, date);
        _rtc.Write(0x0c, 4, 0);
    }
}
