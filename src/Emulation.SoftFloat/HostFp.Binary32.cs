using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat;

public static partial class HostFp
{
    /// <summary>a + b; see <see cref="F32.Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b, ref FpContext context)
    {
        float result = a + b;
        return context.HostDecides && float.IsFinite(result) ? result : AddSlow(a, b, ref context);
    }

    /// <summary>a + b on encodings; see <see cref="F32.Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddF32(uint a, uint b, ref FpContext context)
        => Bits(Add(Value(a), Value(b), ref context));

    /// <summary>a - b; see <see cref="F32.Sub"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sub(float a, float b, ref FpContext context)
    {
        float result = a - b;
        return context.HostDecides && float.IsFinite(result) ? result : SubSlow(a, b, ref context);
    }

    /// <summary>a - b on encodings; see <see cref="F32.Sub"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SubF32(uint a, uint b, ref FpContext context)
        => Bits(Sub(Value(a), Value(b), ref context));

    /// <summary>a * b; see <see cref="F32.Mul"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Mul(float a, float b, ref FpContext context)
    {
        float result = a * b;
        return context.HostDecides && IsOrdinary(result) ? result : MulSlow(a, b, ref context);
    }

    /// <summary>a * b on encodings; see <see cref="F32.Mul"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MulF32(uint a, uint b, ref FpContext context)
        => Bits(Mul(Value(a), Value(b), ref context));

    /// <summary>a / b; see <see cref="F32.Div"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Div(float a, float b, ref FpContext context)
    {
        float result = a / b;
        return context.HostDecides && IsOrdinary(result) ? result : DivSlow(a, b, ref context);
    }

    /// <summary>a / b on encodings; see <see cref="F32.Div"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint DivF32(uint a, uint b, ref FpContext context)
        => Bits(Div(Value(a), Value(b), ref context));

    /// <summary>The square root; see <see cref="F32.Sqrt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float a, ref FpContext context)
    {
        float result = MathF.Sqrt(a);
        return context.HostDecides && IsOrdinary(result) ? result : SqrtSlow(a, ref context);
    }

    /// <summary>The square root on encodings; see <see cref="F32.Sqrt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SqrtF32(uint a, ref FpContext context) => Bits(Sqrt(Value(a), ref context));

    /// <summary>a * b + c, rounded once; see <see cref="F32.MulAdd(uint, uint, uint, ref FpContext)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MulAdd(float a, float b, float c, ref FpContext context)
        => MulAdd(a, b, c, negateProduct: false, negateAddend: false, ref context);

    /// <summary>
    /// a * b + c with the product, the addend or both negated, rounded once;
    /// see <see cref="F32.MulAdd(uint, uint, uint, bool, bool, ref FpContext)"/>. Fastest with constant signs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MulAdd(float a, float b, float c, bool negateProduct, bool negateAddend, ref FpContext context)
    {
        if (HasFusedMultiplyAdd && context.HostDecides)
        {
            float result = MathF.FusedMultiplyAdd(negateProduct ? -a : a, b, negateAddend ? -c : c);
            if (IsOrdinary(result))
            {
                return result;
            }
        }

        return MulAddSlow(a, b, c, negateProduct, negateAddend, ref context);
    }

    /// <summary>a * b + c on encodings; see <see cref="F32.MulAdd(uint, uint, uint, ref FpContext)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MulAddF32(uint a, uint b, uint c, ref FpContext context)
        => Bits(MulAdd(Value(a), Value(b), Value(c), ref context));

    /// <summary>
    /// a * b + c with the product, the addend or both negated, on encodings;
    /// see <see cref="F32.MulAdd(uint, uint, uint, bool, bool, ref FpContext)"/>. Fastest with constant signs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MulAddF32(uint a, uint b, uint c, bool negateProduct, bool negateAddend, ref FpContext context)
        => Bits(MulAdd(Value(a), Value(b), Value(c), negateProduct, negateAddend, ref context));

    /// <summary>Exponent field neither 0, 1 nor all ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOrdinary(float value) => ((BitConverter.SingleToUInt32Bits(value) >> 23) & 0xff) - 2 < 0xfd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Value(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float AddSlow(float a, float b, ref FpContext context)
        => SumByHost(a, b, ref context, out float sum) ? sum : Value(F32.Add(Bits(a), Bits(b), ref context));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SubSlow(float a, float b, ref FpContext context)
        => SumByHost(a, -b, ref context, out float sum) ? sum : Value(F32.Sub(Bits(a), Bits(b), ref context));

    // Products of two floats are exact as doubles, which makes the exactness tests below comparisons.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float MulSlow(float a, float b, ref FpContext context)
    {
        if (context.HostDecidesIfExact)
        {
            float result = a * b;
            if (IsOrdinary(result))
            {
                return RaiseUnless((double)a * b == result, result, ref context);
            }
        }

        return Value(F32.Mul(Bits(a), Bits(b), ref context));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float DivSlow(float a, float b, ref FpContext context)
    {
        if (context.HostDecidesIfExact)
        {
            float result = a / b;
            if (IsOrdinary(result))
            {
                return RaiseUnless((double)result * b == a, result, ref context);
            }
        }

        return Value(F32.Div(Bits(a), Bits(b), ref context));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SqrtSlow(float a, ref FpContext context)
    {
        if (context.HostDecidesIfExact)
        {
            float result = MathF.Sqrt(a);
            if (IsOrdinary(result))
            {
                return RaiseUnless((double)result * result == a, result, ref context);
            }
        }

        return Value(F32.Sqrt(Bits(a), ref context));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float MulAddSlow(
        float a, float b, float c, bool negateProduct, bool negateAddend, ref FpContext context)
    {
        if (HasFusedMultiplyAdd && context.HostDecidesIfExact)
        {
            float signedA = negateProduct ? -a : a;
            float signedC = negateAddend ? -c : c;
            float result = MathF.FusedMultiplyAdd(signedA, b, signedC);
            if (IsOrdinary(result))
            {
                // exact if the double sum is exact (TwoSum, no overflow at this size) and is the float result
                double product = (double)signedA * b;
                double sum = product + signedC;
                double part = sum - product;
                double error = product - (sum - part) + (signedC - part);
                return RaiseUnless(error == 0 && sum == result, result, ref context);
            }
        }

        return Value(F32.MulAdd(Bits(a), Bits(b), Bits(c), negateProduct, negateAddend, ref context));
    }

    /// <summary>Knuth's TwoSum: the rounding error of a sum is itself a float, unless a step overflows.</summary>
    private static bool SumByHost(float a, float b, ref FpContext context, out float sum)
    {
        sum = a + b;
        if (!context.HostDecidesIfExact || !float.IsFinite(sum))
        {
            return false;
        }

        float part = sum - a;
        float error = a - (sum - part) + (b - part);
        if (!float.IsFinite(error))
        {
            return false;
        }

        RaiseUnless(error == 0, sum, ref context);
        return true;
    }

    private static float RaiseUnless(bool exact, float result, ref FpContext context)
    {
        if (!exact)
        {
            context.Raise(FpFlags.Inexact);
        }

        return result;
    }
}
