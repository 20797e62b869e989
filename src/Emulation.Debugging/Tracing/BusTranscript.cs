using System.Globalization;
using System.Text;
using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>What was said on buses, in order, with times: for a person, or to compare two runs.</summary>
/// <param name="machine">The machine, for its time.</param>
public sealed class BusTranscript(Machine machine) : IDisposable
{
    private readonly List<(long Time, string Bus, string Text)> _entries = [];
    private readonly List<Action> _detach = [];

    /// <summary>The entries: virtual nanoseconds, bus, and what was said.</summary>
    public IReadOnlyList<(long Time, string Bus, string Text)> Entries => _entries;

    /// <summary>Adds an entry at the present time. Parts and sniffers of buses call it.</summary>
    /// <param name="bus">The bus's name.</param>
    /// <param name="text">What was said.</param>
    public void Add(string bus, string text) => _entries.Add((machine.Clock.Now, bus, text));

    /// <summary>Writes down the lines that a serial port transmits.</summary>
    /// <param name="port">A port of the machine.</param>
    public void Attach(SerialPort port)
    {
        ArgumentNullException.ThrowIfNull(port);
        void OnLine(string line) => Add(port.Name, line);
        port.LineTransmitted += OnLine;
        _detach.Add(() => port.LineTransmitted -= OnLine);
    }

    /// <summary>Writes down the changes of a pin.</summary>
    /// <param name="pin">A pin of the machine.</param>
    public void Attach(Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        void OnChange(bool level) => Add(pin.Name, level ? "high" : "low");
        pin.Changed += OnChange;
        _detach.Add(() => pin.Changed -= OnChange);
    }

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
        foreach ((long time, string bus, string said) in _entries)
            text.Append(CultureInfo.InvariantCulture, $"{time} ns  {bus}  {said}\n");
        return text.ToString();
    }
}
