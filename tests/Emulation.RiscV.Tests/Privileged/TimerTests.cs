namespace Emulation.RiscV.Tests.Privileged;

public sealed class TimerTests
{
    private const int Stimecmp = 0x14d, Mip = 0x344, Menvcfg = 0x30a, Time = 0xc01;
    private const ulong Stce = 1UL << 63, Stip = 1UL << 5;

    [Test]
    public void Time_ticks_with_the_virtual_clock()
    {
        using var hart = new TestHart();
        hart.Now = 1_000_099;
        hart[Time].Should().Be(10_000);
        hart.Cpu.TimeSource = () => 5;
        hart[Time].Should().Be(5);
    }

    [Test]
    public void The_interrupt_comes_with_the_very_tick()
    {
        using var hart = new TestHart();
        hart[Menvcfg] = Stce;
        hart[Stimecmp] = 1000;
        hart.Clock.NextDeadline.Should().Be(100_000);
        hart.Now = 99_999;
        (hart[Mip] & Stip).Should().Be(0);
        hart.Now = 100_000;
        (hart[Mip] & Stip).Should().Be(Stip);
        hart[Stimecmp] = 2000;
        (hart[Mip] & Stip).Should().Be(0);
        hart[Stimecmp] = 0;
        (hart[Mip] & Stip).Should().Be(Stip);
        hart[Stimecmp] = ulong.MaxValue;
        (hart[Mip] & Stip).Should().Be(0);
        hart.Clock.NextDeadline.Should().Be(long.MaxValue);
    }

    [Test]
    public void Deadlines_round_up_to_a_whole_nanosecond()
    {
        using var hart = new TestHart(options: new RiscVCpuOptions { TimebaseFrequency = 3_000_000 });
        hart[Menvcfg] = Stce;
        hart[Stimecmp] = 1;
        hart.Clock.NextDeadline.Should().Be(334);
        hart.Now = 333;
        (hart[Mip] & Stip).Should().Be(0);
        hart.Now = 334;
        (hart[Mip] & Stip).Should().Be(Stip);
    }

    [Test]
    public void Without_the_enable_bit_stip_is_the_firmwares()
    {
        using var hart = new TestHart();
        hart[Stimecmp] = 0;
        hart[Mip].Should().Be(0);
        hart[Mip] = Stip;
        hart[Mip].Should().Be(Stip);
        hart.Enter(PrivilegeLevel.Supervisor);
        hart[0x306] = 2;
        hart.Read(Stimecmp).Should().BeNull();
        hart[Menvcfg] = Stce;
        hart.Read(Stimecmp).Should().Be(0);
        hart[0x306] = 0;
        hart.Read(Stimecmp).Should().BeNull("mcounteren.TM is clear");
    }

    [Test]
    public void With_the_enable_bit_stip_cannot_be_written()
    {
        using var hart = new TestHart();
        hart[Menvcfg] = Stce;
        hart[Stimecmp] = ulong.MaxValue;
        hart[Mip] = Stip;
        hart[Mip].Should().Be(0);
    }

    [Test]
    public void A_jump_of_the_counter_is_noticed()
    {
        using var hart = new TestHart();
        ulong offset = 0;
        hart.Cpu.TimeSource = () => hart.Clock.Ticks(10_000_000) + offset;
        hart[Menvcfg] = Stce;
        hart[Stimecmp] = 1000;
        offset = 900;
        hart.Cpu.OnTimeWritten();
        hart.Clock.NextDeadline.Should().Be(10_000);
        offset = 5000;
        hart.Cpu.OnTimeWritten();
        (hart[Mip] & Stip).Should().Be(Stip);
        offset = ulong.MaxValue - 99;
        hart.Cpu.OnTimeWritten();
        (hart[Mip] & Stip).Should().Be(Stip, "the counter has wrapped below zero: it is huge now");
    }

    [Test]
    public void An_expired_timer_wakes_the_hart()
    {
        using var hart = new TestHart();
        int woken = 0;
        hart.Cpu.Woken += () => woken++;
        hart[Menvcfg] = Stce;
        hart[Stimecmp] = 10;
        woken.Should().Be(0);
        hart.Now = 1000;
        woken.Should().Be(1);
    }
}
