using System.Text;
using Emulation.Core;

namespace Emulation.Boards;

/// <summary>Looks for a text in what a guest transmits.</summary>
public sealed class TextWatch : IDisposable
{
    private readonly SerialPort _port;
    private readonly byte[] _text;
    private readonly int[] _fallback;
    private int _matched;

    /// <summary>Starts looking.</summary>
    /// <param name="port">The port.</param>
    /// <param name="text">The text; at least one character.</param>
    public TextWatch(SerialPort port, string text)
    {
        ArgumentNullException.ThrowIfNull(port);
        ArgumentException.ThrowIfNullOrEmpty(text);
        _port = port;
        _text = Encoding.UTF8.GetBytes(text);

        // Knuth, Morris and Pratt: the length of the longest proper prefix that ends here
        _fallback = new int[_text.Length];
        for (int i = 1, length = 0; i < _text.Length; i++)
        {
            while (length > 0 && _text[i] != _text[length])
                length = _fallback[length - 1];
            if (_text[i] == _text[length])
                length++;
            _fallback[i] = length;
        }

        port.Transmitted += OnTransmitted;
    }

    /// <summary>Raised when the text has come, on the guest's thread.</summary>
    public event Action? Matched;

    /// <summary>Whether the text has come.</summary>
    public bool Found { get; private set; }

    /// <summary>Stops looking.</summary>
    public void Dispose() => _port.Transmitted -= OnTransmitted;

    private void OnTransmitted(byte value)
    {
        if (Found)
            return;
        while (_matched > 0 && value != _text[_matched])
            _matched = _fallback[_matched - 1];
        if (value == _text[_matched])
            _matched++;
        if (_matched < _text.Length)
            return;
        Found = true;
        Matched?.Invoke();
    }
}
