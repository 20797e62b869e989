namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class FaultTests
{
    [Test]
    public void Survives_a_power_cut([Values(1, 2)] int write, [Values] bool torn)
    {
        using RiscVVirtBench board = Programs.NewBoard();
        Fault cut = board.Faults.PowerCut(at: board.Flash.Write(write), torn: torn);
        board.RunFor(50.VirtualMilliseconds());
        if (write > 1)
        {
            cut.Fired.Should().BeFalse("the firmware writes once a boot");
            board.PowerCycle();
            board.RunFor(50.VirtualMilliseconds());
        }

        cut.Should().HaveFired();
        board.IsPowered.Should().BeFalse();
        board.RunFor(1.VirtualSeconds()).Instructions.Should().Be(0);
        uint cell = (uint)board.Flash.Content.Read((ulong)(4 * (write - 1)), 4);
        cell.Should().Be(torn ? 0xffff_0000u | (0x5600u + (uint)(write - 1)) : 0xffff_ffff);
        board.PowerCycle();
        board.Uart.WaitForLine($"boot {(torn ? write + 1 : write)}", within: 2.VirtualSeconds());
    }

    [Test]
    public void Power_cuts_at_a_time_and_RAM_is_lost()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.RunFor(2.VirtualMilliseconds());
        board.Read<uint>("ticks").Should().BePositive();
        Fault cut = board.Faults.PowerCut(1.VirtualMilliseconds());
        board.RunFor(2.VirtualMilliseconds());
        cut.Should().HaveFired();
        board.PowerCycle();
        board.Read<uint>("ticks").Should().Be(0);
        board.Uart.WaitForLine("boot 2");
    }

    [Test]
    public void Bits_flip_at_a_time_and_at_a_read()
    {
        using RiscVVirtBench board = Programs.Ready();
        ulong address = board.Symbol("latest").Address;
        Fault first = board.Faults.FlipBit(address, 0, 1.VirtualMilliseconds());
        board.RunFor(2.VirtualMilliseconds());
        first.Should().HaveFired();
        board.Variable<int>(address).Should().HaveValue(214);
        Fault second = board.Faults.FlipBitAtRead(address, 0);
        second.Should().NotHaveFired();
        board.Uart.WriteLine("temp");
        board.Uart.WaitForLine("T=21.5");
        second.Should().HaveFired();
    }

    [Test]
    public void A_stuck_bit_stays()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault stuck = board.Faults.StuckBit(board.Symbol("ticks").Address, 0, false);
        board.RunFor(5.VirtualMilliseconds());
        stuck.Count.Should().BeGreaterThan(2);
        (board.Read<uint>("ticks") & 1).Should().Be(0);
    }

    [Test]
    public void Instructions_are_skipped()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault skip = board.Faults.SkipInstruction(StoreIn(board, "touch"));
        board.Uart.WriteLine("crash");
        board.RunFor(10.VirtualMilliseconds());
        skip.Should().HaveFired();
    }

    [Test]
    public void A_register_is_changed_at_an_instruction()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault flip = board.Faults.FlipRegisterBit("x10", 9, board.Symbol("classify").Address);
        board.Uart.WriteLine("classify");
        board.Uart.WaitForLine("22", 10.VirtualMilliseconds());
        flip.Should().HaveFired();
    }

    [Test]
    public void Interrupts_are_dropped_delayed_and_doubled()
    {
        using RiscVVirtBench board = Programs.Ready();
        IrqLine line = board.Board.Uart.Irq;
        Fault drop = board.Faults.DropInterrupt(line);
        board.Uart.Write("t");
        board.RunFor(5.VirtualMilliseconds());
        drop.Should().HaveFired();
        board.Variable<uint>("received_count").Should().HaveValue(0, "the interrupt was lost");
    }

    [Test]
    public void A_delayed_interrupt_comes_later()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault delay = board.Faults.DelayInterrupt(board.Board.Uart.Irq, 3.VirtualMilliseconds());
        TimeSpan before = board.Time;
        board.Uart.Write("t");
        board.WaitForValue("received_count", 1u);
        (board.Time - before).Should().BeGreaterThan(3.VirtualMilliseconds());
        delay.Should().HaveFired();
    }

    [Test]
    public void The_bus_answers_with_an_error()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault error = board.Faults.BusError(0x1000_0005, 1);
        board.Uart.WriteLine("temp");
        board.RunFor(5.VirtualMilliseconds());
        error.Should().HaveFired();
        error.Dispose();
        board.Uart.Should().NotHaveReceivedLine("T=");
    }

    [Test]
    public void Faults_have_evidence_in_the_transcript_and_in_failures()
    {
        using RiscVVirtBench board = Programs.Ready();
        ulong address = board.Symbol("latest").Address;
        Fault flip = board.Faults.FlipBit(address, 0, 1.VirtualMilliseconds());
        ulong store = StoreIn(board, "on_tick");
        Fault skip = board.Faults.SkipInstruction(store);
        Fault later = board.Faults.PowerCut(1.VirtualSeconds());
        board.RunFor(2.VirtualMilliseconds());
        (flip.Evidence, flip.Count).Should().Be(("0xd7 -> 0xd6", 1));
        skip.FiredPc.Should().Be(store);
        skip.Evidence.Should().StartWith($"0x{store:x8} ").And.Contain("sw");
        board.Transcript!.Of("fault").Select(static e => e.Text).Should().Contain($"{flip.Description}: 0xd7 -> 0xd6");
        board.Report().Should().Contain("faults that the test made:").And.Contain(flip.ToString()).And.Contain("by 0x").And.Contain($"{later.Description}: did not happen");
    }

    [Test]
    public void A_write_is_torn_and_the_firmware_goes_on()
    {
        using RiscVVirtBench board = Programs.NewBoard();
        Fault torn = board.Faults.TornWrite(board.Flash.Write(1), 1);
        board.Uart.WaitForLine("ready");
        torn.Should().HaveFired();
        torn.Evidence.Should().StartWith("1 of 4 bytes from ").And.EndWith(" + 0x0 changed");
        board.Flash.Content.Read(0, 4).Should().Be(0xffff_ff00);
    }

    [Test]
    public void A_doubled_interrupt_is_taken_twice()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault doubled = board.Faults.DuplicateInterrupt(board.Board.Uart.Irq);
        var levels = new List<bool>();
        board.Board.Uart.Irq.Connect(levels.Add);
        levels.Clear();
        board.Uart.Write("t");
        board.RunFor(1.VirtualMilliseconds());
        doubled.Should().HaveFired();
        levels.Should().Equal(true, false, true, false);
    }

    [Test]
    public void An_instruction_is_skipped_and_a_register_flips_at_a_time()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault skip = board.Faults.SkipInstruction(100.VirtualMicroseconds()), flip = board.Faults.FlipRegisterBit("x31", 3, 200.VirtualMicroseconds());
        board.RunFor(1.VirtualMilliseconds());
        skip.Should().HaveFired();
        flip.Should().HaveFired();
        flip.Evidence.Should().MatchRegex("^0x[0-9a-f]+ -> 0x[0-9a-f]+$");
    }

    [Test]
    public void A_fault_that_is_taken_back_does_not_happen()
    {
        using RiscVVirtBench board = Programs.Ready();
        Fault flip = board.Faults.FlipBit(board.Symbol("latest").Address, 0, 1.VirtualMilliseconds()), cut = board.Faults.PowerCut(1.VirtualMilliseconds()), drop = board.Faults.DropInterrupt(board.Board.Uart.Irq);
        foreach (Fault fault in new[] { flip, cut, drop })
            fault.Dispose();
        board.Uart.Write("t");
        board.RunFor(2.VirtualMilliseconds());
        foreach (Fault fault in new[] { flip, cut, drop })
            fault.Should().NotHaveFired();
        board.Variable<uint>("received_count").Should().HaveValue(1);
    }

    private static ulong StoreIn(RiscVVirtBench board, string function)
    {
        ulong store = board.Symbol(function).Address;
        while (!board.Cpu.Disassemble(store, 1)[0].Text.StartsWith("sw", StringComparison.Ordinal) && !board.Cpu.Disassemble(store, 1)[0].Text.StartsWith("c.sw", StringComparison.Ordinal))
            store += 2;
        return store;
    }
}
