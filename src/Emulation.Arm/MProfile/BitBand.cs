using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The alias of a bit-band region: each word is one bit of the region. DDI 0403E, A3.? optional; Cortex-M3 TRM (DDI 0337), 3.7 "Bit-banding".</summary>
/// <remarks>A write reads the region, changes the bit and writes it back with the width of the access, under the device lock: nothing comes between.</remarks>
/// <param name="memory">The CPU's memory.</param>
/// <param name="region">First address of the region.</param>
internal sealed class BitBand(AddressSpace memory, uint region) : IMmio
{
    private const uint Sram = 0x2000_0000, Peripheral = 0x4000_0000, AliasOffset = 0x0200_0000;
    private const ulong AliasSize = 32 << 20;

    /// <summary>Maps both aliases, below whatever a board has there.</summary>
    /// <param name="memory">The CPU's memory.</param>
    public static void Map(AddressSpace memory)
    {
        memory.Root.Add(Sram + AliasOffset, new MmioRegion("SRAM bit-band", AliasSize, new BitBand(memory, Sram)) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word }, -1000);
        memory.Root.Add(Peripheral + AliasOffset, new MmioRegion("peripheral bit-band", AliasSize, new BitBand(memory, Peripheral)) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word }, -1000);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
        => memory.Read(Place(offset, size, out int bit), size, out ulong value) == BusResult.Ok ? (value >> bit) & 1 : 0;

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        ulong place = Place(offset, size, out int bit);
        if (memory.Read(place, size, out ulong old) == BusResult.Ok)
            memory.Write(place, size, (old & ~(1UL << bit)) | ((value & 1) << bit));
    }

    // the access that holds the bit, aligned to its width
    private ulong Place(ulong offset, int size, out int bit)
    {
        ulong bits = offset >> 2, address = (bits >> 3) & ~(ulong)(size - 1);
        bit = (int)(bits - (address << 3));
        return region + address;
    }
}
