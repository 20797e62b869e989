using Emulation.IR;
using static System.Numerics.BitOperations;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>SM3 and SM4 steps on vector registers, operand as in <see cref="CryptoHelpers"/> with a fourth register from bit 15 on. GB/T 32905-2016, 32907-2016.</summary>
internal static unsafe class ShangMiHelpers
{
    public static readonly IrHelper Part1 = Create(nameof(DoPart1));
    public static readonly IrHelper Part2 = Create(nameof(DoPart2));
    public static readonly IrHelper Sum = Create(nameof(DoSum));

    /// <summary>Bits 15 and 16: which word of the third register; bits 20 and 21: TT1A, TT1B, TT2A, TT2B.</summary>
    public static readonly IrHelper Compress = Create(nameof(DoCompress));
    public static readonly IrHelper Encrypt = Create(nameof(DoEncrypt));
    public static readonly IrHelper ExpandKey = Create(nameof(DoExpandKey));

    public static void DoPart1(byte* s, ulong registers)
    {
        Span<uint> d = Words(s, registers, 0), n = Words(s, registers, 5), m = Words(s, registers, 10), result = stackalloc uint[4];
        for (int i = 0; i < 4; i++)
        {
            uint value = d[i] ^ n[i] ^ RotateLeft(i < 3 ? m[i + 1] : result[0], 15);
            result[i] = Permute1(value);
        }

        result.CopyTo(d);
    }

    public static void DoPart2(byte* s, ulong registers)
    {
        Span<uint> d = Words(s, registers, 0), n = Words(s, registers, 5), m = Words(s, registers, 10);
        uint first = n[0] ^ RotateLeft(m[0], 7);
        for (int i = 3; i >= 0; i--)                     // the destination may be an operand: it is read lane by lane
            d[i] ^= n[i] ^ RotateLeft(m[i], 7);
        d[3] ^= Permute1(RotateLeft(first, 15));
    }

    public static void DoSum(byte* s, ulong registers)
    {
        Span<uint> d = Words(s, registers, 0), n = Words(s, registers, 5), m = Words(s, registers, 10), a = Words(s, registers, 15);
        uint sum = RotateLeft(RotateLeft(n[3], 12) + m[3] + a[3], 7);
        d.Clear();
        d[3] = sum;
    }

    public static void DoCompress(byte* s, ulong registers)
    {
        Span<uint> d = Words(s, registers, 0), n = Words(s, registers, 5), m = Words(s, registers, 10);
        int operation = (int)(registers >> 20) & 3;
        uint word = m[(int)(registers >> 15) & 3], top = n[3];
        uint mixed = operation switch
        {
            1 => (d[3] & d[1]) | (d[3] & d[2]) | (d[1] & d[2]),
            3 => (d[3] & d[2]) | (~d[3] & d[1]),
            _ => d[1] ^ d[3] ^ d[2],
        };
        bool second = operation >= 2;
        uint sum = mixed + d[0] + (second ? top : top ^ RotateLeft(d[3], 12)) + word;
        uint last = second ? sum ^ RotateLeft(sum, 9) ^ RotateLeft(sum, 17) : sum;
        (d[0], d[1], d[2], d[3]) = (d[1], RotateLeft(d[2], second ? 19 : 9), d[3], last);
    }

    public static void DoEncrypt(byte* s, ulong registers) => Rounds(s, registers, 0, 5, encrypts: true);

    public static void DoExpandKey(byte* s, ulong registers) => Rounds(s, registers, 5, 10, encrypts: false);

    private static void Rounds(byte* s, ulong registers, int state, int keys, bool encrypts)
    {
        Span<uint> x = stackalloc uint[4], k = stackalloc uint[4];
        Words(s, registers, state).CopyTo(x);
        Words(s, registers, keys).CopyTo(k);
        for (int i = 0; i < 4; i++)
        {
            uint value = Substitute(x[3] ^ x[2] ^ x[1] ^ k[i]);
            value ^= encrypts
                ? RotateLeft(value, 2) ^ RotateLeft(value, 10) ^ RotateLeft(value, 18) ^ RotateLeft(value, 24)
                : RotateLeft(value, 13) ^ RotateLeft(value, 23);
            (x[0], x[1], x[2], x[3]) = (x[1], x[2], x[3], value ^ x[0]);
        }

        x.CopyTo(Words(s, registers, 0));
    }

    private static uint Substitute(uint value)
    {
        ReadOnlySpan<byte> table = Sm4Table.Values;
        return table[(byte)value] | ((uint)table[(byte)(value >> 8)] << 8) | ((uint)table[(byte)(value >> 16)] << 16) | ((uint)table[(byte)(value >> 24)] << 24);
    }

    private static uint Permute1(uint value) => value ^ RotateLeft(value, 15) ^ RotateLeft(value, 23);

    private static Span<uint> Words(byte* s, ulong registers, int shift) => new(Operands.Register(s, (int)(registers >> shift) & 31, 0), 4);

    private static IrHelper Create(string method)
        => IrHelper.Create(typeof(ShangMiHelpers), method, IrType.None, IrEffects.ReadsState | IrEffects.WritesState);
}
