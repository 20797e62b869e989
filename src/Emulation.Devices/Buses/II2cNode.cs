namespace Emulation.Devices;

/// <summary>The target side of a microcontroller's I²C peripheral: the guest decides at which addresses it answers.</summary>
/// <remarks>It is no part: composition joins it to a bus with <see cref="I2cBus.Join"/>, and its state is the peripheral's.</remarks>
public interface II2cNode : II2cTarget
{
    /// <summary>The 10-bit address that it answers at; -1 for none.</summary>
    int TenBitAddress => -1;

    /// <summary>Whether it answers at a 7-bit address now.</summary>
    /// <param name="address">The address without the R/W bit.</param>
    bool Matches(int address);
}
