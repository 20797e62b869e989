using System.Numerics;
using Emulation.IR;

namespace Emulation.RiscV;

/// <summary>AES rounds. FIPS 197; RISC-V Unprivileged ISA, "Scalar Cryptography". A state is 16 bytes by columns, the first 8 in the low register.</summary>
internal static unsafe class AesHelpers
{
    public static readonly IrHelper Encrypt32 = Create(nameof(EncryptByte), IrType.I32);
    public static readonly IrHelper EncryptMix32 = Create(nameof(EncryptMixByte), IrType.I32);
    public static readonly IrHelper Decrypt32 = Create(nameof(DecryptByte), IrType.I32);
    public static readonly IrHelper DecryptMix32 = Create(nameof(DecryptMixByte), IrType.I32);
    public static readonly IrHelper Encrypt64 = Create(nameof(EncryptHalf), IrType.I64);
    public static readonly IrHelper EncryptMix64 = Create(nameof(EncryptMixHalf), IrType.I64);
    public static readonly IrHelper Decrypt64 = Create(nameof(DecryptHalf), IrType.I64);
    public static readonly IrHelper DecryptMix64 = Create(nameof(DecryptMixHalf), IrType.I64);
    public static readonly IrHelper InverseMix64 = Create(nameof(InverseMixHalf), IrType.I64);
    public static readonly IrHelper KeySchedule1 = Create(nameof(KeySchedule), IrType.I64);

    private static readonly byte[] s_sbox = BuildSbox();
    private static readonly byte[] s_inverse = Invert(s_sbox);

    public static ulong EncryptByte(byte* s, ulong rs1, ulong rs2, ulong bs) => Accumulate(rs1, Select(s_sbox, rs2, bs), bs);

    public static ulong EncryptMixByte(byte* s, ulong rs1, ulong rs2, ulong bs)
        => Accumulate(rs1, MixColumn(Select(s_sbox, rs2, bs)), bs);

    public static ulong DecryptByte(byte* s, ulong rs1, ulong rs2, ulong bs) => Accumulate(rs1, Select(s_inverse, rs2, bs), bs);

    public static ulong DecryptMixByte(byte* s, ulong rs1, ulong rs2, ulong bs)
        => Accumulate(rs1, InverseMixColumn(Select(s_inverse, rs2, bs)), bs);

    public static ulong EncryptHalf(byte* s, ulong rs1, ulong rs2) => Substitute(s_sbox, ShiftRows(rs1, rs2, 1));

    public static ulong EncryptMixHalf(byte* s, ulong rs1, ulong rs2)
    {
        ulong x = Substitute(s_sbox, ShiftRows(rs1, rs2, 1));
        return MixColumn((uint)x) | ((ulong)MixColumn((uint)(x >> 32)) << 32);
    }

    public static ulong DecryptHalf(byte* s, ulong rs1, ulong rs2) => Substitute(s_inverse, ShiftRows(rs1, rs2, 3));

    public static ulong DecryptMixHalf(byte* s, ulong rs1, ulong rs2)
        => InverseMixHalf(s, Substitute(s_inverse, ShiftRows(rs1, rs2, 3)));

    public static ulong InverseMixHalf(byte* s, ulong rs1)
        => InverseMixColumn((uint)rs1) | ((ulong)InverseMixColumn((uint)(rs1 >> 32)) << 32);

    public static ulong KeySchedule(byte* s, ulong rs1, ulong round)
    {
        uint word = (uint)(rs1 >> 32), constant = 0;
        if (round != 10)                                 // the tenth is the step without rotation and constant of 256-bit keys
        {
            word = BitOperations.RotateRight(word, 8);
            constant = 1;
            for (ulong i = 0; i < round; i++)
                constant = Times2((byte)constant);
        }

        uint result = (uint)Substitute(s_sbox, word) ^ constant;
        return result | ((ulong)result << 32);
    }

    private static uint Select(byte[] box, ulong rs2, ulong bs) => box[(byte)(rs2 >> (int)(bs * 8))];

    private static ulong Accumulate(ulong rs1, uint value, ulong bs) => (uint)rs1 ^ BitOperations.RotateLeft(value, (int)bs * 8);

    // row r of column c comes from column c + r * step
    private static ulong ShiftRows(ulong low, ulong high, int step)
    {
        ulong result = 0;
        for (int i = 0; i < 8; i++)
        {
            int row = i & 3, from = (((i >> 2) + (row * step)) & 3) * 4 + row;
            ulong half = from < 8 ? low : high;
            result |= (ulong)(byte)(half >> ((from & 7) * 8)) << (i * 8);
        }

        return result;
    }

    private static ulong Substitute(byte[] box, ulong x)
    {
        ulong result = 0;
        for (int i = 0; i < 64; i += 8)
            result |= (ulong)box[(byte)(x >> i)] << i;
        return result;
    }

    private static uint MixColumn(uint x) => Mix(x, 2, 3, 1, 1);

    private static uint InverseMixColumn(uint x) => Mix(x, 14, 11, 13, 9);

    // the circulant matrix whose first row is a, b, c, d times a column
    private static uint Mix(uint x, int a, int b, int c, int d)
    {
        uint result = 0;
        for (int row = 0; row < 4; row++)
        {
            byte sum = (byte)(Times(Byte(x, row), a) ^ Times(Byte(x, row + 1), b) ^ Times(Byte(x, row + 2), c) ^ Times(Byte(x, row + 3), d));
            result |= (uint)sum << (row * 8);
        }

        return result;

        static byte Byte(uint word, int i) => (byte)(word >> ((i & 3) * 8));
    }

    private static byte Times2(byte x) => (byte)((x << 1) ^ ((x & 0x80) != 0 ? 0x1b : 0));

    private static byte Times(byte x, int factor)
    {
        byte result = 0;
        for (; factor != 0; factor >>= 1, x = Times2(x))
        {
            if ((factor & 1) != 0)
                result ^= x;
        }

        return result;
    }

    // the inverse in GF(2^8), then the affine map: FIPS 197 5.1.1
    private static byte[] BuildSbox()
    {
        var box = new byte[256];
        for (int i = 0; i < 256; i++)
        {
            byte inverse = 0;
            for (int j = 1; j < 256 && i != 0 && inverse == 0; j++)
            {
                if (Times((byte)i, j) == 1)
                    inverse = (byte)j;
            }

            int spread = inverse * 0x101;                // rotations of a byte are shifts of two copies
            box[i] = (byte)(inverse ^ (spread >> 4) ^ (spread >> 5) ^ (spread >> 6) ^ (spread >> 7) ^ 0x63);
        }

        return box;
    }

    private static byte[] Invert(byte[] box)
    {
        var inverse = new byte[256];
        for (int i = 0; i < 256; i++)
            inverse[box[i]] = (byte)i;
        return inverse;
    }

    private static IrHelper Create(string method, IrType result) => IrHelper.Create(typeof(AesHelpers), method, result, IrEffects.None);
}
