namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class SimulationTests
{
    [Test]
    public void Two_boards_talk_on_one_clock()
    {
        var riscv = Programs.NewBoard();
        var cortex = new CortexBench(fw => fw.Elf(CortexBench.Program));
        using var both = new BoardSimulation(riscv, cortex);
        riscv.Uart.WaitForLine("ready");
        cortex.Uart.WaitForLine("hello");
        cortex.RunFor(1.VirtualMilliseconds());
        riscv.Uart.Discard();
        both.Connect(cortex.Uart, riscv.Uart);
        cortex.Button.Press(5.VirtualMilliseconds());
        cortex.Uart.WaitForLine("pressed");
        riscv.Uart.WaitForLine("what?", within: 5.VirtualMilliseconds());
        Math.Abs(riscv.Nanoseconds - cortex.Nanoseconds).Should().BeLessThan(2_000_000);
    }

    [Test]
    public void Faults_of_a_board_act_while_another_one_waits()
    {
        var first = Programs.NewBoard();
        var second = Programs.NewBoard();
        using var both = new BoardSimulation(first, second);
        second.Uart.WaitForLine("ready");
        Fault stuck = second.Faults.StuckBit(second.Symbol("ticks").Address, 0, false);
        first.WaitForValue("ticks", 5u);
        stuck.Should().HaveFired();
        second.Uart.WriteLine("crash");
        first.Invoking(b => b.RunFor(5.VirtualMilliseconds())).Should().Throw<FirmwareCrashException>();
    }
}
