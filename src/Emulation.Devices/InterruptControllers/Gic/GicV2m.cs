using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// GICv2m message-signalled interrupt frame: a write becomes an edge of a shared interrupt. Arm Server Base System Architecture, appendix E. Ports: 4 KiB MMIO; out IRQ per message.
/// </summary>
public sealed class GicV2m : MmioDevice
{
    /// <summary>Where messages are written, from the start of the window: MSI_SETSPI_NS.</summary>
    public const ulong SetSpi = 0x40;

    private readonly int _firstSpi;

    /// <summary>Creates the frame.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="firstSpi">Interrupt ID of the first message's interrupt, at least 32.</param>
    /// <param name="count">Messages.</param>
    public GicV2m(string name, GuestLog log, int firstSpi, int count) : base(name, log, 0x1000, AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstSpi, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSpi + count, 1020, nameof(count));
        _firstSpi = firstSpi;
        for (int i = 0; i < count; i++)
            AddLine($"spi{firstSpi + i}");
        Registers.Define(0x008, "MSI_TYPER", (uint)count | ((uint)firstSpi << 16), access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(SetSpi, "MSI_SETSPI_NS", access: RegisterAccess.WriteOnly).Bits(9, 0, "SPI", FieldMode.WriteOnly, write: Send).Ignored(31, 10);
        Registers.Define(0xfcc, "MSI_IIDR", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        PrimeCell.DefineIdentification(Registers, 0, 0, 0, 0, first: 0xfd0);
    }

    /// <summary>A message arrives.</summary>
    /// <param name="spi">Interrupt ID; one that is not the frame's is ignored.</param>
    public void Send(ulong spi)
    {
        if (spi >= (ulong)_firstSpi && spi - (ulong)_firstSpi < (ulong)Lines.Count)
            Lines[(int)(spi - (ulong)_firstSpi)].Pulse();
    }
}
