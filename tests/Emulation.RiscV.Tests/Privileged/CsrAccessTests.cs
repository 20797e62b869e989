using Emulation.RiscV.Privileged;

namespace Emulation.RiscV.Tests.Privileged;

public sealed unsafe class CsrAccessTests
{
    [Test]
    public void Every_register_is_illegal_below_its_privilege_and_every_absent_one_everywhere()
    {
        using var hart = new TestHart();
        hart[0x300] = Status.Fs;
        hart[0x30a] = ulong.MaxValue;
        hart[0x30c] = hart[0x30d] = hart[0x30e] = hart[0x30f] = ulong.MaxValue;
        hart[0x306] = hart[0x106] = uint.MaxValue;
        hart[0x747] = 0x300;
        foreach (PrivilegeLevel privilege in Enum.GetValues<PrivilegeLevel>())
        {
            for (int csr = 0; csr < 4096; csr++)
            {
                bool exists = CsrTable.Standard[csr] is { } row && (row.Exists is null || row.Exists(hart.Cpu.Features));
                bool expected = exists && (int)privilege >= ((csr >> 8) & 3) && csr != 0x015;
                hart.Enter(privilege);
                hart.Read(csr).HasValue.Should().Be(expected, $"read of 0x{csr:x3} in {privilege}");
                if (csr >> 10 == 3)
                    hart.Write(csr, 0).Should().BeFalse($"0x{csr:x3} is read-only");
            }
        }
    }

    [Test]
    public void An_illegal_access_records_the_encoding()
    {
        using var hart = new TestHart();
        SystemHelpers.CsrW(hart.Cpu.State, 0xf14UL | (0xf140_1073UL << 32), 0);
        hart.TakeFault().Should().Be((Cause.IllegalInstruction, 0xf140_1073UL));
    }

    [Test]
    public void A_write_only_register_of_the_user_is_never_read_by_a_write()
    {
        // cases.md T8: csrrw x0, 7C0h, a3; csrrwi x0, 7C0h, 13
        using var hart = new TestHart();
        List<ulong> written = [];
        hart.Cpu.AddCsr(0x7c0, "sink", read: null, written.Add);
        hart.Write(0x7c0, 42).Should().BeTrue();
        hart.Write(0x7c0, 13).Should().BeTrue();
        hart.Read(0x7c0).Should().BeNull();
        hart.Swap(0x7c0, 1).Should().BeNull();
        hart.Set(0x7c0, 1).Should().BeNull();
        written.Should().Equal(42, 13);
    }

    [Test]
    public void A_read_without_a_write_does_not_write()
    {
        using var hart = new TestHart();
        int reads = 0;
        hart.Cpu.AddCsr(0x7c1, "source", () => (ulong)++reads, write: null);
        hart.Read(0x7c1).Should().Be(1);
        hart.Set(0x7c1, 0).Should().BeNull("csrrs with a register operand writes whatever its value");
        reads.Should().Be(1);
    }

    [Test]
    public void Registers_of_the_user_keep_to_the_rules_of_their_numbers()
    {
        using var hart = new TestHart("rv64imac");
        hart.Cpu.AddCsr(0x5c0, "supervisor", () => 1, _ => { });
        hart.Enter(PrivilegeLevel.User);
        hart.Read(0x5c0).Should().BeNull();
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Read(0x5c0).Should().Be(1);
        Action readOnly = () => hart.Cpu.AddCsr(0xcc0, "x", () => 1, _ => { });
        Action taken = () => hart.Cpu.AddCsr(0x300, "x", () => 1, null);
        Action twice = () => hart.Cpu.AddCsr(0x5c0, "x", () => 1, null);
        Action outside = () => hart.Cpu.AddCsr(0x1000, "x", () => 1, null);
        readOnly.Should().Throw<ArgumentException>();
        taken.Should().Throw<ArgumentException>().WithMessage("*mstatus*");
        twice.Should().Throw<ArgumentException>();
        outside.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void The_custom_state_bit_guards_registers_of_the_user()
    {
        using var hart = new TestHart();
        hart.Cpu.AddCsr(0x800, "custom", () => 7, null);
        hart.Enter(PrivilegeLevel.User);
        hart.Read(0x800).Should().BeNull();
        hart[0x30c] = StateEnableCsrs.CustomBit;
        hart.Read(0x800).Should().BeNull("S-mode has not enabled it");
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Read(0x800).Should().Be(7);
        hart[0x10c] = ulong.MaxValue;
        hart[0x10c].Should().Be(1);
        hart.Enter(PrivilegeLevel.User);
        hart.Read(0x800).Should().Be(7);
        hart[0x30c] = 0;
        hart[0x10c].Should().Be(0, "it shows zero where mstateen0 is zero");
    }

    [Test]
    public void State_enable_guards_the_supervisor_registers()
    {
        using var hart = new TestHart();
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Read(0x10a).Should().BeNull();
        hart.Read(0x10c).Should().BeNull();
        hart.Read(0x10f).Should().BeNull();
        hart[0x30c] = ulong.MaxValue;
        hart[0x30f] = ulong.MaxValue;
        hart.Read(0x10a).Should().Be(0);
        hart.Read(0x10c).Should().Be(0);
        hart.Read(0x10f).Should().Be(0);
        hart.Read(0x10d).Should().BeNull();
    }

    [Test]
    public void Floating_point_registers_need_fs_and_make_it_dirty()
    {
        using var hart = new TestHart();
        hart.Read(0x003).Should().BeNull();
        hart[0x300] = 1UL << Status.FsShift;
        hart.Read(0x003).Should().Be(0);
        (hart[0x300] & Status.Fs).Should().Be(1UL << Status.FsShift, "reading changes nothing");
        hart.Write(0x003, 0xa5).Should().BeTrue();
        (hart[0x300] & Status.Fs).Should().Be(Status.Fs);
        (hart.Read(0x001), hart.Read(0x002), hart.Read(0x003)).Should().Be((0x05, 0x5, 0xa5));
        (hart.Cpu.Header.Mode & RiscVMode.FrmInvalid).Should().NotBe(0);
        hart.Write(0x002, 3).Should().BeTrue();
        (hart.Cpu.Header.Mode & RiscVMode.FrmInvalid).Should().Be(0);
        hart.Cpu.Header.Fp.Rounding.Should().Be(SoftFloat.FpRounding.Up);
        ((uint)hart.Cpu.Header.Fp.Flags).Should().Be(5);
    }

    [TestCase(0UL, false)]
    [TestCase(Status.Tvm, true)]
    public void Virtual_memory_can_be_trapped(ulong mstatus, bool traps)
    {
        using var hart = new TestHart();
        hart[0x300] = mstatus;
        hart.Read(0x180).Should().NotBeNull("M-mode is not concerned");
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Read(0x180).HasValue.Should().Be(!traps);
        hart.Write(0x180, 0).Should().Be(!traps);
    }

    [Test]
    public void Counters_need_every_enable_above_them([Range(0, 31)] int counter)
    {
        using var hart = new TestHart();
        int csr = 0xc00 + counter;
        bool Try(PrivilegeLevel privilege)
        {
            hart.Enter(privilege);
            return hart.Read(csr).HasValue;
        }

        Try(PrivilegeLevel.Machine).Should().BeTrue();
        hart[0x306] = ~(1UL << counter);
        hart[0x106] = uint.MaxValue;
        Try(PrivilegeLevel.Supervisor).Should().BeFalse();
        Try(PrivilegeLevel.User).Should().BeFalse();
        hart[0x306] = 1UL << counter;
        hart[0x106] = 0;
        Try(PrivilegeLevel.Supervisor).Should().BeTrue();
        Try(PrivilegeLevel.User).Should().BeFalse();
        hart[0x106] = 1UL << counter;
        Try(PrivilegeLevel.User).Should().BeTrue();
    }

    [Test]
    public void Seed_must_be_written_and_gives_fresh_entropy_that_repeats_from_run_to_run()
    {
        using var hart = new TestHart();
        using var again = new TestHart();
        hart.Read(0x015).Should().BeNull();
        ulong[] first = [.. Enumerable.Range(0, 8).Select(_ => hart.Swap(0x015, 0)!.Value)];
        ulong[] second = [.. Enumerable.Range(0, 8).Select(_ => again.Swap(0x015, 0)!.Value)];
        first.Should().Equal(second).And.OnlyContain(v => (v & 0xffff_0000) == 0x8000_0000);
        first.Distinct().Should().HaveCountGreaterThan(4);
        hart.Enter(PrivilegeLevel.User);
        hart.Swap(0x015, 0).Should().BeNull();
        hart[0x747] = 1 << 8;
        hart.Swap(0x015, 0).Should().NotBeNull();
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Swap(0x015, 0).Should().BeNull();
        hart[0x747] = 1 << 9;
        hart.Swap(0x015, 0).Should().NotBeNull();
    }

    [Test]
    public void Names_in_the_table_are_those_of_listings()
    {
        foreach (CsrRow? row in CsrTable.Standard)
        {
            if (row is not null && CsrNames.Name(row.Number) is var listed && !listed.StartsWith("0x", StringComparison.Ordinal))
                row.Name.Should().Be(listed);
        }

        using var hart = new TestHart();
        hart.Cpu.TryFindCsr("MStatus", out int number).Should().BeTrue();
        number.Should().Be(0x300);
        hart.Cpu.TryFindCsr("mstatush", out _).Should().BeFalse("RV64 has none");
    }

    [Test]
    public void There_are_no_triggers()
    {
        using var hart = new TestHart();
        hart.Write(0x7a0, 5).Should().BeTrue();
        hart.Write(0x7a1, ulong.MaxValue).Should().BeTrue();
        (hart.Read(0x7a0), hart.Read(0x7a1), hart.Read(0x7a4)).Should().Be((0, 0, 1));
    }

    [Test]
    public void Upper_halves_exist_on_rv32_only()
    {
        using var narrow = new TestHart("rv32gc_zicntr_zihpm_sstc_sscofpmf");
        using var wide = new TestHart();
        foreach (int csr in (int[])[0x310, 0x312, 0x31a, 0x15d, 0xb80, 0xb82, 0xb83, 0xb9f, 0xc80, 0xc81, 0xc82, 0xc83, 0x723, 0x3a1])
        {
            narrow.Read(csr).Should().NotBeNull($"0x{csr:x3}");
            wide.Read(csr).Should().BeNull($"0x{csr:x3}");
        }
    }

    [TestCase(0, 0)]
    [TestCase(16, 16)]
    [TestCase(64, 64)]
    public void Protection_registers_exist_for_the_entries_there_are(int entries, int expected)
    {
        using var hart = new TestHart($"rv64imac,pmp={entries}");
        Enumerable.Range(0x3b0, 64).Count(n => hart.Read(n).HasValue).Should().Be(expected);
        Enumerable.Range(0x3a0, 16).Count(n => hart.Read(n).HasValue).Should().Be(expected / 8);
    }

    [Test]
    public void A_state_that_was_saved_and_loaded_is_the_same()
    {
        using var hart = new TestHart();
        hart[0x300] = Status.Fs | Status.Sum | Status.Mie;
        hart[0x30a] = ulong.MaxValue;
        hart[0x14d] = 12345;
        hart[0x3b1] = 77;
        hart[0x3a0] = 0x1b00;
        hart[0xb03] = 99;
        hart[0x323] = 1;
        hart[0x180] = 0x8000_0000_0008_0010;
        hart[0x305] = 0x8000_0001;
        hart.Swap(0x015, 0);
        hart.Cpu.SetInterrupt(RiscVInterrupt.MachineTimer, true);
        hart.Cpu.SetPending(RiscVInterrupt.SupervisorSoftware, true);
        hart.Enter(PrivilegeLevel.Supervisor);
        byte[] saved = Save(hart);
        using var other = new TestHart();
        other.Cpu.Load(new Core.StateReader("cpu0", 1, saved));
        Save(other).Should().Equal(saved);
        other.Cpu.Header.Mode.Should().Be(hart.Cpu.Header.Mode);
        other.Enter(PrivilegeLevel.Machine);
        hart.Enter(PrivilegeLevel.Machine);
        other.Swap(0x015, 0).Should().Be(hart.Swap(0x015, 0));
        other.Cpu.Reset();
        using var fresh = new TestHart();
        other.Cpu.SetInterrupt(RiscVInterrupt.MachineTimer, false); // lines belong to whoever drives them
        Save(other).Should().Equal(Save(fresh));
    }

    private static byte[] Save(TestHart hart)
    {
        var writer = new Core.StateWriter();
        hart.Cpu.Save(writer);
        return writer.Written.ToArray();
    }
}
