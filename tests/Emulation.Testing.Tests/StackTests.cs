using Emulation.Debugging;

namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class StackTests
{
    [Test]
    public void Watching_writes_watching_the_pointer_and_paint_agree()
    {
        using RiscVVirtBench board = Programs.Ready();
        using StackMonitor written = board.WatchStack("stack_bottom", "stack_top"), pointed = board.WatchStack("stack_bottom", "stack_top", watchPointer: true);
        StackPaint painted = board.PaintStack("stack_bottom", "stack_top");
        ulong before = painted.HighWater;
        before.Should().BeLessThan(200, "what is in use is not painted over");
        board.Uart.WriteLine("dig");
        board.Uart.WaitForLine("210");
        written.HighWater.Should().BeInRange(before + (20 * 64), 4096);
        pointed.HighWater.Should().BeInRange(written.HighWater, written.HighWater + 64);
        painted.HighWater.Should().BeInRange(written.HighWater - 64, written.HighWater);
        pointed.Overflow.Should().Be(0);
        board.Firmware.Locate(pointed.DeepestPc).Function.Should().Be("dig");
        painted.Should().HaveFree(1024);
        board.Report().Should().Contain("stacks:").And.Contain($"stack_bottom: {painted.HighWater} of 4096 bytes used");
    }

    [Test]
    public void The_main_stack_is_found_by_the_names_of_the_linker_script()
    {
        using RiscVVirtBench board = Programs.Ready();
        using StackMonitor stack = board.WatchMainStack();
        (stack.Bottom, stack.Top).Should().Be((board.Symbol("stack_bottom").Address, board.Symbol("stack_top").Address));
        using var cortex = new CortexBench(fw => fw.Elf(CortexBench.Program));
        using StackMonitor main = cortex.WatchMainStack();
        main.Top.Should().Be(cortex.Symbol("stack_top").Address, "the vector table says so");
    }

    [Test]
    public void A_stack_pointer_that_leaves_its_stack_is_seen()
    {
        using RiscVVirtBench board = Programs.Ready();
        ulong top = board.Symbol("stack_top").Address;
        using var small = new StackMonitor(board.Machine, top - 512, top, "small", board.View(board.Cpu));
        board.Uart.WriteLine("dig");
        board.Uart.WaitForLine("210");
        small.Overflow.Should().BeInRange(512, 2048);
        small.ToString().Should().StartWith("small: 512 of 512 bytes used, and ").And.EndWith("bytes below it");
    }

    [Test]
    public void A_thread_has_a_stack_by_its_variable()
    {
        using RiscVVirtBench board = Programs.Ready();
        StackPaint stack = board.PaintStack("received");
        (stack.Size, stack.HighWater).Should().Be((64UL, 0UL));
        board.WriteBytes(stack.Top - 8, [1, 2, 3, 4, 5, 6, 7, 8]);
        stack.HighWater.Should().Be(8);
        board.MeasureStack("received", StackPaint.DefaultColour).HighWater.Should().Be(8);
        board.Invoking(b => b.PaintStack("stack_top")).Should().Throw<ArgumentException>().WithMessage("'stack_top' has no size, so that it is no stack; name the symbols at the stack's two ends*");
    }
}
