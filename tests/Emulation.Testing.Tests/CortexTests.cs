using Emulation.Debugging;

namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class CortexTests
{
    [Test]
    public void Blinks_at_its_rate()
    {
        using var board = new CortexBench(fw => fw.Elf(CortexBench.Program));
        board.Uart.WaitForLine("hello", within: 100.VirtualMilliseconds());
        ToggleMeasurement measured = board.Led.Should().Toggle(period: 10.VirtualMilliseconds(), tolerance: 0.1.Percent(), cycles: 5, duty: 50.Percent()).Which;
        measured.Periods.Should().HaveCount(5);
        board.Led.Should().TurnOn(within: 10.VirtualMilliseconds()).And.BeOn();
        board.Invoking(b => b.Led.Should().Toggle(9.VirtualMilliseconds(), 0.1.Percent())).Should().Throw<AssertionException>().WithMessage("*P0 should toggle with a period of 9 ms*lasted 10 ms*call stack*");
    }

    [Test]
    public void A_button_is_pressed_and_let_go()
    {
        using var board = new CortexBench(fw => fw.Elf(CortexBench.Program));
        board.Uart.WaitForLine("hello");
        board.Button.Press(20.VirtualMilliseconds());
        board.Uart.WaitForLine("pressed", within: 5.VirtualMilliseconds());
        board.Button.Should().TurnOff(within: 20.VirtualMilliseconds());
        board.RunFor(50.VirtualMilliseconds());
        board.Variable<uint>("presses").Should().HaveValue(1);
    }

    [Test]
    public void The_call_stack_goes_through_exceptions_with_and_without_the_FPU()
    {
        using var board = new CortexBench(fw => fw.Elf(CortexBench.Program));
        board.Uart.WaitForLine("hello");
        for (int i = 0; i < 3; i++)
        {
            board.WaitForFunction("on_tick");
            IReadOnlyList<StackFrame> stack = board.CallStack;
            stack.Select(static f => f.Location.Function).Should().Equal("on_tick", "SysTick_Handler", "main", "Reset_Handler");
            stack[2].Source.Should().Be(FrameSource.ExceptionFrame);
        }
    }

    [Test]
    public void A_fault_is_explained()
    {
        using var board = new CortexBench(fw => fw.Elf(CortexBench.Program));
        board.Uart.WaitForLine("hello");
        board.Uart.Write("d");
        board.Uart.WaitForLine("fault");
        board.Report().Should().Contain("DIVBYZERO").And.Contain("Fault_Handler").And.Contain("divide (").And.Contain("<- interrupted").And.Contain("execute+").And.Contain("uart.DATA");
    }

    [Test]
    public void A_lock_up_ends_the_test()
    {
        byte[] elf = File.ReadAllBytes(CortexBench.Program);
        using var board = new CortexBench(fw => fw.Elf(elf));
        board.WriteBytes(0x0800_000c, [0, 0, 0, 0]);
        board.WriteBytes(0x0800_0018, [0, 0, 0, 0]);
        board.Uart.WaitForLine("hello");
        board.Uart.Write("d");
        board.Invoking(b => b.RunFor(5.VirtualMilliseconds())).Should().Throw<FirmwareCrashException>().WithMessage("*ockup*");
    }

    [Test]
    public void Clocks_drift()
    {
        using var board = new CortexBench(fw => fw.Elf(CortexBench.Program));
        board.Uart.WaitForLine("hello");
        Fault drift = board.Faults.ClockDrift(board.Board.Crystal, 10_000);
        board.Led.Measure(1);
        board.Led.CheckToggle((10.0 / 1.01).VirtualMilliseconds(), 0.1.Percent(), 3);
        drift.Should().HaveFired();
    }

    [Test]
    public void Copies_have_pins_of_their_own()
    {
        using var template = new CortexBench(fw => fw.Elf(CortexBench.Program));
        template.Uart.WaitForLine("hello");
        using CortexBench one = template.Fork();
        using CortexBench other = template.Fork();
        one.Button.Drive(true);
        one.Uart.WaitForLine("pressed");
        other.RunFor(10.VirtualMilliseconds());
        other.Variable<uint>("presses").Should().HaveValue(0);
    }

    [Test]
    public void Stack_and_coverage_are_seen_on_Thumb_code()
    {
        using var board = new CortexBench(fw => fw.Elf(CortexBench.Program).Coverage());
        using StackMonitor stack = board.WatchStack("stack_bottom", "stack_top");
        board.RunFor(20.VirtualMilliseconds());
        stack.HighWater.Should().BeInRange(0x20, 512);
        CoverageReport report = board.Coverage;
        report.Hits("cortex.c", Programs.LineOf("GPIO_OUT ^= 1", "cortex.c")).Should().Be(3);
        report.File("cortex.c")!.Lines[Programs.LineOf("ticks % 5 == 0", "cortex.c")].Branches.Values.Single().Covered.Should().Be(2);
        report.File("cortex.c")!.Functions["divide"].Calls.Should().Be(0);
    }
}
