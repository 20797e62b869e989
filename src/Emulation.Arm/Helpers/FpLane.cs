using Emulation.SoftFloat;

namespace Emulation.Arm;

/// <summary>One operation on numbers of one format. Arm DDI 0487, J1.3 "shared/functions/float".</summary>
internal static class FpLane
{
    public static ulong Binary(FpOp op, int format, ulong a, ulong b, ref FpContext c) => op switch
    {
        FpOp.Add => FpFormat.Add(format, a, b, ref c),
        FpOp.Sub => FpFormat.Sub(format, a, b, ref c),
        FpOp.Mul => FpFormat.Mul(format, a, b, ref c),
        FpOp.Div => FpFormat.Div(format, a, b, ref c),
        FpOp.NegatedMul => FpFormat.Mul(format, a, b, ref c) ^ FpFormat.SignBit(format),
        FpOp.Max => FpFormat.Max(format, a, b, ref c),
        FpOp.Min => FpFormat.Min(format, a, b, ref c),
        FpOp.MaxNumber => FpFormat.MaxNumber(format, a, b, ref c),
        FpOp.MinNumber => FpFormat.MinNumber(format, a, b, ref c),
        FpOp.AbsoluteDifference => FpFormat.Sub(format, a, b, ref c) & (FpFormat.SignBit(format) - 1),
        FpOp.MulExtended => MulExtended(format, a, b, ref c),
        FpOp.ReciprocalStep => Step(format, a, b, FpFormat.Two(format), halves: false, ref c),
        FpOp.ReciprocalSqrtStep => Step(format, a, b, FpFormat.Three(format), halves: true, ref c),
        FpOp.ReciprocalStepSeparate => SeparateStep(format, a, b, FpFormat.Two(format), false, ref c),
        FpOp.ReciprocalSqrtStepSeparate => SeparateStep(format, a, b, FpFormat.Three(format), true, ref c),
        FpOp.Equal => Mask(format, FpFormat.Equal(format, a, b, false, ref c)),
        FpOp.GreaterEqual => Mask(format, FpFormat.LessOrEqual(format, b, a, ref c)),
        FpOp.Greater => Mask(format, FpFormat.Less(format, b, a, ref c)),
        FpOp.AbsoluteGreaterEqual => Mask(format, FpFormat.LessOrEqual(format, Abs(format, b), Abs(format, a), ref c)),
        FpOp.AbsoluteGreater => Mask(format, FpFormat.Less(format, Abs(format, b), Abs(format, a), ref c)),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not an operation of two numbers"),
    };

    public static ulong Unary(FpOp op, int format, ulong a, FpRounding rounding, ref FpContext c) => op switch
    {
        FpOp.Sqrt => FpFormat.Sqrt(format, a, ref c),
        FpOp.Abs => Abs(format, a),
        FpOp.Neg => a ^ FpFormat.SignBit(format),
        FpOp.Round => FpFormat.Round(format, a, rounding, false, ref c),
        FpOp.RoundExact => FpFormat.Round(format, a, rounding, true, ref c),
        FpOp.RoundCurrent => FpFormat.Round(format, a, c.Rounding, false, ref c),
        FpOp.RoundCurrentExact => FpFormat.Round(format, a, c.Rounding, true, ref c),
        FpOp.Round32 => RoundLimited(format, a, 32, FpRounding.TowardZero, ref c),
        FpOp.Round32Current => RoundLimited(format, a, 32, c.Rounding, ref c),
        FpOp.Round64 => RoundLimited(format, a, 64, FpRounding.TowardZero, ref c),
        FpOp.Round64Current => RoundLimited(format, a, 64, c.Rounding, ref c),
        FpOp.ToSigned => FpFormat.ToInteger(format, a, FpFormat.Bits(format), true, 0, rounding, ref c),
        FpOp.ToUnsigned => FpFormat.ToInteger(format, a, FpFormat.Bits(format), false, 0, rounding, ref c),
        FpOp.ReciprocalEstimate => FpEstimate.Reciprocal(format, a, ref c),
        FpOp.ReciprocalSqrtEstimate => FpEstimate.ReciprocalSqrt(format, a, ref c),
        FpOp.ReciprocalExponent => FpEstimate.ReciprocalExponent(format, a, ref c),
        FpOp.EqualZero => Mask(format, FpFormat.Equal(format, a, 0, false, ref c)),
        FpOp.GreaterEqualZero => Mask(format, FpFormat.LessOrEqual(format, 0, a, ref c)),
        FpOp.GreaterZero => Mask(format, FpFormat.Less(format, 0, a, ref c)),
        FpOp.LessEqualZero => Mask(format, FpFormat.LessOrEqual(format, a, 0, ref c)),
        FpOp.LessZero => Mask(format, FpFormat.Less(format, a, 0, ref c)),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not an operation of one number"),
    };

    /// <summary>FPConvert. FZ16 has no say; halves flush neither way.</summary>
    public static ulong Convert(int from, int to, ulong a, bool alternative, ref FpContext context)
    {
        FpContext c = context;
        if (from == FpFormat.Half)
            c.Options &= ~(FpOptions.FlushInputs | FpOptions.ReportInputDenormals);
        if (to == FpFormat.Half)
            c.Options &= ~FpOptions.FlushOutputs;
        ulong result;
        if (alternative && from == FpFormat.Half)
            result = FromAlternative(to, a, ref c);
        else if (alternative && to == FpFormat.Half)
            result = ToAlternative(from, a, ref c);
        else
            result = (from, to) switch
            {
                (FpFormat.Single, FpFormat.Double) => F32.ToF64((uint)a, ref c),
                (FpFormat.Single, _) => F32.ToF16((uint)a, ref c),
                (FpFormat.Double, FpFormat.Single) => F64.ToF32(a, ref c),
                (FpFormat.Double, _) => F64.ToF16(a, ref c),
                (_, FpFormat.Single) => F16.ToF32((ushort)a, ref c),
                _ => F16.ToF64((ushort)a, ref c),
            };
        context.Flags |= c.Flags;
        return result;
    }

    // the alternative format has numbers where IEEE has infinities and NaNs
    private static ulong FromAlternative(int to, ulong a, ref FpContext c)
    {
        if ((a & 0x7c00) != 0x7c00)
            return to == FpFormat.Single ? F16.ToF32((ushort)a, ref c) : F16.ToF64((ushort)a, ref c);
        const int TopExponent = 16;
        ulong sign = (a >> 15) & 1, fraction = a & 0x3ff;
        return to == FpFormat.Single
            ? (sign << 31) | ((127UL + TopExponent) << 23) | (fraction << 13)
            : (sign << 63) | ((1023UL + TopExponent) << 52) | (fraction << 42);
    }

    private static ulong ToAlternative(int from, ulong a, ref FpContext c)
    {
        ulong sign = (a >> (FpFormat.Bits(from) - 1)) << 15;
        if (FpFormat.IsNan(from, a))
        {
            c.Raise(FpFlags.Invalid);
            return sign;
        }

        const ulong Largest = 0x7fff;
        if (Abs(from, a) == FpFormat.Infinity(from))
        {
            c.Raise(FpFlags.Invalid);
            return sign | Largest;
        }

        // half the value fits where the value itself may not; small ones must keep their own rounding
        ulong limit = from == FpFormat.Single ? 0x4680_0000UL : 0x40d0_0000_0000_0000UL;
        ulong unit = 1UL << FpFormat.FractionBits(from);
        if (Abs(from, a) < limit)
            return from == FpFormat.Single ? F32.ToF16((uint)a, ref c) : F64.ToF16(a, ref c);
        FpContext local = c;
        local.Flags = FpFlags.None;
        ulong halved = from == FpFormat.Single ? F32.ToF16((uint)(a - unit), ref local) : F64.ToF16(a - unit, ref local);
        if ((local.Flags & FpFlags.Overflow) != 0)       // whatever the rounding made of it
        {
            c.Raise(FpFlags.Invalid);
            return sign | Largest;
        }

        c.Raise(local.Flags);
        return halved + 0x400;
    }

    // FPRoundIntN: to an integral value that an integer of so many bits holds, else the most negative one
    private static ulong RoundLimited(int format, ulong a, int bits, FpRounding rounding, ref FpContext c)
    {
        FpContext local = c;
        ulong result = FpFormat.Round(format, a, rounding, true, ref local);
        FpContext quiet = local;
        quiet.Flags = FpFlags.None;
        FpFormat.ToInteger(format, result, bits, true, 0, FpRounding.TowardZero, ref quiet);
        if (!FpFormat.IsNan(format, a) && (quiet.Flags & FpFlags.Invalid) == 0)
        {
            c.Flags = local.Flags;
            return result;
        }

        c.Flags |= (local.Flags & FpFlags.InputDenormal) | FpFlags.Invalid;
        return FpFormat.FromInteger(format, unchecked((ulong)(long.MinValue >> (64 - bits))), true, 0, ref quiet);
    }

    private static ulong MulExtended(int format, ulong a, ulong b, ref FpContext c)
    {
        ulong magnitudeA = Input(format, Abs(format, a), ref c), magnitudeB = Input(format, Abs(format, b), ref c), infinity = FpFormat.Infinity(format);
        if ((magnitudeA == infinity && magnitudeB == 0) || (magnitudeA == 0 && magnitudeB == infinity))
            return ((a ^ b) & FpFormat.SignBit(format)) | FpFormat.Two(format);
        return FpFormat.Mul(format, a, b, ref c);
    }

    // constant - a * b, or half of that, with one rounding
    private static ulong Step(int format, ulong a, ulong b, ulong constant, bool halves, ref FpContext c)
    {
        a ^= FpFormat.SignBit(format);
        bool nan = FpFormat.IsNan(format, a) || FpFormat.IsNan(format, b);
        ulong magnitudeA = Input(format, Abs(format, a), ref c), magnitudeB = Input(format, Abs(format, b), ref c), infinity = FpFormat.Infinity(format);
        if (!nan && ((magnitudeA == infinity && magnitudeB == 0) || (magnitudeA == 0 && magnitudeB == infinity)))
            return halves ? FpFormat.OneAndHalf(format) : FpFormat.Two(format);
        if (nan)
            return FpFormat.Add(format, a, b, ref c);    // for what it does with NaNs
        if (!halves)
            return FpFormat.MulAdd(format, a, b, constant, ref c);

        // in a wider format the product and the sum are exact or sticky, and halving is exact
        UInt128 quadA = FpFormat.ToQuad(format, a, ref c), quadB = FpFormat.ToQuad(format, b, ref c);
        FpContext wide = c;
        (wide.Rounding, wide.Options) = (FpRounding.ToOdd, FpOptions.TininessBeforeRounding);
        FpFlags flags = wide.Flags;
        UInt128 three = FpFormat.ToQuad(format, constant, ref wide);
        UInt128 sum = F128.MulAdd(quadA, quadB, three, ref wide);
        wide.Flags = flags;
        UInt128 magnitude = sum << 1 >> 1, unit = (UInt128)1 << 112, wideInfinity = (UInt128)0x7fff << 112;
        if (magnitude == 0)
            sum = c.Rounding == FpRounding.Down ? (UInt128)1 << 127 : 0;
        else if (magnitude != wideInfinity)
            sum -= unit;
        return FpFormat.FromQuad(format, sum, ref c);
    }

    // AArch32's steps: product, difference and half are rounded each
    private static ulong SeparateStep(int format, ulong a, ulong b, ulong constant, bool halves, ref FpContext c)
    {
        ulong magnitudeA = Input(format, Abs(format, a), ref c), magnitudeB = Input(format, Abs(format, b), ref c);
        if ((magnitudeA == 0 && magnitudeB == FpFormat.Infinity(format)) || (magnitudeB == 0 && magnitudeA == FpFormat.Infinity(format)))
            return halves ? FpFormat.OneAndHalf(format) : FpFormat.Two(format);
        ulong difference = FpFormat.Sub(format, constant, FpFormat.Mul(format, a, b, ref c), ref c);
        return halves ? FpFormat.Div(format, difference, FpFormat.Two(format), ref c) : difference;
    }

    private static ulong Input(int format, ulong magnitude, ref FpContext c)
    {
        if ((c.Options & FpOptions.FlushInputs) == 0 || magnitude == 0 || magnitude >> FpFormat.FractionBits(format) != 0)
            return magnitude;
        if ((c.Options & FpOptions.ReportInputDenormals) != 0)
            c.Raise(FpFlags.InputDenormal);
        return 0;
    }

    private static ulong Abs(int format, ulong a) => a & (FpFormat.SignBit(format) - 1);

    private static ulong Mask(int format, bool condition) => condition ? ulong.MaxValue >> (64 - FpFormat.Bits(format)) : 0;
}
