using System.Globalization;
using System.Text;

namespace Emulation.Devices;

/// <summary>Writes down what happens on an I²C bus: <c>S 48w A 01 A Sr 48r A 15 A 80 N P</c>. It is not part of the machine and does not go with a fork.</summary>
public sealed class I2cSniffer : IDisposable
{
    private readonly I2cBus _bus;
    private readonly List<I2cEvent> _events = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="bus">The bus.</param>
    public I2cSniffer(I2cBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        bus.Observed += OnEvent;
    }

    /// <summary>Everything since it began, or since <see cref="Clear"/>.</summary>
    public IReadOnlyList<I2cEvent> Events => _events;

    /// <summary>The transfers as text: a line each with the time of its START in microseconds.</summary>
    public string Transcript
    {
        get
        {
            var text = new StringBuilder();
            foreach (I2cEvent e in _events)
            {
                if (e.Kind == I2cEventKind.Start)
                    text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? "\n" : "")}{e.Time / 1000.0:F3} us:");
                text.Append(' ').Append(e.ToString());
            }

            return text.ToString();
        }
    }

    /// <summary>Forgets what it heard.</summary>
    public void Clear() => _events.Clear();

    /// <summary>Stops to listen.</summary>
    public void Dispose() => _bus.Observed -= OnEvent;

    private void OnEvent(in I2cEvent e) => _events.Add(e);
}
