namespace Emulation.Devices;

/// <summary>Addresses that a port of a <see cref="Stm32Dma"/> reaches.</summary>
/// <param name="First">First address.</param>
/// <param name="Last">Last address.</param>
public readonly record struct Stm32DmaRange(ulong First, ulong Last);
