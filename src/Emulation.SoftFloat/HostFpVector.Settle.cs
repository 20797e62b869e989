using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Emulation.SoftFloat;

/// <content>
/// The same decisions for code that does the arithmetic itself and cannot afford calls; see <see cref="HostFp"/>. They are made for
/// all lanes together: one lane that only SoftFloat can compute sends all of them there.
/// </content>
public static partial class HostFpVector
{
    /// <summary>1 when every lane is a number; else 0.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllFinite<T>(Vector128<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Vector128.LessThanAll(Vector128.Abs(value), Vector128.Create(T.PositiveInfinity)) ? 1 : 0;

    /// <summary>1 when no lane can have overflowed or underflowed, or is zero; else 0.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllPlain<T>(Vector128<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Vector128.EqualsAll(Plain(value).AsUInt64(), Vector128<ulong>.AllBitsSet) ? 1 : 0;

    /// <summary>1 when every lane of a product, quotient or root of these operands is plain, or zero because an operand is; else 0.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllPlainOrZero<T>(Vector128<T> a, Vector128<T> b, Vector128<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> zero = Vector128<T>.Zero;
        Vector128<T> right = (Vector128.Equals(result, zero) & (Vector128.Equals(a, zero) | Vector128.Equals(b, zero))) | Plain(result);
        return Vector128.EqualsAll(right.AsUInt64(), Vector128<ulong>.AllBitsSet) ? 1 : 0;
    }

    /// <summary>1 when no lane of either vector is a NaN; else 0.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllOrdered<T>(Vector128<T> a, Vector128<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => All(Vector128.Equals(a, a) & Vector128.Equals(b, b));

    /// <summary>a + b = result, or not. A difference has b negated.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleAdd<T>(Vector128<T> a, Vector128<T> b, Vector128<T> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (AllFinite(result) == 0)
            return 0;
        if (context.HostDecides)
            return 1;
        Vector128<T> part = result - a;
        Vector128<T> error = a - (result - part) + (b - part);
        return SettleInexact(AllFinite(error), error, ref context);
    }

    /// <summary>a * b = result, or not.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMul<T>(Vector128<T> a, Vector128<T> b, Vector128<T> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> zero = Zero(result) & (Zero(a) | Zero(b));
        if (All(zero | Plain(result)) == 0)
            return 0;
        if (context.HostDecides)
            return 1;
        return HostFp.HasFused ? SettleInexact(All(zero | HasRoomBelow(result)), Fused(a, b, -result), ref context) : 0;
    }

    /// <summary>a / b = result, or not.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleDiv<T>(Vector128<T> a, Vector128<T> b, Vector128<T> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> zero = Zero(result) & Zero(a);
        if (All(zero | Plain(result)) == 0)
            return 0;
        if (context.HostDecides)
            return 1;

        // zero through infinity has no rest that could be computed
        return HostFp.HasFused ? SettleInexact(All(zero | HasRoomBelow(a)), Vector128.AndNot(Fused(-result, b, a), zero), ref context) : 0;
    }

    /// <summary>The root of a = result, or not.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleSqrt<T>(Vector128<T> a, Vector128<T> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> zero = Zero(a);
        if (All(zero | Plain(result)) == 0)
            return 0;
        if (context.HostDecides)
            return 1;
        return HostFp.HasFused ? SettleInexact(All(zero | HasRoomBelow(a)), Fused(-result, result, a), ref context) : 0;
    }

    /// <summary>a * b + c = result, rounded once, or not. Negations are already in the operands.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    /// <remarks>As <see cref="HostFp.SettleMulAdd(double, double, double, double, ref FpContext)"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMulAdd<T>(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (AllPlain(result) == 0)
            return 0;
        if (context.HostDecides)
            return 1;
        if (!HostFp.HasFused)
            return 0;
        Vector128<T> product = a * b;
        Vector128<T> rest = Fused(a, b, -product);
        Vector128<T> sum = c + rest;
        Vector128<T> part = sum - c;
        Vector128<T> sumError = c - (sum - part) + (rest - part);
        Vector128<T> total = product + sum;
        part = total - product;
        Vector128<T> totalError = product - (total - part) + (sum - part);
        Vector128<T> error = total - result + totalError + sumError;
        Vector128<T> exact = (Zero(product) & (Zero(a) | Zero(b))) | (Plain(product) & HasRoomBelow(product));
        return SettleInexact(All(exact) & AllFinite(error), error, ref context);
    }

    // Inexact is still clear here, or the host does not decide at all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SettleInexact<T>(int known, Vector128<T> error, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (known == 0 || !context.HostDecidesIfExact)
            return 0;
        if (!Vector128.EqualsAll(error, Vector128<T>.Zero))
            context.Raise(FpFlags.Inexact);
        return 1;
    }

    // Masks of lanes, for numbers as HostFp.IsOrdinary and HostFp.HasRoomBelow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Plain<T>(Vector128<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> size = Vector128.Abs(value);
        Vector128<T> least = typeof(T) == typeof(double) ? Vector128.Create(2L << 52).As<long, T>() : Vector128.Create(2 << 23).As<int, T>();
        return Vector128.GreaterThanOrEqual(size, least) & Vector128.LessThan(size, Vector128.Create(T.PositiveInfinity));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> HasRoomBelow<T>(Vector128<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> least = typeof(T) == typeof(double) ? Vector128.Create(64L << 52).As<long, T>() : Vector128.Create(32 << 23).As<int, T>();
        return Vector128.GreaterThanOrEqual(Vector128.Abs(value), least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Zero<T>(Vector128<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Vector128.Equals(value, Vector128<T>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int All<T>(Vector128<T> mask)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Vector128.EqualsAll(mask.AsUInt64(), Vector128<ulong>.AllBitsSet) ? 1 : 0;
}
