namespace Emulation.Boards.Mcu;

/// <summary>Where the firmware of a microcontroller goes.</summary>
/// <param name="Firmware">Where the bytes of a firmware without addresses go.</param>
/// <param name="Ram">Start of memory.</param>
/// <param name="RamSize">Bytes of it.</param>
internal sealed record McuPlaces(ulong Firmware, ulong Ram, ulong RamSize)
{
    /// <summary>Where the CPU reads the vector table.</summary>
    public ulong VectorTable { get; init; } = Firmware;

    /// <summary>Where the firmware has to be linked, for messages.</summary>
    public ulong LinkAddress { get; init; } = Firmware;
}
