using System.Buffers.Binary;
using System.Text;

namespace Emulation.Compare;

/// <summary>Firmware that does nothing but say so and power off: what it takes is the start of the emulator.</summary>
internal static class StartFirmware
{
    private const string Text = "BOOT-OK\nPOWEROFF\n";

    // AArch64, in flash. PL011 at 0x9000000, power-off by PSCI.
    private static readonly uint[] s_arm =
    [
        0x10000140,     //       adr   x0, text
        0xd2a12001,     //       mov   x1, #0x9000000
        0x38401402,     // next: ldrb  w2, [x0], #1
        0x34000062,     //       cbz   w2, end
        0xb9000022,     //       str   w2, [x1]
        0x17fffffd,     //       b     next
        0x52800100,     // end:  mov   w0, #0x8
        0x72b08000,     //       movk  w0, #0x8400, lsl #16
        0xd4000002,     //       hvc   #0
        0x14000000,     //       b     .
    ];

    // Any hart. UART at 0x10000000, finisher at 0x100000.
    private static readonly uint[] s_riscV =
    [
        0x00000517,     //       auipc a0, 0
        0x03450513,     //       addi  a0, a0, text
        0x100005b7,     //       lui   a1, 0x10000
        0x00054603,     // next: lbu   a2, 0(a0)
        0x00060863,     //       beqz  a2, end
        0x00c58023,     //       sb    a2, 0(a1)
        0x00150513,     //       addi  a0, a0, 1
        0xff1ff06f,     //       j     next
        0x001005b7,     // end:  lui   a1, 0x100
        0x00005637,     //       lui   a2, 0x5
        0x55560613,     //       addi  a2, a2, 0x555
        0x00c5a023,     //       sw    a2, 0(a1)
        0x0000006f,     //       j     .
    ];

    /// <summary>The bytes for where firmware of a guest's machine lies.</summary>
    public static byte[] ToBytes(GuestKind guest)
    {
        uint[] code = guest.Name == "arm64" ? s_arm : s_riscV;
        byte[] bytes = new byte[(4 * code.Length) + Text.Length + 1];
        for (int i = 0; i < code.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), code[i]);
        Encoding.ASCII.GetBytes(Text, bytes.AsSpan(4 * code.Length));
        return bytes;
    }
}
