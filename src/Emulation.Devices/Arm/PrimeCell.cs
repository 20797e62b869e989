using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The identification registers at the end of the window of Arm's peripherals. Arm IHI 0029, "component identification".</summary>
internal static class PrimeCell
{
    private static ReadOnlySpan<byte> ComponentId => [0x0d, 0xf0, 0x05, 0xb1];

    /// <summary>Defines the registers of the identification.</summary>
    /// <param name="registers">The map.</param>
    /// <param name="peripheralId">PeriphID3 to PeriphID0, the first in the low byte.</param>
    /// <param name="first">Where zeros may be read before them.</param>
    public static void DefineIdentification(RegisterMap registers, uint peripheralId, ulong first = 0xfe0)
        => DefineIdentification(registers, (byte)peripheralId, (byte)(peripheralId >> 8), (byte)(peripheralId >> 16), (byte)(peripheralId >> 24), first);

    /// <summary>Defines the eight registers of the peripheral's and the component's identification.</summary>
    /// <param name="registers">The map.</param>
    /// <param name="id0">PeriphID0: low byte of the part number.</param>
    /// <param name="id1">PeriphID1: part number and designer.</param>
    /// <param name="id2">PeriphID2: designer and revision.</param>
    /// <param name="id3">PeriphID3: configuration.</param>
    /// <param name="first">Where zeros may be read before them.</param>
    public static void DefineIdentification(RegisterMap registers, byte id0, byte id1, byte id2, byte id3, ulong first = 0xfe0)
    {
        for (ulong offset = first; offset < 0xfe0; offset += 4)
            registers.Define(offset, "PeriphID", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        byte[] ids = [id0, id1, id2, id3];
        for (int i = 0; i < 4; i++)
        {
            registers.Define(0xfe0 + (4 * (ulong)i), $"PeriphID{i}", ids[i], access: RegisterAccess.ReadOnly).Reserved(31, 0);
            registers.Define(0xff0 + (4 * (ulong)i), $"PCellID{i}", ComponentId[i], access: RegisterAccess.ReadOnly).Reserved(31, 0);
        }
    }
}
