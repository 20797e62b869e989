using System.Globalization;
using System.Text;

namespace Emulation.Debugging;

/// <summary>Something that was said on a bus: a transfer, a frame, a line. It grows while it is said.</summary>
public sealed class BusEntry
{
    private readonly StringBuilder _text;
    private readonly int _limit;
    private string? _tail;

    internal BusEntry(long time, string bus, string text, int limit)
    {
        (Time, Bus, _limit) = (time, bus, limit);
        _text = new StringBuilder(text);
    }

    /// <summary>Virtual nanoseconds at which it began.</summary>
    public long Time { get; }

    /// <summary>Name of the bus.</summary>
    public string Bus { get; }

    /// <summary>What was said; of one that is too long, its beginning and its last word.</summary>
    public string Text => _tail is null ? _text.ToString() : $"{_text} ...{_tail}";

    /// <summary>It goes on.</summary>
    /// <param name="text">More of it.</param>
    public void Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_text.Length + text.Length <= _limit)
            _text.Append(text);
        else
            _tail = text;
    }

    /// <summary>Time in microseconds, bus, text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time / 1000.0,12:F3} us  {Bus,-6}  {Text}");
}
