namespace Emulation.RiscV.Tests.Privileged;

public sealed class CounterTests
{
    private const int Mcycle = 0xb00, Minstret = 0xb02, Counter3 = 0xb03, Event3 = 0x323, Inhibit = 0x320, Scountovf = 0xda0, Mip = 0x344;
    private const ulong Overflow = 1UL << 63, NotMachine = 1UL << 62, NotSupervisor = 1UL << 61, NotUser = 1UL << 60;
    private const ulong CyclesEvent = 1, InstructionsEvent = 2;

    [Test]
    public void Cycles_count_every_instruction_and_retired_ones_not_those_that_trapped()
    {
        using var hart = new TestHart();
        hart.Instructions = 1000;
        hart.Cpu.Header.ExceptionCount = 10;
        hart[Mcycle].Should().Be(1000);
        hart[Minstret].Should().Be(990);
        hart[0xc00].Should().Be(1000);
        hart[0xc02].Should().Be(990);
    }

    [Test]
    public void The_instruction_after_a_write_reads_what_was_written([Values(Mcycle, Minstret)] int csr)
    {
        using var hart = new TestHart();
        hart.Instructions = 500;
        hart[csr] = 7;
        hart.Instructions = 501;
        hart[csr].Should().Be(7);
        hart.Instructions = 511;
        hart[csr].Should().Be(17);
    }

    [Test]
    public void Halves_of_a_counter_are_written_apart_on_rv32()
    {
        using var hart = new TestHart("rv32imac_zicntr");
        hart[0xb80] = 5;
        hart.Instructions = 1;
        hart[0xb00] = uint.MaxValue;
        hart.Instructions = 2;
        (hart[0xb80], hart[0xb00]).Should().Be((5UL, (ulong)uint.MaxValue));
        hart.Instructions = 3;
        (hart[0xb80], hart[0xb00], hart[0xc80], hart[0xc00]).Should().Be((6UL, 0UL, 6UL, 0UL));
    }

    [Test]
    public void An_inhibited_counter_stands_still_and_goes_on_from_there([Values(0, 2, 3)] int counter)
    {
        using var hart = new TestHart();
        hart[Event3] = InstructionsEvent;
        hart[0xb00 + counter] = 100;
        hart.Instructions = 11;
        hart[Inhibit] = 1UL << counter;
        hart.Instructions = 50;
        hart[0xb00 + counter].Should().Be(111, "the instruction that stops it still counts");
        hart[0xb00 + counter] = 20;
        hart.Instructions = 60;
        hart[0xb00 + counter].Should().Be(20);
        hart[Inhibit] = 0;
        hart.Instructions = 61;
        hart[0xb00 + counter].Should().Be(20);
        hart.Instructions = 71;
        hart[0xb00 + counter].Should().Be(30);
    }

    [Test]
    public void Other_events_count_nothing([Values(0UL, 3UL, 0x10019UL)] ulong selector)
    {
        using var hart = new TestHart();
        hart[Event3] = selector;
        hart[Counter3] = 5;
        hart.Instructions = 1000;
        hart[Counter3].Should().Be(5);
    }

    [Test]
    public void Counting_can_be_limited_to_privilege_levels()
    {
        using var hart = new TestHart();
        hart[Event3] = CyclesEvent | NotMachine | NotUser;
        hart[Counter3] = 0;
        hart.Instructions = 10;
        hart[Counter3].Should().Be(0);
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Instructions = 30;
        hart[Counter3].Should().Be(20);
        hart.Enter(PrivilegeLevel.User);
        hart.Instructions = 40;
        hart[Counter3].Should().Be(20);
    }

    [Test]
    public void An_overflow_sets_of_and_pends_an_interrupt_once()
    {
        using var hart = new TestHart();
        hart[Event3] = CyclesEvent;
        hart[Counter3] = ulong.MaxValue - 4; // wraps with the fifth instruction after the write
        hart.Instructions = 5;
        hart[Counter3].Should().Be(ulong.MaxValue);
        (hart[Event3] & Overflow).Should().Be(0);
        hart.Cpu.Counters.InstructionsToOverflow().Should().Be(1);
        hart.Instructions = 6;
        hart[Mip].Should().Be(1UL << 13);
        (hart[Event3] & Overflow).Should().Be(Overflow);
        hart[Scountovf].Should().Be(8);
        hart[Counter3].Should().Be(0);
        hart[Mip] = 0;
        hart[Counter3] = ulong.MaxValue;
        hart.Instructions = 20;
        hart[Mip].Should().Be(0, "OF is set: no further request");
        hart[Counter3].Should().Be(12);
    }

    [Test]
    public void A_write_of_zero_or_of_the_selector_is_no_overflow()
    {
        using var hart = new TestHart();
        hart[Event3] = CyclesEvent;
        hart[Counter3] = 0;
        hart.Instructions = 100;
        hart[Counter3] = 0;
        hart[Event3] = InstructionsEvent;
        hart.Instructions = 200;
        hart[Mip].Should().Be(0);
    }

    [Test]
    public void Overflow_status_is_shown_below_machine_mode_where_the_counter_is_enabled()
    {
        using var hart = new TestHart();
        hart[Event3] = Overflow;
        hart[0x324] = Overflow;
        hart[0x306] = 1 << 4;
        hart[Scountovf].Should().Be(0x18);
        hart.Enter(PrivilegeLevel.Supervisor);
        hart[Scountovf].Should().Be(0x10);
    }

    [Test]
    public void An_overflow_at_the_instruction_that_leaves_the_level_is_seen()
    {
        using var hart = new TestHart();
        hart[Event3] = CyclesEvent | NotSupervisor;
        hart[Counter3] = ulong.MaxValue;
        hart.Instructions = 1; // the next instruction, an MRET, makes it wrap
        hart[0x300] = 1UL << Status.MppShift;
        hart.Cpu.ReturnFromMachine();
        hart.Cpu.Privilege.Should().Be(PrivilegeLevel.Supervisor);
        hart[Mip].Should().Be(1UL << 13);
        hart.Instructions = 50;
        hart[Counter3].Should().Be(0);
    }
}
