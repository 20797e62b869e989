using Emulation.Devices;

namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class TypedBoardTests
{
    // a vector table; sends "m\n" on UART0, then shows the buttons on the LEDs for ever
    private static readonly byte[] s_mps2 = Convert.FromHexString("00000120090000004ff0402010210161012181606d2100f007f80a2100f004f8044a93681360fce74368db07fcd401607047000000800240");

    // a vector table; writes 0x11223344 to 0x8000 where it is blank, then sends "b\n" and loops
    private static readonly byte[] s_microbit = Convert.FromHexString("0040002009000000134800210122134bc250134c25686e1c01d1124d25601248124b1821c150124b1249c150124b0421c15001218160114b622100f004f80a2100f001f8fee700260d4fc651c150c659002efcd07047000000e00140040500000080000044332211002000400c0500002405000000e0d701000500001c0500001c010000");

    [Test]
    public void Mps2_boards_have_LEDs_and_buttons()
    {
        using var board = new Mps2An385(fw => fw.Bin(s_mps2, 0));
        board.Uart0.WaitForLine("m", within: 10.VirtualMilliseconds());
        using Mps2An385 copy = board.Fork();
        copy.Button(1).Press(5.VirtualMilliseconds());
        copy.Led(1).Should().TurnOn(within: 1.VirtualMilliseconds());
        copy.Led(0).Should().BeOff();
        copy.Led(1).Should().TurnOff(within: 10.VirtualMilliseconds());
        board.RunFor(1.VirtualMilliseconds());
        board.Led(1).Should().BeOff();
        board.PowerCycle();
        board.Uart0.WaitForLine("m", within: 10.VirtualMilliseconds());
        board.Invoking(b => b.Led(2)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void The_An386_has_a_Cortex_M4()
    {
        using var board = new Mps2An386(fw => fw.Bin(s_mps2, 0));
        using Mps2An386 copy = board.Fork();
        copy.Uart0.WaitForLine("m", within: 10.VirtualMilliseconds());
        board.Recipe.Name.Should().Be("mps2-an386");
    }

    [Test]
    public void Writes_to_the_flash_of_a_microbit_are_torn()
    {
        using var template = new Microbit(fw => fw.Bin(s_microbit, 0));
        using Microbit board = template.Fork();
        Fault cut = board.Faults.PowerCut(at: board.Flash.Write(1), torn: true);
        board.RunFor(5.VirtualMilliseconds());
        cut.Should().HaveFired();
        board.Flash.Content.Read(0x8000, 4).Should().Be(0xffff_3344);
        board.PowerCycle();
        board.Uart.WaitForLine("b", within: 10.VirtualMilliseconds());
        board.Flash.Content.Read(0x8000, 4).Should().Be(0xffff_3344, "it is not blank any more");
        board.ButtonA.Should().BeOff();
        board.ButtonA.Press(5.VirtualMilliseconds());
        board.Board.Pins["P17"].Level.Should().BeFalse();
    }

    [Test]
    public void The_lm3s6965evb_has_switches()
    {
        using var template = new Lm3s6965Evb(fw => fw.Bin(Loop(0), 0));
        using Lm3s6965Evb board = template.Fork();
        board.RunFor(1.VirtualMilliseconds()).Instructions.Should().BePositive();
        board.StatusLed.Should().BeOff();
        board.Switch(Boards.Mcu.Lm3s6965Switch.Up).Press(1.VirtualMilliseconds());
        board.Board.Pins["PE0"].Level.Should().BeFalse();
        board.Switch(Boards.Mcu.Lm3s6965Switch.Up).Should().BeOn();
    }

    [Test]
    public void A_firmware_that_does_not_fit_says_so()
    {
        Action wrong = () => _ = new Stm32F4Discovery(fw => fw.Bin(s_mps2, 0x2000_0000));
        wrong.Should().Throw<MachineConfigurationException>().WithMessage("*loads nothing at 0x08000000*stm32f4-discovery*");
        Action foreign = () => _ = new Stm32F4Discovery(fw => fw.Elf(Programs.App));
        foreign.Should().Throw<MachineConfigurationException>().WithMessage("*RISC-V (32-bit)*");
    }

    [Test]
    public void Parts_lose_their_power_with_the_board()
    {
        using var board = new Stm32F4Discovery(fw => fw.Bin(Loop(8), 0x0800_0000));
        Tmp102 sensor = board.I2C1.Attach(0x48, new Tmp102 { Celsius = 20 });
        sensor.Result.Should().Be(320);
        board.PowerCycle();
        sensor.Result.Should().Be(0, "it has not converted yet");
        board.RunFor(30.VirtualMilliseconds());
        sensor.Result.Should().Be(320);
        board.Invoking(b => b.Led("PZ9")).Should().Throw<ArgumentException>().WithMessage("*PZ9*");
    }

    // a vector table with a loop behind it
    private static byte[] Loop(byte highest) => [0, 0, 1, 0x20, 9, 0, 0, highest, 0xfe, 0xe7, 0, 0];
}
