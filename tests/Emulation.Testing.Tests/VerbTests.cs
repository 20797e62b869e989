using Emulation.Debugging;

namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class VerbTests
{
    [Test]
    public void Reports_and_answers()
    {
        using RiscVVirtBench board = Programs.NewBoard();
        board.Uart.WaitForLine("ready", within: 100.VirtualMilliseconds());
        board.Uart.WriteLine("temp");
        board.Uart.WaitForLine("T=21.5");
        board.Uart.Should().HaveReceivedLine("boot 1").And.NotHaveReceivedLine("trap");
    }

    [Test]
    public void A_line_that_came_while_the_test_waited_for_something_else_is_not_missed()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.Uart.WriteLine("temp");
        board.RunFor(50.VirtualMilliseconds());
        long now = board.Nanoseconds;
        board.Uart.WaitForLine("T=21.5");
        board.Nanoseconds.Should().Be(now);
        board.Invoking(b => b.Uart.WaitForLine("T=21.5", 1.VirtualMilliseconds())).Should().Throw<FirmwareTimeoutException>("it was used up");
    }

    [Test]
    public void Stimuli_come_at_their_virtual_time()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.Uart.WriteAfter(20.VirtualMilliseconds(), "temp\r");
        TimeSpan before = board.Time;
        board.Uart.WaitForLine("T=21.5");
        (board.Time - before).Should().BeGreaterThan(20.VirtualMilliseconds()).And.BeLessThan(25.VirtualMilliseconds());
    }

    [Test]
    public void Waits_for_values_and_changes_end_with_the_instruction_that_stores()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.WaitForValue("ticks", 3u);
        board.Read<uint>("ticks").Should().Be(3);
        board.Location.Function.Should().Be("on_tick");
        board.WaitForChange<uint>("ticks").Should().Be(4);
        board.Variable<uint>("ticks").Should().HaveValue(4);
        board.Write("ticks", 9u);
        board.WaitForChange<uint>("led").Should().Be(1, "the tenth tick toggles it");
    }

    [Test]
    public void Waits_for_functions_and_lines_end_before_their_first_instruction()
    {
        using RiscVVirtBench board = Programs.Ready();
        uint ticks = board.Read<uint>("ticks");
        board.WaitForFunction("on_tick").Reason.Should().Be(StopReason.Breakpoint);
        board.Cpu.Pc.Should().Be(board.Symbol("on_tick").Address);
        board.Read<uint>("ticks").Should().Be(ticks);
        board.WaitForFunction("on_tick");
        board.Read<uint>("ticks").Should().Be(ticks + 1);
        int line = Programs.LineOf("led ^= 1");
        board.WaitForSource("app.c", line);
        board.Location.Should().Match<SourceLocation>(l => l.Function == "on_tick" && l.Line == line);
        (board.Read<uint>("ticks") % 10).Should().Be(0, "the line is 'led ^= 1'");
    }

    [Test]
    public void Waits_for_interrupts_end_when_the_line_rises()
    {
        using RiscVVirtBench board = Programs.Ready();
        IrqLine line = board.Board.Uart.Irq;
        board.Uart.WriteAfter(5.VirtualMilliseconds(), "x");
        board.WaitForInterrupt(line, 10.VirtualMilliseconds());
        line.Level.Should().BeTrue();
        board.Signal(line).Should().TurnOff(1.VirtualMilliseconds());
    }

    [Test]
    public void Runs_may_be_cut_anywhere()
    {
        using RiscVVirtBench whole = Programs.Ready();
        using RiscVVirtBench cut = Programs.Ready();
        whole.RecordTraceHash();
        cut.RecordTraceHash();
        whole.RunFor(2.VirtualMilliseconds());
        for (int i = 0; i < 20; i++)
            cut.RunFor(100.VirtualMicroseconds());
        cut.TraceHash.Should().Be(whole.TraceHash);
        cut.Machine.StateHash().Should().Be(whole.Machine.StateHash());
    }

    [Test]
    public void A_timeout_shows_what_the_firmware_did([Values] bool trace)
    {
        using RiscVVirtBench board = Programs.Ready(fw => fw.InstructionTraceSize = trace ? 8 : 0);
        board.Uart.WriteLine("dig");
        board.WaitForFunction("dig");
        board.WaitForFunction("dig");
        string message = board.Invoking(b => b.Uart.WaitForLine("never", 0.VirtualMilliseconds())).Should().Throw<FirmwareTimeoutException>().Which.Message;
        message.Should().Contain("the line 'never' on uart0 did not come within 0 ms").And.Contain("ready").And.Contain("call stack")
            .And.Contain("dig (firmware/app.c:").And.Contain("execute+").And.Contain("main_loop+").And.Contain("main+")
            .And.Contain("registers").And.Contain("sp   ").And.Contain("last device accesses").And.Contain("uart0.");
        message.Contains("last instructions", StringComparison.Ordinal).Should().Be(trace);
    }

    [Test]
    public void Access_to_what_no_device_models_fails_the_test()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.Uart.WriteLine("crash");
        board.Invoking(b => b.RunFor(10.VirtualMilliseconds())).Should().Throw<FirmwareCrashException>()
            .WithMessage("*unmapped write of 4 bytes at 0x40000000, by*touch*app.c*call stack*execute*");
    }

    [Test]
    public void Access_to_what_no_device_models_may_fault_as_on_hardware()
    {
        using RiscVVirtBench board = Programs.Ready(fw => fw.Unmodelled = UnmodelledAccess.Fault);
        board.Uart.WriteLine("crash");
        board.Uart.WaitForLine("trap");
    }
}
