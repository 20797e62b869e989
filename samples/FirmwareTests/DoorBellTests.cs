namespace FirmwareTests;

/// <summary>The door bell on a HiFive1.</summary>
public sealed class DoorBellTests
{
    [Test]
    public void Blinks_with_two_hertz()
    {
        using var board = new SifiveE(fw => fw.Image(Images.DoorBell));
        board.Uart0.WaitForLine("bell ready", within: 50.VirtualMilliseconds());
        board.RedLed.Should().Toggle(period: 500.VirtualMilliseconds(), tolerance: 0.01.Percent(), cycles: 4, duty: 50.Percent());
    }

    [Test]
    public void Rings_once_for_each_press()
    {
        using var board = new SifiveE(fw => fw.Image(Images.DoorBell));
        board.Uart0.WaitForLine("bell ready");
        TestSignal button = board.Gpio(18, activeLow: true);
        for (int i = 1; i <= 3; i++)
        {
            button.Press(100.VirtualMilliseconds());
            board.Uart0.WaitForLine($"ding dong {i}", within: 50.VirtualMilliseconds());
            board.RunFor(200.VirtualMilliseconds());
        }

        board.Uart0.Write("?");
        board.Uart0.WaitForLine("rings 3", within: 50.VirtualMilliseconds());
        board.PowerCycle();
        board.Uart0.WaitForLine("bell ready");
        board.Read<uint>("rings").Should().Be(0);
    }

    [Test]
    public void Two_of_them_do_the_same_thing()
    {
        using SifiveE one = new(fw => fw.Image(Images.DoorBell)), other = new(fw => fw.Image(Images.DoorBell));
        one.RecordTraceHash();
        other.RecordTraceHash();
        one.RunFor(20.VirtualMilliseconds());
        other.RunFor(20.VirtualMilliseconds());
        one.TraceHash.Should().Be(other.TraceHash);
    }
}
