namespace Emulation.RiscV.Tests.Privileged;

/// <summary>Registers and features that a bit of another register opens or closes.</summary>
public sealed class CsrGateTests
{
    private const int Menvcfg = 0x30a, Senvcfg = 0x10a, Mcounteren = 0x306, Stimecmp = 0x14d, Mip = 0x344, Sip = 0x144, Mideleg = 0x303, Mie = 0x304, Sie = 0x104, Scountovf = 0xda0;
    private const ulong Stce = 1UL << 63, Stip = 1UL << 5, Lcofi = 1UL << 13;

    [Test]
    public void Stimecmp_needs_stce_and_tm_below_machine_mode([Values] bool stce, [Values] bool tm, [Values] PrivilegeLevel privilege)
    {
        using var hart = new TestHart();
        hart[Menvcfg] = stce ? Stce : 0;
        hart[Mcounteren] = tm ? 2UL : ~2UL;
        hart.Enter(privilege);
        bool allowed = privilege == PrivilegeLevel.Machine || (privilege == PrivilegeLevel.Supervisor && stce && tm);
        hart.Read(Stimecmp).HasValue.Should().Be(allowed);
        hart.Write(Stimecmp, 5).Should().Be(allowed);
    }

    [Test]
    public void Stip_is_written_by_firmware_or_driven_by_stimecmp_never_both([Values] bool stce)
    {
        using var hart = new TestHart();
        hart[Mideleg] = Stip;
        hart[Menvcfg] = stce ? Stce : 0;
        hart[Mip] = Stip;
        hart[Mip].Should().Be(stce ? 0 : Stip);
        hart[Sip].Should().Be(stce ? 0 : Stip);
        hart[Sip] = 0;
        hart[Mip].Should().Be(stce ? 0 : Stip, "sip.STIP is read-only");
        hart[Stimecmp] = 0;
        hart[Mip].Should().Be(Stip);
    }

    [TestCase(0x00UL, 0xf0UL, false, false, false, false)]
    [TestCase(0x40UL, 0xf0UL, true, true, false, false)]
    [TestCase(0x40UL, 0x00UL, true, false, false, false)]
    [TestCase(0x80UL, 0xf0UL, false, false, true, true)]
    [TestCase(0x80UL, 0x40UL, false, false, true, false)]
    [TestCase(0xc0UL, 0xc0UL, true, true, true, true)]
    public void Cache_block_instructions_need_every_enable_above_them(ulong menvcfg, ulong senvcfg, bool cleanInS, bool cleanInU, bool zeroInS, bool zeroInU)
    {
        using var hart = new TestHart();
        hart[Menvcfg] = menvcfg;
        hart[Senvcfg] = senvcfg;
        Enabled(PrivilegeLevel.Machine).Should().Be((true, true));
        Enabled(PrivilegeLevel.Supervisor).Should().Be((cleanInS, zeroInS));
        Enabled(PrivilegeLevel.User).Should().Be((cleanInU, zeroInU));

        (bool Clean, bool Zero) Enabled(PrivilegeLevel privilege)
        {
            hart.Enter(privilege);
            return ((hart.Cpu.Header.Mode & RiscVMode.Cbcfe) != 0, (hart.Cpu.Header.Mode & RiscVMode.Cbze) != 0);
        }
    }

    [Test]
    public void Without_supervisor_mode_only_the_machines_register_counts()
    {
        using var hart = new TestHart("rv64imac_zicbom_zicboz,priv=mu");
        hart[Menvcfg] = 0xd0;
        hart.Enter(PrivilegeLevel.User);
        (hart.Cpu.Header.Mode & (RiscVMode.Cbcfe | RiscVMode.Cbze)).Should().Be(RiscVMode.Cbcfe | RiscVMode.Cbze);
        RiscVMode.Cbie(hart.Cpu.Header.Mode).Should().Be(1);
    }

    [Test]
    public void Supervisor_views_of_interrupts_are_the_delegated_bits([Values(0UL, 0x2UL, 0x20UL, 0x200UL, 0x2000UL, 0x2222UL)] ulong delegated)
    {
        using var hart = new TestHart();
        hart[Mideleg] = delegated;
        hart[Mie] = ulong.MaxValue;
        hart[Mip] = ulong.MaxValue;
        (hart[Sie], hart[Sip]).Should().Be((delegated, delegated));
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Write(Sie, 0).Should().BeTrue();
        hart.Write(Sip, 0).Should().BeTrue();
        hart[Mie].Should().Be(0x2aaaUL & ~delegated);
        hart[Mip].Should().Be(0x2222UL & ~(delegated & 0x2002), "SEIP and STIP are read-only in sip");
        hart.Set(Sip, ulong.MaxValue).Should().NotBeNull();
        hart[Mip].Should().Be(0x2222UL);
    }

    [Test]
    public void A_counter_overflow_reaches_the_supervisor_it_is_delegated_to()
    {
        using var hart = new TestHart();
        hart[Mideleg] = Lcofi;
        hart[Mie] = Lcofi;
        hart[0x105] = 0x8000_4000;
        hart[0x323] = PerformanceCounters.CycleEvent;
        hart[0xb03] = ulong.MaxValue;
        hart[Mcounteren] = 8;
        hart.Enter(PrivilegeLevel.User);
        hart.Instructions = 10;
        hart[Sip].Should().Be(Lcofi);
        hart.Cpu.EnterInterrupt();
        (hart.Cpu.Privilege, hart.Pc).Should().Be((PrivilegeLevel.Supervisor, 0x8000_4000UL));
        hart.Read(0x142).Should().Be((1UL << 63) | 13);
        hart.Read(Scountovf).Should().Be(8);
        hart.Write(Sip, 0).Should().BeTrue();
        hart[Mip].Should().Be(0, "the supervisor clears LCOFIP itself");
    }

    [Test]
    public void Sum_is_read_only_zero_where_addresses_are_never_translated()
    {
        using var hart = new TestHart("rv64imac_svbare");
        hart[0x300] = ulong.MaxValue;
        (hart[0x300] & (Status.Sum | Status.Mxr)).Should().Be(Status.Mxr);
        hart[0x100] = Status.Sum;
        (hart[0x300] & Status.Sum).Should().Be(0);
    }

    [Test]
    public void Widths_of_lower_modes_are_read_only([Values(0UL, 1UL, 3UL)] ulong width)
    {
        using var hart = new TestHart();
        hart[0x300] = (width << 32) | (width << 34);
        hart[0x300].Should().Be(0xa_0000_0000);
        hart[0x100] = width << 32;
        hart[0x100].Should().Be(0x2_0000_0000);
        hart.Enter(PrivilegeLevel.User);
        (hart.Cpu.Header.Mode & RiscVMode.Xlen32).Should().Be(0);
    }
}
