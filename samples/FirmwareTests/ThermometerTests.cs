namespace FirmwareTests;

/// <summary>The thermometer on a board that was just switched on.</summary>
public sealed class ThermometerTests
{
    [Test]
    public void Blinks_and_reports()
    {
        using var board = new Stm32F4Discovery(fw => fw.Elf(Images.PathOf("stm32f4.elf")).Coverage());
        board.I2C1.Attach(0x48, new Tmp102 { Celsius = 21.5 });
        board.Usart2.WaitForLine("ready", within: 100.VirtualMilliseconds());
        board.Led(Pin.PD12).Should().Toggle(period: 1.VirtualSeconds(), tolerance: 0.1.Percent(), cycles: 5);
        board.Button(Pin.PA0).Press(50.VirtualMilliseconds());
        board.Usart2.WaitForLine("T=21.5", within: 100.VirtualMilliseconds());
        board.Coverage.File("main.c")!.Functions["on_button"].Calls.Should().Be(1);
        board.Coverage.SaveCobertura(Path.Combine(AppContext.BaseDirectory, "coverage.xml"));
    }

    [Test]
    public void Says_that_there_is_no_sensor()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        board.Usart2.WaitForLine("ready");
        board.Usart2.WriteLine("temp");
        board.Usart2.WaitForLine("no sensor", within: 10.VirtualMilliseconds());
    }

    [Test]
    public void Keeps_its_settings_without_power()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        for (uint boot = 1; boot <= 6; boot++)
        {
            board.Usart2.WaitForLine("ready", within: 2.VirtualSeconds());
            board.Read<uint>("settings").Should().Be(boot);
            board.PowerCycle();
        }
    }

    [Test]
    public void Leaves_most_of_its_stack()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        using var stack = board.WatchStack("stack_bottom", "stack_top");
        board.Usart2.WaitForLine("ready");
        board.Usart2.WriteLine("limit 25");
        board.Usart2.WaitForLine("ok");
        stack.Should().HaveFree(1024);
    }
}
