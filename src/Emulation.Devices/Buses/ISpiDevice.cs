namespace Emulation.Devices;

/// <summary>A device on an SPI bus. One that has state implements <see cref="IPart"/>, too (<see cref="SpiPart"/>).</summary>
/// <remarks>None of the calls may throw, whatever the order.</remarks>
public interface ISpiDevice
{
    /// <summary>Its chip select becomes active.</summary>
    void Select();

    /// <summary>Its chip select becomes inactive.</summary>
    void Deselect();

    /// <summary>A word goes over the bus while the device is selected.</summary>
    /// <param name="value">What the controller sends; the first bit on the wire is the most significant of the frame's bits, whatever the order in the controller was.</param>
    /// <param name="frame">Width, mode, lanes and direction.</param>
    /// <returns>What the device sends, in the same order; all ones where it does not drive the line.</returns>
    uint Exchange(uint value, in SpiFrame frame);

    /// <summary>Whether it samples data as a mode has it. In another mode nothing sensible is exchanged.</summary>
    /// <param name="mode">The controller's mode.</param>
    bool Supports(SpiMode mode) => mode is SpiMode.Mode0 or SpiMode.Mode3;
}
