namespace Emulation.SoftFloat.Algorithms;

internal static partial class Ieee<TFormat, T>
{
    internal static T RoundToIntegral(T a, FpRounding rounding, bool raiseInexact, ref FpContext context)
    {
        if (IsNaN(a))
        {
            return PropagateNaN(a, ref context);
        }

        a = Input(a, ref context);
        int field = ExponentField(a);
        if (field >= Bias + TFormat.FractionBits || Magnitude(a) == T.Zero)
        {
            return a;
        }

        bool negative = IsNegative(a);
        T result;
        if (field < Bias)
        {
            T one = T.CreateTruncating(Bias) << TFormat.FractionBits;
            T half = one - ImplicitBit;
            bool up = rounding switch
            {
                FpRounding.NearestEven => Magnitude(a) > half,
                FpRounding.NearestAway => Magnitude(a) >= half,
                FpRounding.Down => negative,
                FpRounding.Up => !negative,
                FpRounding.ToOdd => true,
                _ => false,
            };
            result = Sign(negative) | (up ? one : T.Zero);
        }
        else
        {
            // Works on the encoding: a carry out of the fraction increments the exponent. When the units bit is the implicit
            // one, its stand-in is the exponent's last bit, which is set too as the bias is odd.
            T unit = T.One << (Bias + TFormat.FractionBits - field);
            T below = unit - T.One;
            T half = unit >> 1;
            T fraction = a & below;
            result = a;
            switch (rounding)
            {
                case FpRounding.NearestEven when fraction > half || (fraction == half && (a & unit) != T.Zero):
                case FpRounding.NearestAway when fraction >= half:
                case FpRounding.Down when negative && fraction != T.Zero:
                case FpRounding.Up when !negative && fraction != T.Zero:
                    result += unit;
                    break;
                case FpRounding.ToOdd when fraction != T.Zero:
                    result |= unit;
                    break;
                default:
                    break;
            }

            result &= ~below;
        }

        if (raiseInexact && result != a)
        {
            context.Raise(FpFlags.Inexact);
        }

        return result;
    }

    /// <summary>To a 32- or 64-bit integer; the result is in the low <paramref name="bits"/> bits, signed ones sign-extended.</summary>
    internal static ulong ToInteger(
        T a, int bits, bool signed, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
    {
        if (IsSpecial(a))
        {
            return OutOfRange(a, bits, signed, rule, ref context);
        }

        a = Input(a, ref context);
        bool negative = IsNegative(a);
        T significand = Unpack(a, out int exponent);
        if (significand == T.Zero)
        {
            return 0;
        }

        if (exponent >= 64)
        {
            return OutOfRange(a, bits, signed, rule, ref context);
        }

        ulong whole = Split(significand, exponent, out T fraction, out T half);
        bool inexact = fraction != T.Zero;
        bool up = rounding switch
        {
            FpRounding.NearestEven => fraction > half || (fraction == half && (whole & 1) != 0),
            FpRounding.NearestAway => fraction >= half,
            FpRounding.Down => negative && inexact,
            FpRounding.Up => !negative && inexact,
            FpRounding.ToOdd => inexact && (whole & 1) == 0,
            _ => false,
        };
        if (up && ++whole == 0)
        {
            return OutOfRange(a, bits, signed, rule, ref context);
        }

        if (whole > LargestMagnitude(negative, bits, signed))
        {
            return OutOfRange(a, bits, signed, rule, ref context);
        }

        if (inexact)
        {
            context.Raise(FpFlags.Inexact);
        }

        return negative ? 0 - whole : whole;
    }

    /// <summary>Toward zero, modulo 2^32; flags as for a conversion to a signed 32-bit integer. NaN and infinity give zero.</summary>
    internal static int ToInt32Modular(T a, ref FpContext context)
    {
        if (IsSpecial(a))
        {
            context.Raise(FpFlags.Invalid);
            return 0;
        }

        a = Input(a, ref context);
        bool negative = IsNegative(a);
        T significand = Unpack(a, out int exponent);
        if (significand == T.Zero)
        {
            return 0;
        }

        uint low;
        if (exponent < 64)
        {
            ulong whole = Split(significand, exponent, out T fraction, out _);
            low = (uint)whole;
            if (whole > LargestMagnitude(negative, bits: 32, signed: true))
            {
                context.Raise(FpFlags.Invalid);
            }
            else if (fraction != T.Zero)
            {
                context.Raise(FpFlags.Inexact);
            }
        }
        else
        {
            context.Raise(FpFlags.Invalid);
            int shift = exponent - Top;
            low = shift >= WordBits ? 0
                : shift >= 0 ? uint.CreateTruncating(significand << shift)
                : uint.CreateTruncating(significand >> -shift);
        }

        return (int)(negative ? 0 - low : low);
    }

    internal static T FromInteger(bool negative, ulong magnitude, ref FpContext context)
    {
        if (magnitude == 0)
        {
            return T.Zero;
        }

        T significand = T.CreateTruncating(magnitude);
        int shift = LeadingZeros(significand) - 1;
        significand = shift < 0 ? ShiftRightSticky(significand, 1) : significand << shift;
        return RoundPack(negative, Top - shift, significand, ref context);
    }

    internal static T FromInt64(long value, ref FpContext context)
        => FromInteger(value < 0, value < 0 ? 0 - (ulong)value : (ulong)value, ref context);

    /// <summary>
    /// Integer part of a number below 2^64, and its fraction on a scale where one half is <paramref name="half"/>.
    /// </summary>
    private static ulong Split(T significand, int exponent, out T fraction, out T half)
    {
        int shift = Top - exponent;
        if (shift <= 0)
        {
            fraction = T.Zero;
            half = T.One;
            return ulong.CreateTruncating(significand << -shift);
        }

        if (shift >= WordBits)
        {
            // below one half: anything between zero and half will do
            fraction = T.One;
            half = T.One << 1;
            return 0;
        }

        half = T.One << (shift - 1);
        fraction = significand & (half + half - T.One);
        return ulong.CreateTruncating(significand >> shift);
    }

    private static ulong LargestMagnitude(bool negative, int bits, bool signed)
    {
        if (!signed)
        {
            return negative ? 0 : ulong.MaxValue >> (64 - bits);
        }

        ulong limit = 1UL << (bits - 1);
        return negative ? limit : limit - 1;
    }

    private static ulong OutOfRange(T a, int bits, bool signed, FpIntegerRule rule, ref FpContext context)
    {
        context.Raise(FpFlags.Invalid);
        ulong largest = LargestMagnitude(negative: false, bits, signed);
        ulong smallest = signed ? ~largest : 0;
        bool nan = IsNaN(a);
        ulong bySign = IsNegative(a) ? smallest : largest;
        return rule switch
        {
            FpIntegerRule.Saturate => nan ? largest : bySign,
            FpIntegerRule.SaturateNanZero => nan ? 0 : bySign,
            FpIntegerRule.SaturateNanSmallest => nan ? smallest : bySign,
            FpIntegerRule.Indefinite => signed ? smallest : largest,
            _ => largest,
        };
    }
}
