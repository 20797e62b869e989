using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class SerialPortTests
{
    private SerialPort _port = null!;

    private ISerialLine Line => _port;

    [SetUp]
    public void SetUp() => _port = new SerialPort("tty");

    [Test]
    public void Lines_are_reported_without_their_ending()
    {
        var lines = new List<string>();
        _port.LineTransmitted += lines.Add;
        Transmit("one\r\ntwo\n\nlogin: ");
        lines.Should().Equal("one", "two", "");
        _port.RecentText.Should().Be("one\r\ntwo\n\nlogin: ");
        Transmit("x\n");
        lines.Should().EndWith("login: x");
    }

    [Test]
    public void History_is_bounded_and_addressed_by_position()
    {
        Transmit(new string('a', SerialPort.HistorySize));
        long position = _port.TransmittedCount;
        Transmit("tail");
        _port.GetText(position).Should().Be("tail");
        _port.RecentText.Should().HaveLength(SerialPort.HistorySize).And.EndWith("atail");
        _port.GetText(long.MaxValue).Should().BeEmpty();
    }

    [Test]
    public async Task Output_is_a_pipe()
    {
        PipeReader reader = _port.Output;
        Transmit("hello");
        ReadResult result = await reader.ReadAtLeastAsync(5);
        Encoding.ASCII.GetString(result.Buffer.ToArray()).Should().Be("hello");
        reader.AdvanceTo(result.Buffer.End);
        await reader.CompleteAsync();
        Transmit("nobody reads");
        Transmit("and nothing breaks");
    }

    [Test]
    public async Task Input_is_a_pipe_with_back_pressure()
    {
        // a device is only ever called under its machine's lock
        var deviceLock = new Lock();
        _port.Attach(deviceLock);
        byte[] data = new byte[1 << 20];
        new Random(1).NextBytes(data);
        using var arrived = new SemaphoreSlim(0);
        Line.InputArrived += () => arrived.Release();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < data.Length; i += 4096)
                await _port.Input.WriteAsync(data.AsMemory(i, 4096));
            await _port.Input.CompleteAsync();
        });

        var got = new List<byte>();
        int most = 0;
        while (got.Count < data.Length)
        {
            (await arrived.WaitAsync(TimeSpan.FromSeconds(20))).Should().BeTrue();
            lock (deviceLock)
            {
                most = Math.Max(most, _port.PendingInput);
                while (Line.TryReceive(out SerialSymbol symbol))
                    got.Add(symbol.Value);
            }
        }

        await writing;
        got.SequenceEqual(data).Should().BeTrue();
        most.Should().BeLessThan(1 << 18);
    }

    [Test]
    public void A_fork_has_the_history_and_nothing_else()
    {
        Transmit("abc\nde");
        int heard = 0;
        _port.Transmitted += _ => heard++;
        SerialPort fork = _port.Fork();
        var lines = new List<string>();
        fork.LineTransmitted += lines.Add;
        foreach (byte value in "f\n"u8)
            ((ISerialLine)fork).Transmit(value);
        lines.Should().Equal("def");
        fork.RecentText.Should().Be("abc\ndef\n");
        _port.RecentText.Should().Be("abc\nde");
        heard.Should().Be(0);
    }

    [Test]
    public void Waiting_input_is_saved_by_the_device()
    {
        _port.Send("ab");
        _port.SendBreak();
        var writer = new StateWriter();
        Line.Save(writer);
        var other = new SerialPort("other");
        other.Send("dropped");
        ((ISerialLine)other).Load(new StateReader("uart", 1, writer.Written.ToArray()));
        other.PendingInput.Should().Be(3);
        var symbols = new List<SerialSymbol>();
        while (((ISerialLine)other).TryReceive(out SerialSymbol symbol))
            symbols.Add(symbol);
        symbols.Should().Equal(new SerialSymbol((byte)'a'), new SerialSymbol((byte)'b'), new SerialSymbol(0, IsBreak: true));
    }

    private void Transmit(string text)
    {
        foreach (byte value in Encoding.UTF8.GetBytes(text))
            Line.Transmit(value);
    }
}
