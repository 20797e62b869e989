using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Checksums. Arm DDI 0487, C6.2 "CRC32B, CRC32H, CRC32W, CRC32X".</summary>
internal static unsafe class IntegerHelpers
{
    private const uint Polynomial = 0xedb88320, CastagnoliPolynomial = 0x82f63b78;

    /// <summary><c>(accumulator, value, bytes)</c>.</summary>
    public static readonly IrHelper Crc32 = Create(nameof(DoCrc32));

    /// <summary><c>(accumulator, value, bytes)</c>.</summary>
    public static readonly IrHelper Crc32C = Create(nameof(DoCrc32C));

    public static ulong DoCrc32(byte* s, ulong accumulator, ulong value, ulong bytes) => Crc(Polynomial, accumulator, value, bytes);

    public static ulong DoCrc32C(byte* s, ulong accumulator, ulong value, ulong bytes) => Crc(CastagnoliPolynomial, accumulator, value, bytes);

    private static uint Crc(uint polynomial, ulong accumulator, ulong value, ulong bytes)
    {
        uint crc = (uint)accumulator;
        for (ulong i = 0; i < bytes; i++, value >>= 8)
        {
            crc ^= (byte)value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (polynomial & (0u - (crc & 1)));
        }

        return crc;
    }

    private static IrHelper Create(string method) => IrHelper.Create(typeof(IntegerHelpers), method, IrType.I32, IrEffects.None);
}
