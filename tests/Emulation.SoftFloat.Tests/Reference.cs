using System.Numerics;

namespace Emulation.SoftFloat.Tests;

/// <summary>
/// IEEE 754 as its text defines it: the exact result as a big number, then rounded. Slow, and independent of the code under test.
/// NaN and infinity operands are left to the tables of special cases.
/// </summary>
internal sealed record Reference(int FractionBits, int ExponentBits)
{
    public int Bias => (1 << (ExponentBits - 1)) - 1;

    public int Width => 1 + ExponentBits + FractionBits;

    /// <summary>Exponent of the unit in the last place of subnormal numbers.</summary>
    private int LeastUnit => 1 - Bias - FractionBits;

    /// <summary>Value * 2^Exponent, a little more in magnitude if More.</summary>
    internal readonly record struct Exact(bool Negative, BigInteger Magnitude, int Exponent, bool More = false);

    public bool IsFinite(UInt128 bits) => ((bits >> FractionBits) & (uint)((1 << ExponentBits) - 1)) != (uint)((1 << ExponentBits) - 1);

    public Exact Decode(UInt128 bits)
    {
        int field = (int)(bits >> FractionBits) & ((1 << ExponentBits) - 1);
        BigInteger fraction = bits & ((UInt128.One << FractionBits) - 1);
        bool negative = (bits >> (Width - 1)) != 0;
        return field == 0
            ? new Exact(negative, fraction, LeastUnit)
            : new Exact(negative, fraction + (BigInteger.One << FractionBits), field - Bias - FractionBits);
    }

    public static Exact Sum(Exact a, Exact b, FpRounding rounding)
    {
        int exponent = Math.Min(a.Exponent, b.Exponent);
        BigInteger x = a.Magnitude << (a.Exponent - exponent), y = b.Magnitude << (b.Exponent - exponent);
        BigInteger sum = (a.Negative ? -x : x) + (b.Negative ? -y : y);
        bool negative = !sum.IsZero ? sum.Sign < 0
            : a.Negative == b.Negative ? a.Negative : rounding == FpRounding.Down;
        return new Exact(negative, BigInteger.Abs(sum), exponent);
    }

    public static Exact Product(Exact a, Exact b)
        => new(a.Negative ^ b.Negative, a.Magnitude * b.Magnitude, a.Exponent + b.Exponent);

    public Exact Quotient(Exact a, Exact b)
    {
        int scale = (2 * FractionBits) + 10;
        BigInteger quotient = BigInteger.DivRem(a.Magnitude << scale, b.Magnitude, out BigInteger rest);
        return new Exact(a.Negative ^ b.Negative, quotient, a.Exponent - b.Exponent - scale, !rest.IsZero);
    }

    public Exact Root(Exact a)
    {
        int scale = (4 * FractionBits) + 20;
        scale += (a.Exponent - scale) & 1;
        BigInteger radicand = a.Magnitude << scale;
        BigInteger low = BigInteger.Zero, high = BigInteger.One << (int)((radicand.GetBitLength() / 2) + 1);
        while (high - low > 1)
        {
            BigInteger middle = (low + high) >> 1;
            (low, high) = middle * middle <= radicand ? (middle, high) : (low, middle);
        }

        return new Exact(a.Negative, low, (a.Exponent - scale) / 2, low * low != radicand);
    }

    public static Exact Remainder(Exact a, Exact b)
    {
        int exponent = Math.Min(a.Exponent, b.Exponent);
        BigInteger x = a.Magnitude << (a.Exponent - exponent), y = b.Magnitude << (b.Exponent - exponent);
        BigInteger quotient = BigInteger.DivRem(x, y, out BigInteger rest);
        int half = (rest * 2).CompareTo(y);
        if (half > 0 || (half == 0 && !quotient.IsEven))
        {
            rest -= y;
        }

        return new Exact(a.Negative ^ (rest.Sign < 0), BigInteger.Abs(rest), exponent);
    }

    /// <summary>Rounds to a multiple of 2^unit.</summary>
    public static (BigInteger Count, bool Inexact) RoundTo(Exact a, int unit, FpRounding rounding)
    {
        int drop = unit - a.Exponent;
        if (drop <= 0)
        {
            return a.More ? throw new InvalidOperationException("precision") : (a.Magnitude << -drop, false);
        }

        BigInteger count = a.Magnitude >> drop, rest = a.Magnitude - (count << drop);
        int half = (rest * 2).CompareTo(BigInteger.One << drop);
        half = half == 0 && a.More ? 1 : half;
        bool inexact = !rest.IsZero || a.More;
        bool up = inexact && rounding switch
        {
            FpRounding.NearestEven => half > 0 || (half == 0 && !count.IsEven),
            FpRounding.NearestAway => half >= 0,
            FpRounding.Up => !a.Negative,
            FpRounding.Down => a.Negative,
            FpRounding.ToOdd => count.IsEven,
            _ => false,
        };
        return (up ? count + 1 : count, inexact);
    }

    public (UInt128 Bits, FpFlags Flags) Round(Exact a, FpRounding rounding, bool tinyBefore = false)
    {
        UInt128 sign = a.Negative ? UInt128.One << (Width - 1) : 0;
        if (a.Magnitude.IsZero)
        {
            return (sign, FpFlags.None);
        }

        int leading = a.Exponent + (int)a.Magnitude.GetBitLength() - 1;
        int unbounded = leading - FractionBits;
        int unit = Math.Max(unbounded, LeastUnit);
        (BigInteger count, bool inexact) = RoundTo(a, unit, rounding);

        bool tiny = leading < 1 - Bias;
        if (tiny && !tinyBefore)
        {
            BigInteger free = RoundTo(a, unbounded, rounding).Count;
            tiny = unbounded + (int)free.GetBitLength() - 1 < 1 - Bias;
        }

        FpFlags flags = inexact ? FpFlags.Inexact : FpFlags.None;
        flags |= inexact && tiny ? FpFlags.Underflow : FpFlags.None;
        if (count.GetBitLength() > FractionBits + 1)
        {
            count >>= 1;
            unit++;
        }

        UInt128 infinity = ((UInt128.One << ExponentBits) - 1) << FractionBits;
        if (unit + FractionBits > Bias)
        {
            bool largest = rounding is FpRounding.TowardZero or FpRounding.ToOdd
                || rounding == (a.Negative ? FpRounding.Up : FpRounding.Down);
            return (sign | (largest ? infinity - 1 : infinity), FpFlags.Overflow | FpFlags.Inexact);
        }

        bool normal = count.GetBitLength() > FractionBits;
        UInt128 field = normal ? (UInt128)(unit + FractionBits + Bias) : 0;
        BigInteger fraction = normal ? count - (BigInteger.One << FractionBits) : count;
        return (sign | (field << FractionBits) | (UInt128)fraction, flags);
    }
}
