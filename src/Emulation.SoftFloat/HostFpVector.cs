using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Emulation.SoftFloat;

/// <summary>
/// Vectors of binary32 or binary64 by the host's arithmetic, as <see cref="HostFp"/> does for one number: where the host is proven
/// right for all lanes it decides for all, else every lane is computed on its own. Any context may be given; flags of all lanes join.
/// </summary>
/// <remarks>The type argument is <see cref="float"/> or <see cref="double"/>.</remarks>
public static partial class HostFpVector
{
    /// <summary>a + b; see <see cref="F64.Add"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a + b;
        return context.HostDecides && AllFinite(result) != 0 ? result : AddSlow(a, b, ref context);
    }

    /// <summary>a - b; see <see cref="F64.Sub"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Sub<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a - b;
        return context.HostDecides && AllFinite(result) != 0 ? result : SubSlow(a, b, ref context);
    }

    /// <summary>a * b; see <see cref="F64.Mul"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Mul<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a * b;
        return context.HostDecides && AllPlain(result) != 0 ? result : MulSlow(a, b, ref context);
    }

    /// <summary>a / b; see <see cref="F64.Div"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Div<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a / b;
        return context.HostDecides && AllPlain(result) != 0 ? result : DivSlow(a, b, ref context);
    }

    /// <summary>Square roots; see <see cref="F64.Sqrt"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Sqrt<T>(Vector128<T> a, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = Vector128.Sqrt(a);
        return context.HostDecides && AllPlain(result) != 0 ? result : SqrtSlow(a, ref context);
    }

    /// <summary>
    /// a * b + c with the products, the addends or both negated, rounded once;
    /// see <see cref="F64.MulAdd(ulong, ulong, ulong, bool, bool, ref FpContext)"/>.
    /// </summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MulAdd<T>(Vector128<T> a, Vector128<T> b, Vector128<T> c, bool negateProduct, bool negateAddend, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (HostFp.HasFused && context.HostDecides)
        {
            Vector128<T> result = Fused(negateProduct ? -a : a, b, negateAddend ? -c : c);
            if (AllPlain(result) != 0)
            {
                return result;
            }
        }

        return MulAddSlow(a, b, c, negateProduct, negateAddend, ref context);
    }

    /// <summary>Lanes of ones where a = b; see <see cref="F64.EqQuiet"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Equal<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => context.HostCompares && AllOrdered(a, b) != 0 ? Vector128.Equals(a, b) : Lanes<T, EqualLane>(a, b, default, 0, ref context);

    /// <summary>Lanes of ones where a &lt; b; see <see cref="F64.LtSignaling"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Less<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => context.HostCompares && AllOrdered(a, b) != 0 ? Vector128.LessThan(a, b) : Lanes<T, LessLane>(a, b, default, 0, ref context);

    /// <summary>Lanes of ones where a ≤ b; see <see cref="F64.LeSignaling"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> NotGreater<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => context.HostCompares && AllOrdered(a, b) != 0 ? Vector128.LessThanOrEqual(a, b) : Lanes<T, NotGreaterLane>(a, b, default, 0, ref context);

    /// <summary>a * b + c by the host's instruction; only where <see cref="HostFp.HasFused"/>.</summary>
    /// <typeparam name="T">The lanes' type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Fused<T>(Vector128<T> a, Vector128<T> b, Vector128<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(double)
            ? Vector128.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
            : Vector128.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> AddSlow<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a + b;
        return SettleAdd(a, b, result, ref context) != 0 ? result : Lanes<T, AddLane>(a, b, default, 0, ref context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> SubSlow<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a - b;
        return SettleAdd(a, -b, result, ref context) != 0 ? result : Lanes<T, SubLane>(a, b, default, 0, ref context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> MulSlow<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a * b;
        return SettleMul(a, b, result, ref context) != 0 ? result : Lanes<T, MulLane>(a, b, default, 0, ref context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> DivSlow<T>(Vector128<T> a, Vector128<T> b, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = a / b;
        return SettleDiv(a, b, result, ref context) != 0 ? result : Lanes<T, DivLane>(a, b, default, 0, ref context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> SqrtSlow<T>(Vector128<T> a, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> result = Vector128.Sqrt(a);
        return SettleSqrt(a, result, ref context) != 0 ? result : Lanes<T, SqrtLane>(a, default, default, 0, ref context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> MulAddSlow<T>(Vector128<T> a, Vector128<T> b, Vector128<T> c, bool negateProduct, bool negateAddend, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (HostFp.HasFused && context.HostOrders)
        {
            Vector128<T> product = negateProduct ? -a : a, addend = negateAddend ? -c : c, result = Fused(product, b, addend);
            if (SettleMulAdd(product, b, addend, result, ref context) != 0)
            {
                return result;
            }
        }

        return Lanes<T, MulAddLane>(a, b, c, (negateProduct ? 1 : 0) | (negateAddend ? 2 : 0), ref context);
    }
}
