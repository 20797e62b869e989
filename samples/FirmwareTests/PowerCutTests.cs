namespace FirmwareTests;

/// <summary>The power goes away at each of the writes to flash, whole or in the middle of it.</summary>
public sealed class PowerCutTests
{
    // what one boot and five presses write: a record has five words, and the fourth record needs an erase
    private const int Writes = (6 * 5) + 1;

    public static IEnumerable<int> EveryFlashWrite => Enumerable.Range(1, Writes);

    [Test]
    public void Survives_a_power_cut([ValueSource(nameof(EveryFlashWrite))] int nthWrite, [Values] bool torn)
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        Fault cut = board.Faults.PowerCut(at: board.Flash.Write(nthWrite), torn: torn);
        uint pressed = PressFiveTimes(board);
        cut.Fired.Should().BeTrue();                          // a fault that missed is a failed test
        board.PowerCycle();
        board.Usart2.WaitForLine("boot ok", within: 2.VirtualSeconds());
        board.Read<uint>("settings", 0).Should().BeInRange(1, 2);
        board.Read<uint>("settings", 1).Should().BeInRange(pressed == 0 ? 0 : pressed - 1, pressed, "a press is remembered once it is reported");
        board.Read<int>("settings", 2).Should().Be(30);
    }

    [Test]
    public void There_are_no_other_writes()
    {
        using var board = new Stm32F4Discovery(fw => fw.Image(Images.Thermometer));
        Fault cut = board.Faults.PowerCut(at: board.Flash.Write(Writes + 1));
        PressFiveTimes(board).Should().Be(5);
        cut.Should().NotHaveFired();
    }

    private static uint PressFiveTimes(Stm32F4Discovery board)
    {
        board.RunFor(50.VirtualMilliseconds());
        uint pressed = 0;
        for (int i = 0; i < 5 && board.IsPowered; i++)
        {
            pressed++;
            board.Button(Pin.PA0).Press(50.VirtualMilliseconds());
            board.RunFor(600.VirtualMilliseconds());
        }

        return pressed;
    }
}
