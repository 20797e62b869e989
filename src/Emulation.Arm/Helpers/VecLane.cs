using System.Numerics;

namespace Emulation.Arm;

/// <summary>One operation on integer lanes. Arm DDI 0487, C7.2.</summary>
internal static class VecLane
{
    /// <summary>A lane of the result.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="bits">Width of the result; of the operands too, except where the operation narrows or widens.</param>
    /// <param name="a">First operand, extended as the operation takes it.</param>
    /// <param name="b">Second operand, or the amount of a shift.</param>
    /// <param name="d">The old destination.</param>
    /// <param name="saturated">Set when the result was clamped.</param>
    public static Int128 Apply(VecOp op, int bits, Int128 a, Int128 b, Int128 d, ref bool saturated)
    {
        switch (op)
        {
            case VecOp.Add or VecOp.AddLongPair: return a + b;
            case VecOp.AddLongPairAccumulate: return a + b + d;
            case VecOp.Sub: return a - b;
            case VecOp.Mul: return (Int128)((UInt128)a * (UInt128)b);
            case VecOp.Mla: return d + (Int128)((UInt128)a * (UInt128)b);
            case VecOp.Mls: return d - (Int128)((UInt128)a * (UInt128)b);
            case VecOp.Pmul or VecOp.PmulLong: return (Int128)Polynomial((ulong)a, (ulong)b);
            case VecOp.HaddS or VecOp.HaddU: return (a + b) >> 1;
            case VecOp.RhaddS or VecOp.RhaddU: return (a + b + 1) >> 1;
            case VecOp.HsubS or VecOp.HsubU: return (a - b) >> 1;
            case VecOp.QaddS: return Signed(a + b, bits, ref saturated);
            case VecOp.QaddU: return Unsigned(a + b, bits, ref saturated);
            case VecOp.QsubS: return Signed(a - b, bits, ref saturated);
            case VecOp.QsubU: return Unsigned(a - b, bits, ref saturated);
            case VecOp.Suqadd: return Signed(a + d, bits, ref saturated);
            case VecOp.Usqadd: return Unsigned(a + d, bits, ref saturated);
            case VecOp.CmGt or VecOp.CmHi: return a > b ? -1 : 0;
            case VecOp.CmGe or VecOp.CmHs: return a >= b ? -1 : 0;
            case VecOp.CmLt: return a < b ? -1 : 0;
            case VecOp.CmLe: return a <= b ? -1 : 0;
            case VecOp.CmEq: return a == b ? -1 : 0;
            case VecOp.CmTst: return (a & b) != 0 ? -1 : 0;
            case VecOp.ShlS or VecOp.ShlU: return Shift(a, (sbyte)b, bits, false);
            case VecOp.RshlS or VecOp.RshlU: return Shift(a, (sbyte)b, bits, true);
            case VecOp.QshlS: return Signed(Shift(a, (sbyte)b, bits, false), bits, ref saturated);
            case VecOp.QshlU or VecOp.QshlSToU: return Unsigned(Shift(a, (sbyte)b, bits, false), bits, ref saturated);
            case VecOp.QrshlS: return Signed(Shift(a, (sbyte)b, bits, true), bits, ref saturated);
            case VecOp.QrshlU: return Unsigned(Shift(a, (sbyte)b, bits, true), bits, ref saturated);
            case VecOp.MaxS or VecOp.MaxU: return a > b ? a : b;
            case VecOp.MinS or VecOp.MinU: return a < b ? a : b;
            case VecOp.AbdS or VecOp.AbdU or VecOp.AbdLong: return Int128.Abs(a - b);
            case VecOp.AbaS or VecOp.AbaU or VecOp.AbaLong: return d + Int128.Abs(a - b);
            case VecOp.Qdmulh: return Signed((2 * a * b) >> bits, bits, ref saturated);
            case VecOp.Qrdmulh: return Signed(((2 * a * b) + ((Int128)1 << (bits - 1))) >> bits, bits, ref saturated);
            case VecOp.Qrdmlah: return Signed(((d << bits) + (2 * a * b) + ((Int128)1 << (bits - 1))) >> bits, bits, ref saturated);
            case VecOp.Qrdmlsh: return Signed(((d << bits) - (2 * a * b) + ((Int128)1 << (bits - 1))) >> bits, bits, ref saturated);
            case VecOp.QdmulLong: return Signed(2 * a * b, bits, ref saturated);
            case VecOp.QdmlaLong: return Signed(d + Signed(2 * a * b, bits, ref saturated), bits, ref saturated);
            case VecOp.QdmlsLong: return Signed(d - Signed(2 * a * b, bits, ref saturated), bits, ref saturated);
            case VecOp.Cls: return LeadingZeros((ulong)(a ^ (a >> (bits - 1))), bits) - 1;
            case VecOp.Clz: return LeadingZeros((ulong)a, bits);
            case VecOp.Cnt: return BitOperations.PopCount((ulong)a);
            case VecOp.Rbit: return Reverse((byte)a);
            case VecOp.Abs: return Int128.Abs(a);
            case VecOp.Neg: return -a;
            case VecOp.Qabs: return Signed(Int128.Abs(a), bits, ref saturated);
            case VecOp.Qneg: return Signed(-a, bits, ref saturated);
            case VecOp.RecipEstimate: return (long)a >> 31 == 0 ? 0xffff_ffffL : (Int128)FpEstimate.ReciprocalTable((int)((long)a >> 23)) << 23;
            case VecOp.RsqrtEstimate: return (long)a >> 30 == 0 ? 0xffff_ffffL : (Int128)FpEstimate.ReciprocalSqrtTable((int)((long)a >> 23)) << 23;
            case VecOp.ShrS or VecOp.ShrU: return Shift(a, -(int)b, bits, false);
            case VecOp.SraS or VecOp.SraU: return d + Shift(a, -(int)b, bits, false);
            case VecOp.RshrS or VecOp.RshrU: return Shift(a, -(int)b, bits, true);
            case VecOp.RsraS or VecOp.RsraU: return d + Shift(a, -(int)b, bits, true);
            case VecOp.Sri: return ((d >> (bits - (int)b)) << (bits - (int)b)) | (a >> (int)b);
            case VecOp.ShlImmediate or VecOp.ShlLong: return a << (int)b;
            case VecOp.Sli: return (a << (int)b) | (d & (((Int128)1 << (int)b) - 1));
            case VecOp.ShrNarrow: return a >> (int)b;
            case VecOp.RshrNarrow: return Shift(a, -(int)b, 2 * bits, true);
            case VecOp.ShrNarrowS: return Signed(a >> (int)b, bits, ref saturated);
            case VecOp.ShrNarrowU or VecOp.ShrNarrowSToU: return Unsigned(a >> (int)b, bits, ref saturated);
            case VecOp.RshrNarrowS: return Signed(Shift(a, -(int)b, 2 * bits, true), bits, ref saturated);
            case VecOp.RshrNarrowU or VecOp.RshrNarrowSToU: return Unsigned(Shift(a, -(int)b, 2 * bits, true), bits, ref saturated);
            case VecOp.AddHigh: return (a + b) >> bits;
            case VecOp.RaddHigh: return (a + b + ((Int128)1 << (bits - 1))) >> bits;
            case VecOp.SubHigh: return (a - b) >> bits;
            case VecOp.RsubHigh: return (a - b + ((Int128)1 << (bits - 1))) >> bits;
            default: throw new ArgumentOutOfRangeException(nameof(op), op, "not an operation on lanes");
        }
    }

    /// <summary>Whether the first operand is extended with its sign.</summary>
    public static bool IsSigned(VecOp op) => op is VecOp.HaddS or VecOp.RhaddS or VecOp.HsubS or VecOp.QaddS or VecOp.QsubS or VecOp.CmGt or VecOp.CmGe or VecOp.CmLt
        or VecOp.CmLe or VecOp.ShlS or VecOp.QshlS or VecOp.RshlS or VecOp.QrshlS or VecOp.MaxS or VecOp.MinS or VecOp.AbdS or VecOp.AbaS or VecOp.Qdmulh
        or VecOp.Qrdmulh or VecOp.Qrdmlah or VecOp.Qrdmlsh or VecOp.Usqadd or VecOp.Cls or VecOp.Qabs or VecOp.Qneg or VecOp.Abs or VecOp.ShrS or VecOp.SraS
        or VecOp.RshrS or VecOp.RsraS or VecOp.QshlSToU or VecOp.ShrNarrowS or VecOp.ShrNarrowSToU or VecOp.RshrNarrowS or VecOp.RshrNarrowSToU;

    /// <summary>Whether the old destination is extended with its sign.</summary>
    public static bool IsDestinationSigned(VecOp op) => op is VecOp.Qrdmlah or VecOp.Qrdmlsh or VecOp.Suqadd or VecOp.QdmlaLong or VecOp.QdmlsLong;

    /// <summary>A product without carries.</summary>
    public static UInt128 Polynomial(ulong a, ulong b)
    {
        UInt128 product = 0;
        for (int i = 0; b >> i != 0; i++)
        {
            if (((b >> i) & 1) != 0)
                product ^= (UInt128)a << i;
            if (i == 63)
                break;
        }

        return product;
    }

    // by a signed amount; far shifts are cut where they change nothing more, or only saturation sees them
    private static Int128 Shift(Int128 a, int amount, int bits, bool rounds)
    {
        if (amount >= bits)
            return a == 0 ? 0 : a > 0 ? (Int128)1 << (2 * bits > 120 ? 120 : 2 * bits) : (Int128)(-1) << (2 * bits > 120 ? 120 : 2 * bits);
        if (amount >= 0)
            return a << amount;
        int right = Math.Min(-amount, bits + 1);
        return (rounds ? a + ((Int128)1 << (right - 1)) : a) >> right;
    }

    private static Int128 Signed(Int128 value, int bits, ref bool saturated)
    {
        Int128 limit = (Int128)1 << (bits - 1);
        if (value >= -limit && value < limit)
            return value;
        saturated = true;
        return value < 0 ? -limit : limit - 1;
    }

    private static Int128 Unsigned(Int128 value, int bits, ref bool saturated)
    {
        Int128 limit = (Int128)1 << bits;
        if (value >= 0 && value < limit)
            return value;
        saturated = true;
        return value < 0 ? 0 : limit - 1;
    }

    private static int LeadingZeros(ulong value, int bits)
        => BitOperations.LeadingZeroCount(bits == 64 ? value : value & ((1UL << bits) - 1)) - (64 - bits);

    private static int Reverse(byte value)
    {
        int result = 0;
        for (int i = 0; i < 8; i++)
            result |= ((value >> i) & 1) << (7 - i);
        return result;
    }
}
