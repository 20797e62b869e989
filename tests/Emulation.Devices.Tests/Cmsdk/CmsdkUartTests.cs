using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

public sealed class CmsdkUartTests
{
    private const ulong Data = 0, State = 4, Ctrl = 8, Status = 12, BaudDiv = 16;
    private const long Character = 10 * 16 * 1_000;
    private DeviceBench _bench = null!;
    private CmsdkUart _uart = null!;

    [SetUp]
    public void Create()
    {
        _bench = new DeviceBench();
        _uart = new CmsdkUart("uart", _bench.Port, new ClockTree().Source("PCLK", 1_000_000), _bench.Clock, _bench.Log);
        _uart.Write(BaudDiv, 4, 16);
    }

    [Test]
    public void A_character_takes_ten_bits_and_one_more_waits()
    {
        _uart.Write(Ctrl, 4, 0b0101);
        _uart.Write(Data, 4, 'a');
        (_uart.Read(State, 4), _uart.TransmitIrq.Level).Should().Be((0ul, true), "the shift register took it at once");
        _uart.Write(Status, 4, 1);
        _uart.Write(Data, 4, 'b');
        (_uart.Read(State, 4), _uart.TransmitIrq.Level).Should().Be((1ul, false));
        _bench.Advance(Character - 1);
        _bench.Sent.Should().BeEmpty();
        _bench.Advance(1);
        _bench.Sent.Should().Equal((byte)'a');
        _uart.TransmitIrq.Level.Should().BeTrue();
        _bench.Advance(Character);
        _bench.Sent.Should().Equal("ab"u8.ToArray());
    }

    [Test]
    public void Who_does_not_wait_loses_characters_and_is_told()
    {
        _uart.Write(Ctrl, 4, 0b1_0001);
        foreach (byte value in "abc"u8)
            _uart.Write(Data, 4, value);
        _uart.TransmitOverrunIrq.Level.Should().BeTrue();
        _uart.Read(State, 4).Should().Be(5);
        _bench.Advance(3 * Character);
        _bench.Sent.Should().Equal("ac"u8.ToArray());
        _uart.Write(State, 4, 4);
        _uart.Write(Status, 4, 4);
        (_uart.Read(State, 4), _uart.Combined.Level).Should().Be((0ul, false));
    }

    [Test]
    public void Received_characters_overwrite_one_that_nobody_took()
    {
        _uart.Write(Ctrl, 4, 0b10_1010);
        _bench.Port.Send("xy");
        _bench.Advance(Character);
        (_uart.ReceiveIrq.Level, _uart.Read(State, 4)).Should().Be((true, 2ul));
        _bench.Advance(Character);
        (_uart.ReceiveOverrunIrq.Level, _uart.Read(State, 4)).Should().Be((true, 10ul));
        _uart.Read(Data, 4).Should().Be('y');
        _uart.Read(State, 4).Should().Be(8);
    }

    [Test]
    public void A_divider_below_16_stops_the_line()
    {
        _uart.Write(BaudDiv, 4, 15);
        _uart.Write(Ctrl, 4, 3);
        _uart.Write(Data, 4, 'a');
        _bench.Advance(1_000 * Character);
        _bench.Sent.Should().BeEmpty();
        _uart.Write(BaudDiv, 4, 16);
        _bench.Advance(Character);
        _bench.Sent.Should().Equal((byte)'a');
    }
}
