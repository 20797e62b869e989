namespace Emulation.Testing.Tests;

/// <summary>Variables by their names and types while a board runs.</summary>
[TestFixture]
public sealed class VariableTests
{
    [Test]
    public void Members_are_read_written_and_waited_for()
    {
        using RiscVVirtBench board = Programs.Ready();
        FirmwareValue latest = board.Variable("latest");
        latest.Type.Name.Should().Be("struct sample");
        latest.Text.Should().Be("{temperature = 215, humidity = 40}");
        latest["humidity"].Number.Should().Be(40);
        latest["temperature"].Number = -5;
        board.Variable("latest.temperature").Should().HaveValue(-5);
        board.Read<int>("latest.temperature").Should().Be(-5);
        board.Write("latest.humidity", (ushort)77);
        latest.Should().HaveValue("{temperature = -5, humidity = 77}");
        board.Variable("ticks").WaitFor(4);
        board.Variable("ticks").Number.Should().Be(4);
        board.Variable("ticks").WaitForChange(1.VirtualMilliseconds());
        board.Location.Function.Should().Be("on_tick");
    }

    [Test]
    public void Text_and_elements_are_read()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.Uart.Write("te");
        board.Variable("received_count").WaitFor(2);
        board.RunFor(10.VirtualMicroseconds());
        board.Variable("received[1]").Number.Should().Be('e');
        board.Uart.WriteLine("mp");
        board.Uart.WaitForLine("T=");
        board.Variable("line").String.Should().Be("temp");
        board.Variable("app.c:line")[0].Text.Should().Be("'t'");
        board.Variable("main_loop::taken").Number.Should().Be(5);
    }

    [Test]
    public void What_is_wrong_is_said()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.Invoking(b => b.Variable("latest.humid")).Should().Throw<KeyNotFoundException>().WithMessage("*'latest' is of type struct sample, which has no member 'humid'; it has temperature, humidity*");
        board.Invoking(b => b.Read<int>("latest.humidity")).Should().Throw<ArgumentException>().WithMessage("'latest.humidity' is of type uint16_t and has 2 bytes; Int32 has 4");
        board.Invoking(b => b.Variable("latest").Number).Should().Throw<InvalidOperationException>().WithMessage("'latest' is of type struct sample and not one number");
        board.Invoking(b => b.Variable("latest.humidity").Number = 70_000).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*70000 does not fit into 'latest.humidity', which is uint16_t of 16 bits*");
        board.Invoking(b => b.Read<ulong>("ticks")).Should().Throw<ArgumentException>().WithMessage("*'ticks' has 4 bytes*it is of type uint32_t*");
        board.Invoking(b => b.Variable("latest.humidity").WaitFor(1, 1.VirtualMilliseconds())).Should().Throw<FirmwareTimeoutException>().WithMessage("latest.humidity = 1 did not come within 1 ms of virtual time*");
        board.Invoking(b => b.Variable("ticks").Should().HaveValue(99)).Should().Throw<AssertionException>().WithMessage("Expected ticks to be 99*, but it is *call stack*");
    }

    [Test]
    public void Firmware_without_debug_information_says_so()
    {
        using var board = new RiscVVirtBench(fw => fw.Bin(new byte[64], 0x8000_0000));
        board.Invoking(b => b.Variable("ticks")).Should().Throw<KeyNotFoundException>().WithMessage("*it has no debug information about variables; build it with -g*");
    }
}
