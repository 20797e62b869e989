using Emulation.SoftFloat;

namespace Emulation.Arm;

/// <summary>Estimates of reciprocals. Arm DDI 0487, J1.3 FPRecipEstimate, FPRSqrtEstimate, FPRecpX, RecipEstimate, RecipSqrtEstimate.</summary>
internal static class FpEstimate
{
    /// <summary>Nine bits of a reciprocal.</summary>
    /// <param name="a">256 to 511, which stands for 0.5 to 1.</param>
    public static int ReciprocalTable(int a)
    {
        a = (a * 2) + 1;
        int b = (1 << 19) / a;
        return (b + 1) / 2;
    }

    /// <summary>Nine bits of a reciprocal square root.</summary>
    /// <param name="a">128 to 511, which stands for 0.25 to 1.</param>
    public static int ReciprocalSqrtTable(int a)
    {
        a = a < 256 ? (a * 2) + 1 : ((a >> 1 << 1) + 1) * 2;
        int b = 512;
        while ((long)a * (b + 1) * (b + 1) < 1L << 28)
            b++;
        return (b + 1) / 2;
    }

    public static ulong Reciprocal(int format, ulong a, ref FpContext c)
    {
        int fractionBits = FpFormat.FractionBits(format);
        ulong sign = a & FpFormat.SignBit(format), infinity = FpFormat.Infinity(format);
        if (FpFormat.IsNan(format, a))
            return FpFormat.Add(format, a, a, ref c);    // for what it does with NaNs
        ulong magnitude = Flushed(format, a & ~FpFormat.SignBit(format), ref c);
        if (magnitude == infinity)
            return sign;
        if (magnitude == 0)
        {
            c.Raise(FpFlags.DivideByZero);
            return sign | infinity;
        }

        if (magnitude < 1UL << (fractionBits - 2))
        {
            bool toInfinity = c.Rounding switch
            {
                FpRounding.NearestEven => true,
                FpRounding.Up => sign == 0,
                FpRounding.Down => sign != 0,
                _ => false,
            };
            c.Raise(FpFlags.Overflow | FpFlags.Inexact);
            return sign | (toInfinity ? infinity : infinity - 1);
        }

        int bias = (1 << (FpFormat.Bits(format) - fractionBits - 2)) - 1, exponent = (int)(magnitude >> fractionBits);
        bool flushes = (c.Options & FpOptions.FlushOutputs) != 0;
        if (flushes && exponent >= (2 * bias) - 1)
        {
            c.Raise(FpFlags.Underflow);
            return sign;
        }

        ulong fraction = (magnitude << (52 - fractionBits)) & ((1UL << 52) - 1);
        if (exponent == 0)
        {
            if ((fraction >> 51) == 0)
            {
                exponent = -1;
                fraction = (fraction << 2) & ((1UL << 52) - 1);
            }
            else
            {
                fraction = (fraction << 1) & ((1UL << 52) - 1);
            }
        }

        int estimate = ReciprocalTable((int)(0x100 | (fraction >> 44)));
        int resultExponent = (2 * bias) - 1 - exponent;
        ulong resultFraction = (ulong)(estimate & 0xff) << 44;
        if (resultExponent == 0)
        {
            resultFraction = (1UL << 51) | (resultFraction >> 1);
        }
        else if (resultExponent == -1)
        {
            resultFraction = (1UL << 50) | (resultFraction >> 2);
            resultExponent = 0;
        }

        return sign | ((ulong)resultExponent << fractionBits) | (resultFraction >> (52 - fractionBits));
    }

    public static ulong ReciprocalSqrt(int format, ulong a, ref FpContext c)
    {
        int fractionBits = FpFormat.FractionBits(format);
        ulong sign = a & FpFormat.SignBit(format), infinity = FpFormat.Infinity(format);
        if (FpFormat.IsNan(format, a))
            return FpFormat.Add(format, a, a, ref c);    // for what it does with NaNs
        ulong magnitude = Flushed(format, a & ~FpFormat.SignBit(format), ref c);
        if (magnitude == 0)
        {
            c.Raise(FpFlags.DivideByZero);
            return sign | infinity;
        }

        if (sign != 0)
        {
            c.Raise(FpFlags.Invalid);
            return FpFormat.DefaultNan(format);
        }

        if (magnitude == infinity)
            return 0;
        int bias = (1 << (FpFormat.Bits(format) - fractionBits - 2)) - 1, exponent = (int)(magnitude >> fractionBits);
        ulong fraction = (magnitude << (52 - fractionBits)) & ((1UL << 52) - 1);
        if (exponent == 0)
        {
            while ((fraction >> 51) == 0)
            {
                fraction <<= 1;
                exponent--;
            }

            fraction = (fraction << 1) & ((1UL << 52) - 1);
        }

        int scaled = (exponent & 1) == 0 ? (int)(0x100 | (fraction >> 44)) : (int)(0x80 | (fraction >> 45));
        int resultExponent = ((3 * bias) - 1 - exponent) >> 1;
        int estimate = ReciprocalSqrtTable(scaled);
        return ((ulong)resultExponent << fractionBits) | ((ulong)(estimate & 0xff) << (fractionBits - 8));
    }

    public static ulong ReciprocalExponent(int format, ulong a, ref FpContext c)
    {
        if (FpFormat.IsNan(format, a))
            return FpFormat.Add(format, a, a, ref c);    // for what it does with NaNs
        int fractionBits = FpFormat.FractionBits(format);
        ulong sign = a & FpFormat.SignBit(format), field = FpFormat.Infinity(format) >> fractionBits;
        ulong magnitude = Flushed(format, a & ~FpFormat.SignBit(format), ref c);
        ulong exponent = magnitude >> fractionBits;
        return sign | ((exponent == 0 ? field - 1 : ~exponent & field) << fractionBits);
    }

    private static ulong Flushed(int format, ulong magnitude, ref FpContext c)
    {
        if ((c.Options & FpOptions.FlushInputs) == 0 || magnitude == 0 || magnitude >> FpFormat.FractionBits(format) != 0)
            return magnitude;
        if ((c.Options & FpOptions.ReportInputDenormals) != 0)
            c.Raise(FpFlags.InputDenormal);
        return 0;
    }
}
