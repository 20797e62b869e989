using System.Numerics;
using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat.Algorithms;

/// <summary>
/// The operations, written once for all formats. Encodings are raw bits in a <typeparamref name="T"/>.
/// A finite non-zero number is worked on as sign, exponent and significand: significand * 2^(exponent - Top) with the
/// leading bit at <see cref="Top"/>; bit Top + 1 is room for a carry, the bits below the fraction are guard bits, and bit 0
/// also stands for everything below it ("sticky").
/// </summary>
internal static partial class Ieee<TFormat, T>
    where TFormat : struct, IBinaryFormat<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    internal static int WordBits => Unsafe.SizeOf<T>() * 8;

    internal static int Top => WordBits - 2;

    internal static int GuardBits => Top - TFormat.FractionBits;

    internal static int Bias => (1 << (TFormat.ExponentBits - 1)) - 1;

    /// <summary>The exponent field of infinities and NaNs.</summary>
    internal static int SpecialField => (1 << TFormat.ExponentBits) - 1;

    internal static T ImplicitBit => T.One << TFormat.FractionBits;

    internal static T SignBit => T.One << (TFormat.FractionBits + TFormat.ExponentBits);

    internal static T Infinity => SignBit - ImplicitBit;

    internal static T QuietBit => T.One << (TFormat.FractionBits - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Magnitude(T a) => a & (SignBit - T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsNegative(T a) => (a & SignBit) != T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sign(bool negative) => negative ? SignBit : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int ExponentField(T a) => int.CreateTruncating(a >> TFormat.FractionBits) & SpecialField;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsSpecial(T a) => Magnitude(a) >= Infinity;

    internal static bool IsSubnormal(T a) => Magnitude(a) - T.One < ImplicitBit - T.One;

    internal static FpClass Classify(T a)
    {
        T magnitude = Magnitude(a);
        if (magnitude > Infinity)
        {
            return IsSignaling(a) ? FpClass.SignalingNaN : FpClass.QuietNaN;
        }

        FpClass positive = magnitude == Infinity ? FpClass.PositiveInfinity
            : magnitude >= ImplicitBit ? FpClass.PositiveNormal
            : magnitude != T.Zero ? FpClass.PositiveSubnormal
            : FpClass.PositiveZero;

        // the negative classes mirror the positive ones
        return IsNegative(a) ? (FpClass)(FpClass.PositiveInfinity - positive) : positive;
    }

    /// <summary>Significand and exponent of a finite number; the significand of a zero is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Unpack(T a, out int exponent)
    {
        int field = ExponentField(a);
        T fraction = a & (ImplicitBit - T.One);
        if (field != 0)
        {
            exponent = field - Bias;
            return (fraction | ImplicitBit) << GuardBits;
        }

        int shift = LeadingZeros(fraction) - 1;
        exponent = 1 - Bias + GuardBits - shift;
        return fraction == T.Zero ? T.Zero : fraction << shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int LeadingZeros(T value) => int.CreateTruncating(T.LeadingZeroCount(value));

    /// <summary>Right shift by any non-negative count that keeps bit 0 sticky.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T ShiftRightSticky(T value, int count)
    {
        if (count == 0)
        {
            return value;
        }

        if (count >= WordBits)
        {
            return Sticky(value);
        }

        return (value >> count) | Sticky(value << (WordBits - count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sticky(T value) => value != T.Zero ? T.One : T.Zero;

    /// <summary>The zero of an exact cancellation: IEEE 754-2019, 6.3.</summary>
    internal static T CancelledZero(in FpContext context) => Sign(context.Rounding == FpRounding.Down);

    /// <summary>Rounds a normalized non-zero significand, packs it and raises the flags.</summary>
    internal static T RoundPack(bool negative, int exponent, T significand, ref FpContext context)
    {
        int field = exponent + Bias;
        T guardMask = (T.One << GuardBits) - T.One;
        T half = T.One << (GuardBits - 1);
        FpRounding rounding = context.Rounding;
        T increment = rounding switch
        {
            FpRounding.NearestEven or FpRounding.NearestAway => half,
            FpRounding.Down when negative => guardMask,
            FpRounding.Up when !negative => guardMask,
            _ => T.Zero,
        };

        if (field <= 0)
        {
            // Rounded as if the exponent had no lower bound, would it still be below the smallest normal number?
            bool tiny = field < 0
                || context.Has(FpOptions.TininessBeforeRounding)
                || LeadingZeros(significand + increment) != 0;
            if (tiny && context.Has(FpOptions.FlushOutputs))
            {
                context.Raise(context.Has(FpOptions.FlushRaisesInexact) ? FpFlags.Underflow | FpFlags.Inexact : FpFlags.Underflow);
                return Sign(negative);
            }

            significand = ShiftRightSticky(significand, 1 - field);
            field = 0;
            if (tiny && (significand & guardMask) != T.Zero)
            {
                context.Raise(FpFlags.Underflow);
            }
        }
        else
        {
            if (field >= SpecialField - 1 && (field >= SpecialField || LeadingZeros(significand + increment) == 0))
            {
                return Overflow(negative, increment != T.Zero, ref context);
            }

            // the implicit bit adds the one back
            field--;
        }

        T guard = significand & guardMask;
        T rounded = (significand + increment) >> GuardBits;
        if (guard != T.Zero)
        {
            context.Raise(FpFlags.Inexact);
            if (guard == half && rounding == FpRounding.NearestEven)
            {
                rounded &= ~T.One;
            }
            else if (rounding == FpRounding.ToOdd)
            {
                rounded |= T.One;
            }
        }

        // A carry out of the fraction moves into the exponent field, which is what it should do.
        return Sign(negative) + (T.CreateTruncating(field) << TFormat.FractionBits) + rounded;
    }

    private static T Overflow(bool negative, bool toInfinity, ref FpContext context)
    {
        context.Raise(FpFlags.Overflow | FpFlags.Inexact);
        return Sign(negative) | (toInfinity ? Infinity : Infinity - T.One);
    }

    /// <summary>Flush and report modes for an operand that is not a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Input(T a, ref FpContext context)
        => context.Has(FpOptions.FlushInputs | FpOptions.ReportInputDenormals) ? InputSlow(a, ref context) : a;

    private static T InputSlow(T a, ref FpContext context)
    {
        if (!IsSubnormal(a))
        {
            return a;
        }

        if (context.Has(FpOptions.ReportInputDenormals))
        {
            context.Raise(FpFlags.InputDenormal);
        }

        return context.Has(FpOptions.FlushInputs) ? a & SignBit : a;
    }
}
