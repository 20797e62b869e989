using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat;

public static partial class HostFp
{
    /// <summary>a + b; see <see cref="F64.Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double a, double b, ref FpContext context)
    {
        double result = a + b;
        return context.HostDecides && double.IsFinite(result) ? result : AddSlow(a, b, ref context);
    }

    /// <summary>a + b on encodings; see <see cref="F64.Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AddF64(ulong a, ulong b, ref FpContext context)
        => Bits(Add(Value(a), Value(b), ref context));

    /// <summary>a - b; see <see cref="F64.Sub"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sub(double a, double b, ref FpContext context)
    {
        double result = a - b;
        return context.HostDecides && double.IsFinite(result) ? result : SubSlow(a, b, ref context);
    }

    /// <summary>a - b on encodings; see <see cref="F64.Sub"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SubF64(ulong a, ulong b, ref FpContext context)
        => Bits(Sub(Value(a), Value(b), ref context));

    /// <summary>a * b; see <see cref="F64.Mul"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Mul(double a, double b, ref FpContext context)
    {
        double result = a * b;
        return context.HostDecides && IsOrdinary(result) ? result : MulSlow(a, b, ref context);
    }

    /// <summary>a * b on encodings; see <see cref="F64.Mul"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulF64(ulong a, ulong b, ref FpContext context)
        => Bits(Mul(Value(a), Value(b), ref context));

    /// <summary>a / b; see <see cref="F64.Div"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Div(double a, double b, ref FpContext context)
    {
        double result = a / b;
        return context.HostDecides && IsOrdinary(result) ? result : DivSlow(a, b, ref context);
    }

    /// <summary>a / b on encodings; see <see cref="F64.Div"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DivF64(ulong a, ulong b, ref FpContext context)
        => Bits(Div(Value(a), Value(b), ref context));

    /// <summary>The square root; see <see cref="F64.Sqrt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sqrt(double a, ref FpContext context)
    {
        double result = Math.Sqrt(a);
        return context.HostDecides && IsOrdinary(result) ? result : SqrtSlow(a, ref context);
    }

    /// <summary>The square root on encodings; see <see cref="F64.Sqrt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SqrtF64(ulong a, ref FpContext context) => Bits(Sqrt(Value(a), ref context));

    /// <summary>a * b + c, rounded once; see <see cref="F64.MulAdd(ulong, ulong, ulong, ref FpContext)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MulAdd(double a, double b, double c, ref FpContext context)
        => MulAdd(a, b, c, negateProduct: false, negateAddend: false, ref context);

    /// <summary>
    /// a * b + c with the product, the addend or both negated, rounded once;
    /// see <see cref="F64.MulAdd(ulong, ulong, ulong, bool, bool, ref FpContext)"/>. Fastest with constant signs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MulAdd(double a, double b, double c, bool negateProduct, bool negateAddend, ref FpContext context)
    {
        if (HasFusedMultiplyAdd && context.HostDecides)
        {
            double result = Math.FusedMultiplyAdd(negateProduct ? -a : a, b, negateAddend ? -c : c);
            if (IsOrdinary(result))
            {
                return result;
            }
        }

        return MulAddSlow(a, b, c, negateProduct, negateAddend, ref context);
    }

    /// <summary>a * b + c on encodings; see <see cref="F64.MulAdd(ulong, ulong, ulong, ref FpContext)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulAddF64(ulong a, ulong b, ulong c, ref FpContext context)
        => Bits(MulAdd(Value(a), Value(b), Value(c), ref context));

    /// <summary>
    /// a * b + c with the product, the addend or both negated, on encodings;
    /// see <see cref="F64.MulAdd(ulong, ulong, ulong, bool, bool, ref FpContext)"/>. Fastest with constant signs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulAddF64(ulong a, ulong b, ulong c, bool negateProduct, bool negateAddend, ref FpContext context)
        => Bits(MulAdd(Value(a), Value(b), Value(c), negateProduct, negateAddend, ref context));

    /// <summary>Exponent field neither 0, 1 nor all ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOrdinary(double value) => ((uint)(BitConverter.DoubleToUInt64Bits(value) >> 52) & 0x7ff) - 2 < 0x7fd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Value(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    /// <summary>Far enough from the subnormal range that error terms of products with this magnitude do not underflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasRoomBelow(double value) => ((uint)(Bits(value) >> 52) & 0x7ff) >= 64;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double AddSlow(double a, double b, ref FpContext context)
        => SumByHost(a, b, ref context, out double sum) ? sum : Value(F64.Add(Bits(a), Bits(b), ref context));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double SubSlow(double a, double b, ref FpContext context)
        => SumByHost(a, -b, ref context, out double sum) ? sum : Value(F64.Sub(Bits(a), Bits(b), ref context));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double MulSlow(double a, double b, ref FpContext context)
    {
        if (HasFusedMultiplyAdd && context.HostDecidesIfExact)
        {
            double result = a * b;
            if (IsOrdinary(result) && HasRoomBelow(result))
            {
                return RaiseIfNotZero(Math.FusedMultiplyAdd(a, b, -result), result, ref context);
            }
        }

        return Value(F64.Mul(Bits(a), Bits(b), ref context));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double DivSlow(double a, double b, ref FpContext context)
    {
        if (HasFusedMultiplyAdd && context.HostDecidesIfExact)
        {
            double result = a / b;
            if (IsOrdinary(result) && HasRoomBelow(a))
            {
                return RaiseIfNotZero(Math.FusedMultiplyAdd(-result, b, a), result, ref context);
            }
        }

        return Value(F64.Div(Bits(a), Bits(b), ref context));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double SqrtSlow(double a, ref FpContext context)
    {
        if (HasFusedMultiplyAdd && context.HostDecidesIfExact)
        {
            double result = Math.Sqrt(a);
            if (IsOrdinary(result) && HasRoomBelow(a))
            {
                return RaiseIfNotZero(Math.FusedMultiplyAdd(-result, result, a), result, ref context);
            }
        }

        return Value(F64.Sqrt(Bits(a), ref context));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double MulAddSlow(
        double a, double b, double c, bool negateProduct, bool negateAddend, ref FpContext context)
        => Value(F64.MulAdd(Bits(a), Bits(b), Bits(c), negateProduct, negateAddend, ref context));

    /// <summary>Knuth's TwoSum: the rounding error of a sum is itself a double, unless a step overflows.</summary>
    private static bool SumByHost(double a, double b, ref FpContext context, out double sum)
    {
        sum = a + b;
        if (!context.HostDecidesIfExact || !double.IsFinite(sum))
        {
            return false;
        }

        double part = sum - a;
        double error = a - (sum - part) + (b - part);
        if (!double.IsFinite(error))
        {
            return false;
        }

        RaiseIfNotZero(error, sum, ref context);
        return true;
    }

    private static double RaiseIfNotZero(double error, double result, ref FpContext context)
    {
        if (error != 0)
        {
            context.Raise(FpFlags.Inexact);
        }

        return result;
    }
}
