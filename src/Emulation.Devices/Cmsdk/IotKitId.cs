using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The identification registers of the blocks of an IoT subsystem. Arm ECM 0601256, the register summaries.</summary>
internal static class IotKitId
{
    /// <summary>Defines PIDR4 to PIDR7, PIDR0 to PIDR3 and CIDR0 to CIDR3.</summary>
    /// <param name="registers">The map.</param>
    /// <param name="part">PIDR0.</param>
    public static void Define(RegisterMap registers, byte part)
    {
        registers.Define(0xfd0, "PIDR4", 0x04, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        for (ulong i = 5; i < 8; i++)
            registers.Define(0xfd0 + (4 * (i - 4)), $"PIDR{i}", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        PrimeCell.DefineIdentification(registers, part, 0xb8, 0x0b, 0);
    }
}
