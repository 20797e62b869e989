using Emulation.SoftFloat;

namespace Emulation.Arm;

/// <summary>Arithmetic of the three formats by number, as encodings have it: 0 single, 1 double, 3 half.</summary>
internal static class FpFormat
{
    public const int Single = 0, Double = 1, Half = 3;

    public static int Bits(int format) => format switch { Single => 32, Double => 64, _ => 16 };

    public static ulong SignBit(int format) => 1UL << (Bits(format) - 1);

    public static int FractionBits(int format) => format switch { Single => 23, Double => 52, _ => 10 };

    public static ulong Infinity(int format) => SignBit(format) - (1UL << FractionBits(format));

    public static ulong DefaultNan(int format) => Infinity(format) | (1UL << (FractionBits(format) - 1));

    public static ulong One(int format) => format switch { Single => 0x3f80_0000, Double => 0x3ff0_0000_0000_0000, _ => 0x3c00 };

    public static ulong Two(int format) => One(format) + (1UL << FractionBits(format));

    public static ulong Three(int format) => Two(format) + (1UL << (FractionBits(format) - 1));

    public static ulong OneAndHalf(int format) => One(format) + (1UL << (FractionBits(format) - 1));

    public static ulong Add(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.Add((uint)a, (uint)b, ref c), Double => F64.Add(a, b, ref c), _ => F16.Add((ushort)a, (ushort)b, ref c) };

    public static ulong Sub(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.Sub((uint)a, (uint)b, ref c), Double => F64.Sub(a, b, ref c), _ => F16.Sub((ushort)a, (ushort)b, ref c) };

    public static ulong Mul(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.Mul((uint)a, (uint)b, ref c), Double => F64.Mul(a, b, ref c), _ => F16.Mul((ushort)a, (ushort)b, ref c) };

    public static ulong Div(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.Div((uint)a, (uint)b, ref c), Double => F64.Div(a, b, ref c), _ => F16.Div((ushort)a, (ushort)b, ref c) };

    public static ulong Sqrt(int format, ulong a, ref FpContext c)
        => format switch { Single => F32.Sqrt((uint)a, ref c), Double => F64.Sqrt(a, ref c), _ => F16.Sqrt((ushort)a, ref c) };

    public static ulong MulAdd(int format, ulong a, ulong b, ulong addend, ref FpContext c) => format switch
    {
        Single => F32.MulAdd((uint)a, (uint)b, (uint)addend, ref c),
        Double => F64.MulAdd(a, b, addend, ref c),
        _ => F16.MulAdd((ushort)a, (ushort)b, (ushort)addend, ref c),
    };

    public static ulong Max(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.Maximum((uint)a, (uint)b, ref c), Double => F64.Maximum(a, b, ref c), _ => F16.Maximum((ushort)a, (ushort)b, ref c) };

    public static ulong Min(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.Minimum((uint)a, (uint)b, ref c), Double => F64.Minimum(a, b, ref c), _ => F16.Minimum((ushort)a, (ushort)b, ref c) };

    public static ulong MaxNumber(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.MaxNum((uint)a, (uint)b, ref c), Double => F64.MaxNum(a, b, ref c), _ => F16.MaxNum((ushort)a, (ushort)b, ref c) };

    public static ulong MinNumber(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.MinNum((uint)a, (uint)b, ref c), Double => F64.MinNum(a, b, ref c), _ => F16.MinNum((ushort)a, (ushort)b, ref c) };

    public static ulong Round(int format, ulong a, FpRounding rounding, bool exact, ref FpContext c) => format switch
    {
        Single => F32.RoundToInt((uint)a, rounding, exact, ref c),
        Double => F64.RoundToInt(a, rounding, exact, ref c),
        _ => F16.RoundToInt((ushort)a, rounding, exact, ref c),
    };

    public static bool Equal(int format, ulong a, ulong b, bool signaling, ref FpContext c) => format switch
    {
        Single => signaling ? F32.EqSignaling((uint)a, (uint)b, ref c) : F32.EqQuiet((uint)a, (uint)b, ref c),
        Double => signaling ? F64.EqSignaling(a, b, ref c) : F64.EqQuiet(a, b, ref c),
        _ => signaling ? F16.EqSignaling((ushort)a, (ushort)b, ref c) : F16.EqQuiet((ushort)a, (ushort)b, ref c),
    };

    public static bool Less(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.LtSignaling((uint)a, (uint)b, ref c), Double => F64.LtSignaling(a, b, ref c), _ => F16.LtSignaling((ushort)a, (ushort)b, ref c) };

    public static bool LessOrEqual(int format, ulong a, ulong b, ref FpContext c)
        => format switch { Single => F32.LeSignaling((uint)a, (uint)b, ref c), Double => F64.LeSignaling(a, b, ref c), _ => F16.LeSignaling((ushort)a, (ushort)b, ref c) };

    public static bool IsNan(int format, ulong a) => (a & (SignBit(format) - 1)) > Infinity(format);

    public static UInt128 ToQuad(int format, ulong a, ref FpContext c)
        => format switch { Single => F32.ToF128((uint)a, ref c), Double => F64.ToF128(a, ref c), _ => F16.ToF128((ushort)a, ref c) };

    public static ulong FromQuad(int format, UInt128 a, ref FpContext c)
        => format switch { Single => F128.ToF32(a, ref c), Double => F128.ToF64(a, ref c), _ => F128.ToF16(a, ref c) };

    /// <summary>To an integer of 64 or fewer bits after a scaling by 2^fraction; out of range and NaN as Arm has it.</summary>
    public static ulong ToInteger(int format, ulong a, int bits, bool signed, int fraction, FpRounding rounding, ref FpContext c)
    {
        const FpIntegerRule Rule = FpIntegerRule.SaturateNanZero;
        if (bits == 16)
            return ToShort(format, a, signed, fraction, rounding, ref c);
        if (fraction != 0)
        {
            UInt128 scaled = Scale(ToQuad(format, a, ref c), fraction, ref c);
            return (bits, signed) switch
            {
                (64, true) => (ulong)F128.ToInt64(scaled, rounding, Rule, ref c),
                (64, false) => F128.ToUInt64(scaled, rounding, Rule, ref c),
                (_, true) => (uint)F128.ToInt32(scaled, rounding, Rule, ref c),
                _ => F128.ToUInt32(scaled, rounding, Rule, ref c),
            };
        }

        return (format, bits, signed) switch
        {
            (Single, 64, true) => (ulong)F32.ToInt64((uint)a, rounding, Rule, ref c),
            (Single, 64, false) => F32.ToUInt64((uint)a, rounding, Rule, ref c),
            (Single, _, true) => (uint)F32.ToInt32((uint)a, rounding, Rule, ref c),
            (Single, _, false) => F32.ToUInt32((uint)a, rounding, Rule, ref c),
            (Double, 64, true) => (ulong)F64.ToInt64(a, rounding, Rule, ref c),
            (Double, 64, false) => F64.ToUInt64(a, rounding, Rule, ref c),
            (Double, _, true) => (uint)F64.ToInt32(a, rounding, Rule, ref c),
            (Double, _, false) => F64.ToUInt32(a, rounding, Rule, ref c),
            (_, 64, true) => (ulong)F16.ToInt64((ushort)a, rounding, Rule, ref c),
            (_, 64, false) => F16.ToUInt64((ushort)a, rounding, Rule, ref c),
            (_, _, true) => (uint)F16.ToInt32((ushort)a, rounding, Rule, ref c),
            _ => F16.ToUInt32((ushort)a, rounding, Rule, ref c),
        };
    }

    /// <summary>From an integer, divided by 2^fraction.</summary>
    public static ulong FromInteger(int format, ulong value, bool signed, int fraction, ref FpContext c)
    {
        if (fraction != 0)
        {
            UInt128 quad = signed ? F128.FromInt64((long)value, ref c) : F128.FromUInt64(value, ref c);
            return FromQuad(format, Scale(quad, -fraction, ref c), ref c);
        }

        return (format, signed) switch
        {
            (Single, true) => F32.FromInt64((long)value, ref c),
            (Single, false) => F32.FromUInt64(value, ref c),
            (Double, true) => F64.FromInt64((long)value, ref c),
            (Double, false) => F64.FromUInt64(value, ref c),
            (_, true) => F16.FromInt64((long)value, ref c),
            _ => F16.FromUInt64(value, ref c),
        };
    }

    // 16-bit integers saturate from the wider result; what inexact the wide conversion raised is not raised then
    private static ulong ToShort(int format, ulong a, bool signed, int fraction, FpRounding rounding, ref FpContext c)
    {
        FpFlags before = c.Flags;
        long wide = signed ? (int)ToInteger(format, a, 32, true, fraction, rounding, ref c) : (long)(uint)ToInteger(format, a, 32, false, fraction, rounding, ref c);
        long clamped = signed ? Math.Clamp(wide, short.MinValue, short.MaxValue) : Math.Min(wide, ushort.MaxValue);
        if (clamped != wide)
            c.Flags = before | (c.Flags & FpFlags.InputDenormal) | FpFlags.Invalid;
        return (ushort)clamped;
    }

    // exact: no number of 64 bits comes near the limits of binary128
    private static UInt128 Scale(UInt128 quad, int power, ref FpContext c)
    {
        const int Bias = 16383, Fraction = 112;
        return F128.Mul(quad, (UInt128)(Bias + power) << Fraction, ref c);
    }
}
