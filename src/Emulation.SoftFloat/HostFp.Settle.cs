using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat;

/// <summary>
/// The same decisions for code that does the arithmetic itself and cannot afford calls: under <see cref="Decides"/> a result that
/// <see cref="IsFinite(double)"/> (sums) or <see cref="IsPlain(double)"/> (all else) is right; for others a <c>Settle</c> method
/// says whether the host's result stands, and raises inexact where that is the only effect. Where it does not, SoftFloat must be asked.
/// </summary>
public static partial class HostFp
{
    /// <summary>Whether a fused multiply-add is one instruction here.</summary>
    public static bool HasFused => HasFusedMultiplyAdd;

    /// <summary>1 when rounding is to nearest even, nothing is flushed or reported, and inexact is already set; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Decides(ref FpContext context) => context.HostDecides ? 1 : 0;

    /// <summary>1 when subnormal operands are compared like any other; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compares(ref FpContext context) => context.HostCompares ? 1 : 0;

    /// <summary>1 for a number; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IsFinite(double value) => double.IsFinite(value) ? 1 : 0;

    /// <summary>1 for a number; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IsFinite(float value) => float.IsFinite(value) ? 1 : 0;

    /// <summary>1 for a result that can neither have overflowed nor underflowed, and is not zero; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IsPlain(double value) => IsOrdinary(value) ? 1 : 0;

    /// <summary>1 for a result that can neither have overflowed nor underflowed, and is not zero; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IsPlain(float value) => IsOrdinary(value) ? 1 : 0;

    /// <summary>a + b = result, or not. A difference has b negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleAdd(double a, double b, double result, ref FpContext context)
    {
        if (!double.IsFinite(result))
            return 0;
        if (context.HostDecides)
            return 1;
        double part = result - a;
        double error = a - (result - part) + (b - part);
        return SettleInexact(double.IsFinite(error), error != 0, ref context);
    }

    /// <summary>a + b = result, or not. A difference has b negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleAdd(float a, float b, float result, ref FpContext context)
    {
        if (!float.IsFinite(result))
            return 0;
        if (context.HostDecides)
            return 1;
        float part = result - a;
        float error = a - (result - part) + (b - part);
        return SettleInexact(float.IsFinite(error), error != 0, ref context);
    }

    /// <summary>a * b = result, or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMul(double a, double b, double result, ref FpContext context)
    {
        if (result == 0 && (a == 0 || b == 0))
            return context.HostOrders ? 1 : 0;                // zero times a number: exact
        if (!IsOrdinary(result))
            return 0;
        return context.HostDecides
            ? 1
            : SettleInexact(HasFusedMultiplyAdd && HasRoomBelow(result), HasFusedMultiplyAdd && Math.FusedMultiplyAdd(a, b, -result) != 0, ref context);
    }

    /// <summary>a * b = result, or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMul(float a, float b, float result, ref FpContext context)
    {
        if (result == 0 && (a == 0 || b == 0))
            return context.HostOrders ? 1 : 0;
        if (!IsOrdinary(result))
            return 0;
        return context.HostDecides ? 1 : SettleInexact(true, (double)a * b != result, ref context);
    }

    /// <summary>a / b = result, or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleDiv(double a, double b, double result, ref FpContext context)
    {
        if (result == 0 && a == 0)
            return context.HostOrders ? 1 : 0;                // zero through a number
        if (!IsOrdinary(result))
            return 0;
        return context.HostDecides
            ? 1
            : SettleInexact(HasFusedMultiplyAdd && HasRoomBelow(a), HasFusedMultiplyAdd && Math.FusedMultiplyAdd(-result, b, a) != 0, ref context);
    }

    /// <summary>a / b = result, or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleDiv(float a, float b, float result, ref FpContext context)
    {
        if (result == 0 && a == 0)
            return context.HostOrders ? 1 : 0;
        if (!IsOrdinary(result))
            return 0;
        return context.HostDecides ? 1 : SettleInexact(true, (double)result * b != a, ref context);
    }

    /// <summary>The root of a = result, or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleSqrt(double a, double result, ref FpContext context)
    {
        if (a == 0)
            return context.HostOrders ? 1 : 0;
        if (!IsOrdinary(result))
            return 0;
        return context.HostDecides
            ? 1
            : SettleInexact(HasFusedMultiplyAdd && HasRoomBelow(a), HasFusedMultiplyAdd && Math.FusedMultiplyAdd(-result, result, a) != 0, ref context);
    }

    /// <summary>The root of a = result, or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleSqrt(float a, float result, ref FpContext context)
    {
        if (a == 0)
            return context.HostOrders ? 1 : 0;
        if (!IsOrdinary(result))
            return 0;
        return context.HostDecides ? 1 : SettleInexact(true, (double)result * result != a, ref context);
    }

    /// <summary>a * b + c = result, rounded once, or not. Negations are already in the operands.</summary>
    /// <remarks>The error of a fused operation in two parts: Boldo and Muller, "Exact and Approximated Error of the FMA".</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMulAdd(double a, double b, double c, double result, ref FpContext context)
    {
        if (!IsOrdinary(result))
            return 0;
        if (context.HostDecides)
            return 1;
        if (!HasFusedMultiplyAdd)
            return 0;
        double product = a * b;
        double rest = Math.FusedMultiplyAdd(a, b, -product);
        double sum = c + rest;
        double part = sum - c;
        double sumError = c - (sum - part) + (rest - part);
        double total = product + sum;
        part = total - product;
        double totalError = product - (total - part) + (sum - part);
        double error = total - result + totalError + sumError;
        bool exactParts = product == 0 ? a == 0 || b == 0 : IsOrdinary(product) && HasRoomBelow(product);
        return SettleInexact(exactParts && double.IsFinite(error), error != 0, ref context);
    }

    /// <summary>a * b + c = result, rounded once, or not. Negations are already in the operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMulAdd(float a, float b, float c, float result, ref FpContext context)
    {
        if (!IsOrdinary(result))
            return 0;
        if (context.HostDecides)
            return 1;
        double product = (double)a * b;
        double sum = product + c;
        double part = sum - product;
        double error = product - (sum - part) + (c - part);
        return SettleInexact(true, error != 0 || sum != result, ref context);
    }

    // Inexact is still clear here, or the host does not decide at all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SettleInexact(bool known, bool inexact, ref FpContext context)
    {
        if (!known || !context.HostDecidesIfExact)
            return 0;
        if (inexact)
            context.Raise(FpFlags.Inexact);
        return 1;
    }
}
