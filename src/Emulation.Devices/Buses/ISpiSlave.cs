namespace Emulation.Devices;

/// <summary>A controller while another one is the master of its bus. It is <see cref="SpiBus.Slave"/> of the bus that it is the controller of otherwise.</summary>
/// <remarks>Words are as on the wire: the first bit is the most significant of the word's bits. None of the calls may throw, whatever the order.</remarks>
public interface ISpiSlave
{
    /// <summary>Raised under the device lock when what <see cref="Peek"/> tells has changed.</summary>
    event Action? OutputChanged;

    /// <summary>The master makes the chip select active.</summary>
    void Select();

    /// <summary>The master makes the chip select inactive.</summary>
    void Deselect();

    /// <summary>What it sends next, if it is selected.</summary>
    /// <param name="words">Gets the words that are loaded, the next one first.</param>
    /// <param name="idle">What it sends when no word is loaded; all ones where it does not drive the line.</param>
    /// <returns>Number of words that are loaded; those that <paramref name="words"/> has no place for are not told.</returns>
    int Peek(Span<uint> words, out uint idle);

    /// <summary>A word went over the bus.</summary>
    /// <param name="received">What the master sent.</param>
    /// <param name="sentLoaded">Whether the master got the first word that was loaded, which is gone then; else it got what is sent when none is.</param>
    /// <param name="frame">Width, mode, lanes and direction.</param>
    void Exchange(uint received, bool sentLoaded, in SpiFrame frame);
}
