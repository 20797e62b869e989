using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The identification registers of the Cortex-M System Design Kit's peripherals and of the blocks of an IoT subsystem. Arm DDI 0479, the register summaries of chapters 3 and 4; ECM 0601256, the register summaries.</summary>
internal static class CmsdkId
{
    /// <summary>PID2 of the blocks of an IoT subsystem.</summary>
    public const byte Subsystem = 0x0b;

    private const byte Kit = 0x1b;

    /// <summary>Defines PID4 to PID7, PID0 to PID3 and CID0 to CID3.</summary>
    /// <param name="registers">The map.</param>
    /// <param name="part">PID0.</param>
    /// <param name="revision">PID2: revision and the high part of Arm's number.</param>
    public static void Define(RegisterMap registers, byte part, byte revision = Kit)
    {
        registers.Define(0xfd0, "PID4", 0x04, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        for (ulong i = 5; i < 8; i++)
            registers.Define(0xfd0 + (4 * (i - 4)), $"PID{i}", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        PrimeCell.DefineIdentification(registers, part, 0xb8, revision, 0);
    }
}
