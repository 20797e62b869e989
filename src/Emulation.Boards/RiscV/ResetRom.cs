using System.Buffers.Binary;

namespace Emulation.Boards.RiscV;

/// <summary>The code at the reset vector.</summary>
internal static class ResetRom
{
    // OpenSBI documentation, "fw_dynamic"
    private const ulong DynamicInfoMagic = 0x4942534f;
    private const ulong DynamicInfoVersion = 2;
    private const ulong SupervisorMode = 1;

    /// <summary>Code that starts firmware: a0 = hart, a1 = device tree, a2 = what to start next.</summary>
    /// <param name="start">First instruction of the firmware.</param>
    /// <param name="deviceTree">Address of the blob.</param>
    /// <param name="next">What the firmware shall start in S-mode; 0 for nothing.</param>
    /// <param name="bits">Width of the harts.</param>
    public static byte[] ForFirmware(ulong start, ulong deviceTree, ulong next, int bits)
    {
        bool wide = bits == 64;
        byte[] rom = new byte[40 + (6 * (bits / 8))];
        ReadOnlySpan<uint> code =
        [
            0x0000_0297,                              // auipc t0, 0
            0x0282_8613,                              // addi a2, t0, 40
            0xf140_2573,                              // csrr a0, mhartid
            wide ? 0x0202_b583u : 0x0202_a583u,         // ld a1, 32(t0)
            wide ? 0x0182_b283u : 0x0182_a283u,         // ld t0, 24(t0)
            0x0002_8067,                              // jr t0
        ];
        for (int i = 0; i < code.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(rom.AsSpan(4 * i), code[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(rom.AsSpan(24), start);
        BinaryPrimitives.WriteUInt64LittleEndian(rom.AsSpan(32), deviceTree);
        Span<byte> info = rom.AsSpan(40);
        foreach (ulong field in (ReadOnlySpan<ulong>)[DynamicInfoMagic, DynamicInfoVersion, next, SupervisorMode, 0, 0])
        {
            if (wide)
                BinaryPrimitives.WriteUInt64LittleEndian(info, field);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(info, (uint)field);
            info = info[(bits / 8)..];
        }

        return rom;
    }
}
