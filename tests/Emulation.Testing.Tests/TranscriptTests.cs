using Emulation.Debugging;
using Emulation.Devices;

namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class TranscriptTests
{
    // a vector table with a loop behind it
    private static readonly byte[] s_loop = [0, 0, 1, 0x20, 9, 0, 0, 8, 0xfe, 0xe7, 0, 0];

    [Test]
    public void Serial_lines_are_written_down_in_both_directions()
    {
        using RiscVVirtBench board = Programs.Ready();
        using BusTranscript transcript = board.RecordTranscript();
        board.Uart.WriteLine("temp");
        board.Uart.WaitForLine("T=21.5");
        board.Uart.Write("\x01x");
        transcript.Of(board.Uart).Select(static e => e.Text).Should().Equal("< temp", "> T=21.5", "< \\x01x");
        transcript.Should().Contain("T=21.5").And.NotContain("ready");
        board.Transcript!.Of(board.Uart).Select(static e => e.Text).Should().StartWith(["> boot 1", "> ready", "< temp"]);
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "transcript.txt");
        transcript.Save(file);
        File.ReadAllLines(file)[1].Should().MatchRegex(@"^ *\d+\.\d{3} us  uart0   > T=21\.5$");
    }

    [Test]
    public void SPI_and_CAN_are_written_down_and_shown_in_failures()
    {
        using Stm32F4Discovery board = NewBoard();
        board.Spi1.Attach(0, new SpiNorFlash(SpiNorModel.W25Q128));
        lock (board.Machine.DeviceLock)
        {
            board.Spi1.Select(0);
            foreach (byte value in (byte[])[0x9f, 0, 0, 0])
                board.Spi1.Exchange(value);
            board.Spi1.Deselect(0);
            board.Spi1.Exchange(0x55);
        }

        CanPeer sender = board.Can1.Attach(new CanPeer());
        board.Can1.Attach(new CanPeer());
        sender.Send(new CanFrame(0x123, [1, 2]));
        board.RunFor(1.VirtualMilliseconds());
        board.Transcript!.Of(board.Spi1).Select(static e => e.Text).Should().Equal("cs0: 9f/ff 00/ef 00/40 00/18", "no cs: 55/ff");
        board.Transcript!.Of(board.Can1).Single().Text.Should().EndWith(" 123#0102");
        board.Report().Should().Contain("last transfers:").And.Contain("cs0: 9f/ff 00/ef 00/40 00/18");
    }

    [Test]
    public void What_is_kept_for_failures_does_not_grow()
    {
        using Stm32F4Discovery board = NewBoard(fw => fw.TranscriptSize = 2);
        board.Spi1.Attach(0, new SpiNorFlash(SpiNorModel.W25Q128));
        using BusTranscript all = board.RecordTranscript();
        lock (board.Machine.DeviceLock)
        {
            for (int i = 0; i < 4; i++)
            {
                board.Spi1.Select(0);
                for (int j = 0; j < 1000; j++)
                    board.Spi1.Exchange((byte)j);
                board.Spi1.Deselect(0);
            }
        }

        board.Transcript!.Entries.Should().HaveCount(2);
        board.Transcript!.Entries.Should().OnlyContain(static e => e.Text.Length < 450 && e.Text.EndsWith("... e7/ff", StringComparison.Ordinal));
        all.Entries.Should().HaveCount(4).And.OnlyContain(static e => e.Text.Length > 5000);
    }

    [Test]
    public void Nothing_is_kept_when_it_is_not_wanted()
    {
        using Stm32F4Discovery board = NewBoard(fw => fw.TranscriptSize = 0);
        (board.Transcript is null).Should().BeTrue();
        board.Report().Should().NotContain("last transfers");
    }

    private static Stm32F4Discovery NewBoard(Action<FirmwareOptions>? more = null)
        => new(fw =>
        {
            fw.Bin(s_loop, 0x0800_0000);
            more?.Invoke(fw);
        });
}
