using System.Numerics;

namespace Emulation.SoftFloat.Algorithms;

internal static class FormatConversion<TFrom, TSource, TTo, TTarget>
    where TFrom : struct, IBinaryFormat<TSource>
    where TSource : unmanaged, IBinaryInteger<TSource>, IUnsignedNumber<TSource>
    where TTo : struct, IBinaryFormat<TTarget>
    where TTarget : unmanaged, IBinaryInteger<TTarget>, IUnsignedNumber<TTarget>
{
    internal static TTarget Convert(TSource a, ref FpContext context)
    {
        bool negative = Ieee<TFrom, TSource>.IsNegative(a);
        if (Ieee<TFrom, TSource>.IsSpecial(a))
        {
            return Ieee<TFrom, TSource>.IsNaN(a)
                ? ConvertNaN(a, negative, ref context)
                : Ieee<TTo, TTarget>.Sign(negative) | Ieee<TTo, TTarget>.Infinity;
        }

        a = Ieee<TFrom, TSource>.Input(a, ref context);
        TSource significand = Ieee<TFrom, TSource>.Unpack(a, out int exponent);
        return significand == TSource.Zero
            ? Ieee<TTo, TTarget>.Sign(negative)
            : Ieee<TTo, TTarget>.RoundPack(negative, exponent, Resize(significand), ref context);
    }

    private static TTarget ConvertNaN(TSource a, bool negative, ref FpContext context)
    {
        if (Ieee<TFrom, TSource>.IsSignaling(a))
        {
            context.Raise(FpFlags.Invalid);
        }

        if (context.NanRule == FpNanRule.Canonical)
        {
            return Ieee<TTo, TTarget>.DefaultNaN(context);
        }

        // the payload is aligned at its leading bit, as a fraction is
        int drop = TFrom.FractionBits - TTo.FractionBits;
        TSource fraction = a & (Ieee<TFrom, TSource>.ImplicitBit - TSource.One);
        TTarget payload = drop >= 0
            ? TTarget.CreateTruncating(fraction >> drop)
            : TTarget.CreateTruncating(fraction) << -drop;
        return Ieee<TTo, TTarget>.Sign(negative) | Ieee<TTo, TTarget>.Infinity | Ieee<TTo, TTarget>.QuietBit | payload;
    }

    /// <summary>Moves the leading bit from one word's working position to the other's.</summary>
    private static TTarget Resize(TSource significand)
    {
        int drop = Ieee<TFrom, TSource>.WordBits - Ieee<TTo, TTarget>.WordBits;
        return drop > 0 ? TTarget.CreateTruncating(Ieee<TFrom, TSource>.ShiftRightSticky(significand, drop))
            : TTarget.CreateTruncating(significand) << -drop;
    }
}
