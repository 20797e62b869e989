using System.Numerics;
using System.Runtime.CompilerServices;
using Emulation.IR;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>AES, SHA-1 and SHA-256 steps on vector registers. Operand: registers d, n, m from bit 0 on, 5 bits each. Arm DDI 0487, C7.2; FIPS 197, 180-4.</summary>
internal static unsafe class CryptoHelpers
{
    public static readonly IrHelper AesEncrypt = Create(nameof(DoAesEncrypt));
    public static readonly IrHelper AesDecrypt = Create(nameof(DoAesDecrypt));
    public static readonly IrHelper AesMix = Create(nameof(DoAesMix));
    public static readonly IrHelper AesInverseMix = Create(nameof(DoAesInverseMix));
    public static readonly IrHelper Sha1Choose = Create(nameof(DoSha1Choose));
    public static readonly IrHelper Sha1Parity = Create(nameof(DoSha1Parity));
    public static readonly IrHelper Sha1Majority = Create(nameof(DoSha1Majority));
    public static readonly IrHelper Sha1Schedule0 = Create(nameof(DoSha1Schedule0));
    public static readonly IrHelper Sha1Schedule1 = Create(nameof(DoSha1Schedule1));
    public static readonly IrHelper Sha1Rotate = Create(nameof(DoSha1Rotate));
    public static readonly IrHelper Sha256Low = Create(nameof(DoSha256Low));
    public static readonly IrHelper Sha256High = Create(nameof(DoSha256High));
    public static readonly IrHelper Sha256Schedule0 = Create(nameof(DoSha256Schedule0));
    public static readonly IrHelper Sha256Schedule1 = Create(nameof(DoSha256Schedule1));

    public static void DoAesEncrypt(byte* s, ulong registers) => Substitute(s, registers, AesTables.Forward, 1);

    public static void DoAesDecrypt(byte* s, ulong registers) => Substitute(s, registers, AesTables.Inverse, 3);

    public static void DoAesMix(byte* s, ulong registers) => Mix(s, registers, [2, 3, 1, 1]);

    public static void DoAesInverseMix(byte* s, ulong registers) => Mix(s, registers, [14, 11, 13, 9]);

    public static void DoSha1Choose(byte* s, ulong registers) => Sha1(s, registers, static (b, c, d) => ((c ^ d) & b) ^ d);

    public static void DoSha1Parity(byte* s, ulong registers) => Sha1(s, registers, static (b, c, d) => b ^ c ^ d);

    public static void DoSha1Majority(byte* s, ulong registers) => Sha1(s, registers, static (b, c, d) => (b & c) | ((b | c) & d));

    public static void DoSha1Schedule0(byte* s, ulong registers)
    {
        Bytes d = Copy(s, registers, 0), n = Copy(s, registers, 5), m = Copy(s, registers, 10);
        Span<uint> w = Words(ref d), x = Words(ref n), y = Words(ref m);
        Store(s, registers, [w[0] ^ w[2] ^ y[0], w[1] ^ w[3] ^ y[1], w[2] ^ x[0] ^ y[2], w[3] ^ x[1] ^ y[3]]);
    }

    public static void DoSha1Schedule1(byte* s, ulong registers)
    {
        Bytes d = Copy(s, registers, 0), n = Copy(s, registers, 5);
        Span<uint> w = Words(ref d), x = Words(ref n);
        uint first = BitOperations.RotateLeft(w[0] ^ x[1], 1);
        Store(s, registers, [first, BitOperations.RotateLeft(w[1] ^ x[2], 1), BitOperations.RotateLeft(w[2] ^ x[3], 1), BitOperations.RotateLeft(w[3], 1) ^ BitOperations.RotateLeft(first, 1)]);
    }

    public static void DoSha1Rotate(byte* s, ulong registers)
    {
        Bytes n = Copy(s, registers, 5);
        Store(s, registers, [BitOperations.RotateLeft(Words(ref n)[0], 30), 0, 0, 0]);
    }

    public static void DoSha256Low(byte* s, ulong registers) => Sha256(s, registers, 0, 5, low: true);

    public static void DoSha256High(byte* s, ulong registers) => Sha256(s, registers, 5, 0, low: false);

    public static void DoSha256Schedule0(byte* s, ulong registers)
    {
        Bytes d = Copy(s, registers, 0), n = Copy(s, registers, 5);
        Span<uint> w = Words(ref d), x = Words(ref n);
        Store(s, registers, [w[0] + Sigma0(w[1]), w[1] + Sigma0(w[2]), w[2] + Sigma0(w[3]), w[3] + Sigma0(x[0])]);

        static uint Sigma0(uint v) => BitOperations.RotateRight(v, 7) ^ BitOperations.RotateRight(v, 18) ^ (v >> 3);
    }

    public static void DoSha256Schedule1(byte* s, ulong registers)
    {
        Bytes d = Copy(s, registers, 0), n = Copy(s, registers, 5), m = Copy(s, registers, 10);
        Span<uint> w = Words(ref d), x = Words(ref n), y = Words(ref m);
        uint first = w[0] + x[1] + Sigma1(y[2]), second = w[1] + x[2] + Sigma1(y[3]);
        Store(s, registers, [first, second, w[2] + x[3] + Sigma1(first), w[3] + y[0] + Sigma1(second)]);

        static uint Sigma1(uint v) => BitOperations.RotateRight(v, 17) ^ BitOperations.RotateRight(v, 19) ^ (v >> 10);
    }

    // substitutes; row r comes from `step` times r columns on
    private static void Substitute(byte* s, ulong registers, ReadOnlySpan<byte> table, int step)
    {
        Bytes d = Copy(s, registers, 0), n = Copy(s, registers, 5), result = default;
        Span<byte> a = d, b = n, r = result;
        for (int i = 0; i < 16; i++)
        {
            int from = (i + (4 * step * (i & 3))) & 15;
            r[i] = table[a[from] ^ b[from]];
        }

        *Operands.Register(s, (int)registers, 0) = result;
    }

    private static void Mix(byte* s, ulong registers, ReadOnlySpan<byte> factors)
    {
        Bytes n = Copy(s, registers, 5), result = default;
        Span<byte> a = n, r = result;
        for (int i = 0; i < 16; i++)
        {
            byte sum = 0;
            for (int k = 0; k < 4; k++)
                sum ^= AesTables.Multiply(a[(i & ~3) + k], factors[(k - i) & 3]);
            r[i] = sum;
        }

        *Operands.Register(s, (int)registers, 0) = result;
    }

    private static void Sha1(byte* s, ulong registers, Func<uint, uint, uint, uint> mix)
    {
        Bytes d = Copy(s, registers, 0), n = Copy(s, registers, 5), m = Copy(s, registers, 10);
        Span<uint> x = Words(ref d), w = Words(ref m);
        uint y = Words(ref n)[0];
        for (int i = 0; i < 4; i++)
        {
            y += BitOperations.RotateLeft(x[0], 5) + mix(x[1], x[2], x[3]) + w[i];
            x[1] = BitOperations.RotateLeft(x[1], 30);
            (x[0], x[1], x[2], x[3], y) = (y, x[0], x[1], x[2], x[3]);
        }

        Store(s, registers, x);
    }

    private static void Sha256(byte* s, ulong registers, int first, int second, bool low)
    {
        Bytes a = Copy(s, registers, first), b = Copy(s, registers, second), m = Copy(s, registers, 10);
        Span<uint> x = Words(ref a), y = Words(ref b), w = Words(ref m);
        for (int i = 0; i < 4; i++)
        {
            uint choose = ((y[1] ^ y[2]) & y[0]) ^ y[2], majority = (x[0] & x[1]) | ((x[0] | x[1]) & x[2]);
            uint sigma1 = BitOperations.RotateRight(y[0], 6) ^ BitOperations.RotateRight(y[0], 11) ^ BitOperations.RotateRight(y[0], 25);
            uint sigma0 = BitOperations.RotateRight(x[0], 2) ^ BitOperations.RotateRight(x[0], 13) ^ BitOperations.RotateRight(x[0], 22);
            uint sum = y[3] + sigma1 + choose + w[i], e = x[3] + sum, top = sum + sigma0 + majority;
            (x[0], x[1], x[2], x[3]) = (top, x[0], x[1], x[2]);
            (y[0], y[1], y[2], y[3]) = (e, y[0], y[1], y[2]);
        }

        Store(s, registers, low ? x : y);
    }

    private static Bytes Copy(byte* s, ulong registers, int shift) => *Operands.Register(s, (int)registers, shift / 5);

    private static Span<uint> Words(ref Bytes bytes) => new(Unsafe.AsPointer(ref bytes), 4);

    private static void Store(byte* s, ulong registers, ReadOnlySpan<uint> words) => words.CopyTo(new Span<uint>(Operands.Register(s, (int)registers, 0), 4));

    private static IrHelper Create(string method)
        => IrHelper.Create(typeof(CryptoHelpers), method, IrType.None, IrEffects.ReadsState | IrEffects.WritesState);
}
