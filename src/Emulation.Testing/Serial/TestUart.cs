using System.Text;
using Emulation.Core;

namespace Emulation.Testing;

/// <summary>The far end of a serial line: waits for what the firmware sends, and sends to it.</summary>
/// <remarks>
/// Waits look at what has come and was not waited for yet, then run the board. Whatever a wait finds is used up: the next one looks behind it, so that nothing
/// is missed that came while the test waited for something else.
/// </remarks>
public sealed class TestUart
{
    private const int MaxKept = 1 << 24;
    private readonly VirtualBoard _board;
    private readonly List<byte> _received = [];
    private readonly List<ReceivedLine> _lines = [];
    private readonly List<int> _lineEnds = [];
    private int _used;
    private int _lineStart;
    private Func<bool>? _awaited;

    internal TestUart(VirtualBoard board, string name, SerialPort port, TestUart? origin)
    {
        (_board, Name, Port) = (board, name, port);
        if (origin is not null)
        {
            _received.AddRange(origin._received);
            _lines.AddRange(origin._lines);
            _lineEnds.AddRange(origin._lineEnds);
            (_used, _lineStart) = (origin._used, origin._lineStart);
        }

        port.Transmitted += OnTransmitted;
    }

    /// <summary>Its name on the board.</summary>
    public string Name { get; }

    /// <summary>The port.</summary>
    public SerialPort Port { get; }

    /// <summary>Number of bytes that came.</summary>
    public int ReceivedCount => _received.Count;

    /// <summary>All bytes that came.</summary>
    public byte[] ReceivedBytes => [.. _received];

    /// <summary>All text that came, as UTF-8.</summary>
    public string ReceivedText => Encoding.UTF8.GetString([.. _received]);

    /// <summary>All lines that came and are complete.</summary>
    public IReadOnlyList<ReceivedLine> Lines => _lines;

    /// <summary>What came after the last line ending.</summary>
    public string PartialLine => Text(_lineStart, _received.Count).TrimEnd('\r');

    /// <summary>The board.</summary>
    public VirtualBoard Board => _board;

    /// <summary>Runs until a line has come that contains a text.</summary>
    /// <param name="text">The text, or the whole line.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <returns>The whole line.</returns>
    /// <exception cref="FirmwareTimeoutException">It did not come.</exception>
    public string WaitForLine(string text, TimeSpan? within = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return WaitForLine(line => line.Contains(text, StringComparison.Ordinal), $"the line '{text}' on {Name}", within);
    }

    /// <summary>Runs until a line has come that fulfils a condition.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <returns>The line.</returns>
    /// <exception cref="FirmwareTimeoutException">It did not come.</exception>
    public string WaitForLine(Func<string, bool> condition, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return WaitForLine(condition, $"the line on {Name}", within);
    }

    /// <summary>Runs until the next line has come.</summary>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <returns>The line.</returns>
    /// <exception cref="FirmwareTimeoutException">None came.</exception>
    public string ReadLine(TimeSpan? within = null) => WaitForLine(static _ => true, $"a line on {Name}", within);

    /// <summary>Runs until a text has come, which may be part of a line or span lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not come.</exception>
    public void WaitForText(string text, TimeSpan? within = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        WaitForBytes(Encoding.UTF8.GetBytes(text), $"'{text}' on {Name}", within);
    }

    /// <summary>Runs until a sequence of bytes has come.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not come.</exception>
    public void WaitForBytes(ReadOnlyMemory<byte> bytes, TimeSpan? within = null) => WaitForBytes(bytes, $"{Convert.ToHexStringLower(bytes.Span)} on {Name}", within);

    /// <summary>Runs until a number of bytes has come.</summary>
    /// <param name="count">How many.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="FirmwareTimeoutException">They did not come.</exception>
    public byte[] ReadBytes(int count, TimeSpan? within = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Await($"{count} bytes on {Name}", within, () => _received.Count - _used >= count);
        byte[] bytes = [.. _received[_used..(_used + count)]];
        _used += count;
        return bytes;
    }

    /// <summary>Sends bytes now.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(params ReadOnlySpan<byte> bytes) => Port.Send(bytes);

    /// <summary>Sends text now, as UTF-8.</summary>
    /// <param name="text">The text.</param>
    public void Write(string text) => Port.Send(text);

    /// <summary>Sends text and a carriage return, as the Enter key of a terminal.</summary>
    /// <param name="text">The text.</param>
    public void WriteLine(string text) => Port.Send(text + "\r");

    /// <summary>Sends text at a time from now, while the board runs.</summary>
    /// <param name="after">Virtual time from now.</param>
    /// <param name="text">The text.</param>
    public void WriteAfter(TimeSpan after, string text) => _board.After(after, () => Port.Send(text));

    /// <summary>Forgets what has come and was not waited for.</summary>
    public void Discard() => _used = _received.Count;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {_received.Count} bytes received";

    /// <summary>The board starts again: what comes now is not the end of a line that began before, and waits look at it alone.</summary>
    internal void Restart()
    {
        Discard();
        _lineStart = _received.Count;
    }

    private string WaitForLine(Func<string, bool> condition, string what, TimeSpan? within)
    {
        // a line that is partly used up counts
        int next = _lineEnds.FindIndex(end => end > _used);
        if (next < 0)
            next = _lines.Count;
        string? found = null;
        Await(what, within, () =>
        {
            for (; found is null && next < _lines.Count; next++)
            {
                if (!condition(_lines[next].Text))
                    continue;
                found = _lines[next].Text;
                _used = _lineEnds[next];
            }

            return found is not null;
        });
        return found!;
    }

    private void WaitForBytes(ReadOnlyMemory<byte> bytes, string what, TimeSpan? within)
    {
        int from = _used;
        bool found = false;
        Await(what, within, () =>
        {
            if (found)
                return true;
            ReadOnlySpan<byte> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
            int at = all[from..].IndexOf(bytes.Span);
            if (at >= 0)
            {
                found = true;
                _used = from + at + bytes.Length;
            }

            from = Math.Max(from, all.Length - bytes.Length + 1);
            return found;
        });
    }

    private void Await(string what, TimeSpan? within, Func<bool> done)
    {
        try
        {
            _awaited = done;
            _board.Expect(what, within, done);
        }
        finally
        {
            _awaited = null;
        }
    }

    private void OnTransmitted(byte value)
    {
        if (_received.Count < MaxKept)
            _received.Add(value);
        if (value == '\n')
        {
            _lines.Add(new ReceivedLine(Text(_lineStart, _received.Count - 1).TrimEnd('\r'), _board.Machine.Clock.Now));
            _lineEnds.Add(_received.Count);
            _lineStart = _received.Count;
        }

        if (_awaited is { } done && done())
            _board.RequestStop();
    }

    private string Text(int start, int end) => end <= start ? "" : Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received)[start..end]);
}
