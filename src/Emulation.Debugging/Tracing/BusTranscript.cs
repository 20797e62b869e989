using System.Text;
using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>What was said on buses, in order, with times: for a person, or to compare two runs.</summary>
/// <remarks>
/// An entry is a line: the virtual time of its beginning in microseconds, the name of the bus, and what was said. Of a serial port these are lines, <c>&gt; sent by the firmware</c> and
/// <c>&lt; sent to it</c>; of a pin its levels. Emulation.Testing adds I²C, SPI and CAN.
/// </remarks>
public sealed class BusTranscript : IDisposable
{
    // an entry of a transcript that keeps the last ones only must not grow without end
    private const int MaxText = 400;
    private readonly Machine _machine;
    private readonly int _capacity;
    private readonly Queue<BusEntry> _entries = [];
    private readonly List<Action> _detach = [];

    /// <summary>Begins a transcript of nothing; buses are attached to it.</summary>
    /// <param name="machine">The machine, for its time.</param>
    /// <param name="capacity">How many of the last entries are kept; by default all.</param>
    public BusTranscript(Machine machine, int capacity = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (_machine, _capacity) = (machine, capacity);
    }

    /// <summary>The entries, the oldest first.</summary>
    public IReadOnlyCollection<BusEntry> Entries => _entries;

    /// <summary>The entries of one bus, the oldest first.</summary>
    /// <param name="bus">Its name.</param>
    public IReadOnlyList<BusEntry> Of(string bus) => [.. _entries.Where(e => e.Bus == bus)];

    /// <summary>Begins an entry at the present time.</summary>
    /// <param name="bus">The bus's name.</param>
    /// <param name="text">What was said so far.</param>
    /// <returns>The entry: what follows is appended to it.</returns>
    public BusEntry Add(string bus, string text)
    {
        var entry = new BusEntry(_machine.Clock.Now, bus, text, _capacity == int.MaxValue ? int.MaxValue : MaxText);
        if (_entries.Count >= _capacity)
            _entries.Dequeue();
        _entries.Enqueue(entry);
        return entry;
    }

    /// <summary>Writes down the lines that a serial port carries, in both directions.</summary>
    /// <param name="port">A port of the machine.</param>
    /// <param name="name">Its name in the transcript; null for its own.</param>
    public void Attach(SerialPort port, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(port);
        Action<byte> sent = Line(name ?? port.Name, ">"), received = Line(name ?? port.Name, "<");
        port.Transmitted += sent;
        port.Sent += received;
        OnDispose(() =>
        {
            port.Transmitted -= sent;
            port.Sent -= received;
        });
    }

    /// <summary>Writes down the changes of a pin.</summary>
    /// <param name="pin">A pin of the machine.</param>
    public void Attach(Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        void OnChange(bool level) => Add(pin.Name, level ? "high" : "low");
        pin.Changed += OnChange;
        OnDispose(() => pin.Changed -= OnChange);
    }

    /// <summary>Has something done when the transcript ends; for those who attach buses of their own.</summary>
    /// <param name="detach">Stops to listen.</param>
    public void OnDispose(Action detach) => _detach.Add(detach);

    /// <summary>Forgets what was said.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Writes the entries to a file, one a line.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => File.WriteAllText(path, ToString());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Action detach in _detach)
            detach();
        _detach.Clear();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (BusEntry entry in _entries)
            text.Append(entry).Append('\n');
        return text.ToString();
    }

    // a line ends with its line ending, whichever it is
    private Action<byte> Line(string bus, string direction)
    {
        BusEntry? line = null;
        return value =>
        {
            if (value is (byte)'\n' or (byte)'\r')
            {
                line = null;
                return;
            }

            line ??= Add(bus, direction + " ");
            line.Append(value is >= 0x20 and < 0x7f or (byte)'\t' ? ((char)value).ToString() : $"\\x{value:x2}");
        };
    }
}
