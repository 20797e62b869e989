namespace Emulation.Devices;

/// <summary>An SPI controller of an STM32 as a device on the bus of another master: <c>bus.Attach(chipSelect, new Stm32SpiSlave(spi))</c> in a composition step. It is <see cref="SpiBus.Slave"/> of the controller's own bus, too, for masters on other machines.</summary>
/// <remarks>
/// The bus's chip select is a wire to NSS: with SSM = 0 it selects the slave as the pin does; with SSM = 1 the guest selects itself by SSI, and the bus only has to let words through.
/// It has no state of its own: the controller's is in its device's section.
/// </remarks>
/// <param name="controller">The controller, with MSTR = 0.</param>
public sealed class Stm32SpiSlave(Stm32Spi controller) : ISpiDevice, ISpiSlave
{
    private readonly Stm32Spi _controller = controller ?? throw new ArgumentNullException(nameof(controller));

    /// <inheritdoc/>
    public event Action? OutputChanged
    {
        add => _controller.SlaveOutputChanged += value;
        remove => _controller.SlaveOutputChanged -= value;
    }

    /// <summary>The controller.</summary>
    public Stm32Spi Controller => _controller;

    /// <inheritdoc/>
    public void Select() => _controller.SelectByBus(true);

    /// <inheritdoc/>
    public void Deselect() => _controller.SelectByBus(false);

    /// <inheritdoc/>
    public uint Exchange(uint value, in SpiFrame frame) => _controller.ExchangeBits(value, frame.Bits);

    /// <inheritdoc/>
    public int Peek(Span<uint> words, out uint idle) => _controller.PeekSlaveWords(words, out idle);

    /// <inheritdoc/>
    public void Exchange(uint received, bool sentLoaded, in SpiFrame frame)
    {
        if (Supports(frame.Mode))
            _controller.ExchangeBits(received, frame.Bits, sentLoaded);
    }

    /// <inheritdoc/>
    public bool Supports(SpiMode mode) => !_controller.IsSelectedSlave || _controller.Mode == mode;
}
