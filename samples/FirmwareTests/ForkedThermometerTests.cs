namespace FirmwareTests;

/// <summary>The thermometer, booted once: each test goes on from there with a copy of its own.</summary>
public sealed class ForkedThermometerTests
{
    private static readonly Lazy<Stm32F4Discovery> s_ready = new(() =>
    {
        var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        board.I2C1.Attach(0x48, new Tmp102 { Celsius = 21.5 });
        board.Usart2.WaitForLine("ready");
        board.RunFor(150.VirtualMilliseconds());
        return board;
    });

    [TestCase(21.5, "T=21.5")]
    [TestCase(0, "T=0.0")]
    [TestCase(-0.5, "T=-0.5")]
    [TestCase(-40, "T=-40.0")]
    [TestCase(125, "T=125.0")]
    public void Shows_a_temperature(double celsius, string line)
    {
        using Stm32F4Discovery board = s_ready.Value.Fork();
        board.I2C1.Get<Tmp102>(0x48).Celsius = celsius;
        board.RunFor(400.VirtualMilliseconds());              // the sensor converts four times a second
        board.Usart2.WriteLine("temp");
        board.Usart2.WaitForLine(line, within: 20.VirtualMilliseconds());
    }

    [Test]
    public void Warns_above_the_limit_that_was_set()
    {
        using Stm32F4Discovery board = s_ready.Value.Fork();
        board.Led(Pin.PD14).Should().BeOff();
        board.Usart2.WriteLine("limit 20");
        board.Usart2.WaitForLine("ok");
        board.Led(Pin.PD14).Should().TurnOn(within: 150.VirtualMilliseconds());
        board.I2C1.Get<Tmp102>(0x48).Celsius = 19;
        board.Led(Pin.PD14).Should().TurnOff(within: 500.VirtualMilliseconds());
    }

    [Test]
    public void Ignores_a_button_that_bounces()
    {
        using Stm32F4Discovery board = s_ready.Value.Fork();
        board.Button(Pin.PA0).Press(5.VirtualMilliseconds());
        board.RunFor(200.VirtualMilliseconds());
        board.Usart2.Should().NotHaveReceivedLine("press");
    }

    [Test]
    public void Goes_on_when_the_bus_is_stuck()
    {
        using Stm32F4Discovery board = s_ready.Value.Fork();
        board.I2C1.SclHeld = true;
        board.RunFor(300.VirtualMilliseconds());
        board.Usart2.WriteLine("temp");
        board.Usart2.WaitForLine("no sensor", within: 50.VirtualMilliseconds());
    }
}
