using System.Globalization;
using System.Text;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Writes down what a guest sends over a serial line, with times. It is not part of the machine and does not go with a fork.</summary>
public sealed class UartSniffer : IDisposable
{
    private readonly SerialPort _port;
    private readonly VirtualClock _clock;
    private readonly List<(long Time, byte Value)> _bytes = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="port">The host's end of the line.</param>
    /// <param name="clock">The machine's time.</param>
    public UartSniffer(SerialPort port, VirtualClock clock)
    {
        ArgumentNullException.ThrowIfNull(port);
        ArgumentNullException.ThrowIfNull(clock);
        (_port, _clock) = (port, clock);
        port.Transmitted += OnByte;
    }

    /// <summary>Everything since it began: virtual time in nanoseconds and the byte.</summary>
    public IReadOnlyList<(long Time, byte Value)> Bytes => _bytes;

    /// <summary>Lines as text, with the time of their first byte in microseconds; bytes that are no ASCII text as <c>\xNN</c>.</summary>
    public string Transcript
    {
        get
        {
            var text = new StringBuilder();
            bool begins = true;
            foreach ((long time, byte value) in _bytes)
            {
                if (begins)
                    text.Append(CultureInfo.InvariantCulture, $"{time / 1000.0:F3} us: ");
                begins = value == '\n';
                text.Append(value switch
                {
                    (byte)'\n' => "\n",
                    (byte)'\r' => "",
                    >= 0x20 and < 0x7f => ((char)value).ToString(),
                    _ => $"\\x{value:x2}",
                });
            }

            return text.ToString();
        }
    }

    /// <summary>Stops to listen.</summary>
    public void Dispose() => _port.Transmitted -= OnByte;

    private void OnByte(byte value) => _bytes.Add((_clock.Now, value));
}
