using System.Globalization;
using System.Text;

namespace Emulation.Devices;

/// <summary>Writes down what happens on an SPI bus, a line per selection: <c>cs0: 9f/ff 00/ef 00/40 00/18</c>. It is not part of the machine and does not go with a fork.</summary>
public sealed class SpiSniffer : IDisposable
{
    private readonly SpiBus _bus;
    private readonly List<SpiEvent> _events = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="bus">The bus.</param>
    public SpiSniffer(SpiBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        bus.Observed += OnEvent;
    }

    /// <summary>Everything since it began, or since <see cref="Clear"/>.</summary>
    public IReadOnlyList<SpiEvent> Events => _events;

    /// <summary>Selections as text: words as sent/received, with the lanes and direction if there are several.</summary>
    public string Transcript
    {
        get
        {
            var text = new StringBuilder();
            foreach (SpiEvent e in _events)
            {
                if (e.Kind == SpiEventKind.Select)
                    text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? "\n" : "")}{e.Time / 1000.0:F3} us {e}");
                else if (e.Kind == SpiEventKind.Exchange)
                    text.Append(' ').Append(e.ToString());
            }

            return text.ToString();
        }
    }

    /// <summary>Forgets what it heard.</summary>
    public void Clear() => _events.Clear();

    /// <summary>Stops to listen.</summary>
    public void Dispose() => _bus.Observed -= OnEvent;

    private void OnEvent(in SpiEvent e) => _events.Add(e);
}
