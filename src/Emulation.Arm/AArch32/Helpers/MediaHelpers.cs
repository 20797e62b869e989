using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Operations on the bytes and halves of words. Arm DDI 0487, F2.4.5 "Parallel addition and subtraction instructions".</summary>
internal static unsafe class MediaHelpers
{
    /// <summary><c>I64 (a, b, op | kind shifted by 4)</c>: the result, GE in bits 32-35.</summary>
    public static readonly IrHelper Parallel = Create(nameof(DoParallel), IrType.I64);

    /// <summary><c>I32 (a, b, GE)</c>: bytes of a where GE has ones.</summary>
    public static readonly IrHelper Select = Create(nameof(DoSelect), IrType.I32);

    /// <summary><c>I32 (a, b)</c>: the sum of the differences of bytes.</summary>
    public static readonly IrHelper SumOfDifferences = Create(nameof(DoSumOfDifferences), IrType.I32);

    public static ulong DoParallel(byte* s, ulong a, ulong b, ulong how)
    {
        var op = (ParallelOp)(how & 15);
        var kind = (ParallelKind)(how >> 4);
        int bits = op is ParallelOp.Add8 or ParallelOp.Subtract8 ? 8 : 16, bytes = bits / 8;
        bool signed = kind < ParallelKind.Unsigned;
        uint result = 0, ge = 0;
        for (int lane = 0; lane < 32 / bits; lane++)
        {
            bool exchanges = op is ParallelOp.AddSubtractExchange or ParallelOp.SubtractAddExchange;
            int x = Lane(a, lane, bits, signed), y = Lane(b, exchanges ? 1 - lane : lane, bits, signed);
            bool subtracts = op is ParallelOp.Subtract16 or ParallelOp.Subtract8
                || (op == ParallelOp.AddSubtractExchange && lane == 0) || (op == ParallelOp.SubtractAddExchange && lane == 1);
            int sum = subtracts ? x - y : x + y;
            if (signed || subtracts ? sum >= 0 : sum >> bits != 0)
                ge |= ((1u << bytes) - 1) << (lane * bytes);
            int value = kind switch
            {
                ParallelKind.SignedSaturating => Math.Clamp(sum, -(1 << (bits - 1)), (1 << (bits - 1)) - 1),
                ParallelKind.UnsignedSaturating => Math.Clamp(sum, 0, (1 << bits) - 1),
                ParallelKind.SignedHalving or ParallelKind.UnsignedHalving => sum >> 1,
                _ => sum,
            };
            result |= ((uint)value & ((1u << bits) - 1)) << (lane * bits);
        }

        return result | ((ulong)ge << 32);
    }

    public static ulong DoSelect(byte* s, ulong a, ulong b, ulong ge)
    {
        uint mask = 0;
        for (int i = 0; i < 4; i++)
            mask |= ((ge >> i) & 1) != 0 ? 0xffu << (8 * i) : 0;
        return ((uint)a & mask) | ((uint)b & ~mask);
    }

    public static ulong DoSumOfDifferences(byte* s, ulong a, ulong b)
    {
        uint sum = 0;
        for (int i = 0; i < 32; i += 8)
            sum += (uint)Math.Abs((byte)(a >> i) - (byte)(b >> i));
        return sum;
    }

    private static int Lane(ulong word, int lane, int bits, bool signed)
    {
        uint value = (uint)(word >> (lane * bits)) & ((1u << bits) - 1);
        return signed ? (int)(value << (32 - bits)) >> (32 - bits) : (int)value;
    }

    private static IrHelper Create(string method, IrType result) => IrHelper.Create(typeof(MediaHelpers), method, result, IrEffects.None);
}
