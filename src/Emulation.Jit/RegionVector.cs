using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Emulation.SoftFloat;

namespace Emulation.Jit;

/// <summary>IEEE arithmetic of vectors that compiled code inlines: the host's operations, and what settles their results.</summary>
/// <remarks>The type argument is <see cref="float"/> or <see cref="double"/>; for each operation X there is a SettleX.</remarks>
internal static class RegionVector
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Negate<T>(Vector128<byte> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (-a.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (a.As<byte, T>() + b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleAdd<T>(Vector128<byte> a, Vector128<byte> b, Vector128<byte> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.SettleAdd(a.As<byte, T>(), b.As<byte, T>(), result.As<byte, T>(), ref context);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (a.As<byte, T>() - b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleSub<T>(Vector128<byte> a, Vector128<byte> b, Vector128<byte> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.SettleAdd(a.As<byte, T>(), -b.As<byte, T>(), result.As<byte, T>(), ref context);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (a.As<byte, T>() * b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMul<T>(Vector128<byte> a, Vector128<byte> b, Vector128<byte> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.SettleMul(a.As<byte, T>(), b.As<byte, T>(), result.As<byte, T>(), ref context);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Div<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (a.As<byte, T>() / b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleDiv<T>(Vector128<byte> a, Vector128<byte> b, Vector128<byte> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.SettleDiv(a.As<byte, T>(), b.As<byte, T>(), result.As<byte, T>(), ref context);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sqrt<T>(Vector128<byte> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector128.Sqrt(a.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleSqrt<T>(Vector128<byte> a, Vector128<byte> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.SettleSqrt(a.As<byte, T>(), result.As<byte, T>(), ref context);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulAdd<T>(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HostFpVector.Fused(a.As<byte, T>(), b.As<byte, T>(), c.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SettleMulAdd<T>(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> result, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.SettleMulAdd(a.As<byte, T>(), b.As<byte, T>(), c.As<byte, T>(), result.As<byte, T>(), ref context);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Equal<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector128.Equals(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Less<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector128.LessThan(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NotGreater<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector128.LessThanOrEqual(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllFinite<T>(Vector128<byte> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HostFpVector.AllFinite(a.As<byte, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllPlain<T>(Vector128<byte> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HostFpVector.AllPlain(a.As<byte, T>());

    /// <summary>1 when every lane of a product, quotient or root is right where the host decides: plain, or zero because an operand is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllPlainOrZero<T>(Vector128<byte> a, Vector128<byte> b, Vector128<byte> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.AllPlainOrZero(a.As<byte, T>(), b.As<byte, T>(), result.As<byte, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllOrdered<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HostFpVector.AllOrdered(a.As<byte, T>(), b.As<byte, T>());
}
