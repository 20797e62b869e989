using Emulation.Debugging;

namespace FirmwareTests;

/// <summary>What goes on inside of the thermometer: its buses, variables, stack and interrupts.</summary>
public sealed class LookInsideTests
{
    [Test]
    public void Asks_its_sensor_for_the_temperature()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        board.I2C1.Attach(0x48, new Tmp102 { Celsius = 21.5 });
        using BusTranscript transcript = board.RecordTranscript();
        board.RunFor(300.VirtualMilliseconds());
        transcript.Should().Contain("S 48w A 00 A Sr 48r A 15 A 80 N P");
        board.Usart2.WriteLine("temp");
        board.Usart2.WaitForLine("T=21.5");
        transcript.Of(board.Usart2).Select(static e => e.Text).Should().EndWith(["< temp", "> T=21.5"]);
    }

    [Test]
    public void Keeps_its_settings_in_a_structure()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        board.Usart2.WaitForLine("ready");
        board.Usart2.WriteLine("limit -5");
        board.Usart2.WaitForLine("ok");
        board.Variable("settings").Should().HaveValue("{boots = 1, presses = 0, limit = -5}");
        board.Button(Pin.PA0).Press(50.VirtualMilliseconds());
        board.Variable("settings.presses").WaitFor(1, within: 100.VirtualMilliseconds());
    }

    [Test]
    public void Leaves_most_of_its_stack_by_paint()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        board.WaitForFunction("main");
        StackPaint stack = board.PaintMainStack();
        board.Usart2.WaitForLine("ready");
        board.Usart2.WriteLine("temp");
        board.Usart2.WaitForLine("no sensor");
        stack.Should().HaveFree(1024);
    }

    [Test]
    public void Answers_the_button_within_a_microsecond()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        board.Usart2.WaitForLine("ready");
        using InterruptLatency latency = board.MeasureLatency(board.Chip.Exti.Output(0), "EXTI0_IRQHandler");
        for (int i = 0; i < 3; i++)
        {
            board.Button(Pin.PA0).Press(50.VirtualMilliseconds());
            board.RunFor(200.VirtualMilliseconds());
        }

        latency.Samples.Should().HaveCount(3);
        latency.Maximum.Should().BeLessThan(1_000);
    }

    [Test]
    public void Two_thermometers_talk_to_each_other()
    {
        var one = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        var other = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        using var both = new BoardSimulation(one, other);
        one.Usart2.WaitForLine("ready");
        other.Usart2.WaitForLine("ready");
        both.Connect(one.Usart2, other.Usart2);
        one.Button(Pin.PA0).Press(50.VirtualMilliseconds());
        other.Usart2.WaitForLine("what?", within: 200.VirtualMilliseconds());
        one.Usart2.Should().HaveReceivedLine("press 1");
    }
}
