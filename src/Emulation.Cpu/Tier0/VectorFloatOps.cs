using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Cpu;

/// <summary>IEEE vector operations of the IR on the CPU's floating-point environment, as <see cref="FloatOps"/> for numbers.</summary>
/// <remarks>The type argument is <see cref="float"/> or <see cref="double"/>.</remarks>
internal static unsafe class VectorFloatOps
{
    public static Vector128<byte> Add<T>(byte* state, Vector128<byte> a, Vector128<byte> b, int rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rounding == (int)IrRounding.Dynamic)
            return HostFpVector.Add(a.As<byte, T>(), b.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();
        FpContext context = Begin(state, rounding);
        Vector128<T> result = HostFpVector.Add(a.As<byte, T>(), b.As<byte, T>(), ref context);
        return End(state, result, context);
    }

    public static Vector128<byte> Sub<T>(byte* state, Vector128<byte> a, Vector128<byte> b, int rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rounding == (int)IrRounding.Dynamic)
            return HostFpVector.Sub(a.As<byte, T>(), b.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();
        FpContext context = Begin(state, rounding);
        Vector128<T> result = HostFpVector.Sub(a.As<byte, T>(), b.As<byte, T>(), ref context);
        return End(state, result, context);
    }

    public static Vector128<byte> Mul<T>(byte* state, Vector128<byte> a, Vector128<byte> b, int rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rounding == (int)IrRounding.Dynamic)
            return HostFpVector.Mul(a.As<byte, T>(), b.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();
        FpContext context = Begin(state, rounding);
        Vector128<T> result = HostFpVector.Mul(a.As<byte, T>(), b.As<byte, T>(), ref context);
        return End(state, result, context);
    }

    public static Vector128<byte> Div<T>(byte* state, Vector128<byte> a, Vector128<byte> b, int rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rounding == (int)IrRounding.Dynamic)
            return HostFpVector.Div(a.As<byte, T>(), b.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();
        FpContext context = Begin(state, rounding);
        Vector128<T> result = HostFpVector.Div(a.As<byte, T>(), b.As<byte, T>(), ref context);
        return End(state, result, context);
    }

    public static Vector128<byte> Sqrt<T>(byte* state, Vector128<byte> a, int rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rounding == (int)IrRounding.Dynamic)
            return HostFpVector.Sqrt(a.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();
        FpContext context = Begin(state, rounding);
        Vector128<T> result = HostFpVector.Sqrt(a.As<byte, T>(), ref context);
        return End(state, result, context);
    }

    /// <summary>Rounding mode in bits 0-2, negated products in bit 4, negated addends in bit 5.</summary>
    public static Vector128<byte> MulAdd<T>(byte* state, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, int mode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if ((mode & 7) == (int)IrRounding.Dynamic)
            return HostFpVector.MulAdd(a.As<byte, T>(), b.As<byte, T>(), c.As<byte, T>(), (mode & 16) != 0, (mode & 32) != 0, ref ((CpuHeader*)state)->Fp).AsByte();
        FpContext context = Begin(state, mode & 7);
        Vector128<T> result = HostFpVector.MulAdd(a.As<byte, T>(), b.As<byte, T>(), c.As<byte, T>(), (mode & 16) != 0, (mode & 32) != 0, ref context);
        return End(state, result, context);
    }

    public static Vector128<byte> Equal<T>(byte* state, Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.Equal(a.As<byte, T>(), b.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();

    public static Vector128<byte> Less<T>(byte* state, Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.Less(a.As<byte, T>(), b.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();

    public static Vector128<byte> NotGreater<T>(byte* state, Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => HostFpVector.NotGreater(a.As<byte, T>(), b.As<byte, T>(), ref ((CpuHeader*)state)->Fp).AsByte();

    // A static rounding mode replaces the environment's in a copy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FpContext Begin(byte* state, int rounding)
    {
        FpContext context = ((CpuHeader*)state)->Fp;
        context.Rounding = (FpRounding)rounding;
        return context;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> End<T>(byte* state, Vector128<T> result, FpContext context)
    {
        ((CpuHeader*)state)->Fp.Flags |= context.Flags;
        return result.AsByte();
    }
}
