using System.Runtime.CompilerServices;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>Comparisons that compiled code inlines: only NaNs can raise a flag, and the host orders everything else as IEEE does.</summary>
internal static unsafe class RegionFloat
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Equal(double a, double b) => Bit(a == b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Less(double a, double b) => Bit(a < b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NotGreater(double a, double b) => Bit(a <= b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Equal(float a, float b) => Bit(a == b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Less(float a, float b) => Bit(a < b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NotGreater(float a, float b) => Bit(a <= b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FEq64(double a, double b, byte* state) => IsOrdered(a, b) ? Bit(a == b) : Slow(IrOp.FEq, a, b, state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FLt64(double a, double b, byte* state) => IsOrdered(a, b) ? Bit(a < b) : Slow(IrOp.FLt, a, b, state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FLe64(double a, double b, byte* state) => IsOrdered(a, b) ? Bit(a <= b) : Slow(IrOp.FLe, a, b, state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FEq32(float a, float b, byte* state) => IsOrdered(a, b) ? Bit(a == b) : Slow(IrOp.FEq, a, b, state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FLt32(float a, float b, byte* state) => IsOrdered(a, b) ? Bit(a < b) : Slow(IrOp.FLt, a, b, state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FLe32(float a, float b, byte* state) => IsOrdered(a, b) ? Bit(a <= b) : Slow(IrOp.FLe, a, b, state);

    // Subnormals must not be ordered here when the environment reads them as zero or reports them.
    private static bool IsOrdered(double a, double b) => Math.Abs(a) >= 2.2250738585072014e-308 && Math.Abs(b) >= 2.2250738585072014e-308;

    private static bool IsOrdered(float a, float b) => MathF.Abs(a) >= 1.17549435e-38f && MathF.Abs(b) >= 1.17549435e-38f;

    private static int Bit(bool value) => value ? 1 : 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Slow(IrOp op, double a, double b, byte* state)
        => (int)FloatOps.Compare64(state, op, BitConverter.DoubleToUInt64Bits(a), BitConverter.DoubleToUInt64Bits(b));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Slow(IrOp op, float a, float b, byte* state)
        => (int)FloatOps.Compare32(state, op, BitConverter.SingleToUInt32Bits(a), BitConverter.SingleToUInt32Bits(b));
}
