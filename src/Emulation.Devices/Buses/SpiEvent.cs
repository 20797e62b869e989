using System.Globalization;

namespace Emulation.Devices;

/// <summary>What happened on an SPI bus.</summary>
public enum SpiEventKind
{
    /// <summary>A chip select became active.</summary>
    Select,

    /// <summary>A chip select became inactive.</summary>
    Deselect,

    /// <summary>A word was exchanged.</summary>
    Exchange,
}

/// <summary>One event on an SPI bus.</summary>
/// <param name="Time">Virtual time in nanoseconds.</param>
/// <param name="Kind">What happened.</param>
/// <param name="ChipSelect">The chip select; of a word, the lowest active one, or -1.</param>
/// <param name="Out">What the controller sent, in its own bit order.</param>
/// <param name="In">What it got.</param>
/// <param name="Frame">How the word went.</param>
public readonly record struct SpiEvent(long Time, SpiEventKind Kind, int ChipSelect, uint Out, uint In, SpiFrame Frame)
{
    /// <summary>The event in a transcript: <c>cs0:</c>, a word as sent/received, or with its lanes and direction.</summary>
    public override string ToString()
    {
        if (Kind != SpiEventKind.Exchange)
            return Kind == SpiEventKind.Select ? $"cs{ChipSelect}:" : $"cs{ChipSelect} off";
        string digits = "x" + ((Frame.Bits + 3) / 4).ToString(CultureInfo.InvariantCulture);
        string sent = Out.ToString(digits, CultureInfo.InvariantCulture), received = In.ToString(digits, CultureInfo.InvariantCulture);
        return Frame.Direction switch
        {
            SpiDirection.Out => $"{Frame.Lanes}>{sent}",
            SpiDirection.In => $"{Frame.Lanes}<{received}",
            _ => $"{sent}/{received}",
        };
    }
}

/// <summary>Is told what happens on an SPI bus, at the moment at which it happens.</summary>
/// <param name="e">The event.</param>
public delegate void SpiObserver(in SpiEvent e);
