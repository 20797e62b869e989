using Emulation.SoftFloat.Algorithms;
using Core = Emulation.SoftFloat.Algorithms.Ieee<Emulation.SoftFloat.Algorithms.Binary64, ulong>;

namespace Emulation.SoftFloat;

/// <summary>
/// IEEE 754 binary64 arithmetic on raw encodings. Rounding, NaN results and flags go by the <see cref="FpContext"/>;
/// nothing throws or allocates.
/// </summary>
public static class F64
{
    /// <inheritdoc cref="F32.Add"/>
    public static ulong Add(ulong a, ulong b, ref FpContext context) => Core.Add(a, b, ref context);

    /// <inheritdoc cref="F32.Sub"/>
    public static ulong Sub(ulong a, ulong b, ref FpContext context) => Core.Subtract(a, b, ref context);

    /// <inheritdoc cref="F32.Mul"/>
    public static ulong Mul(ulong a, ulong b, ref FpContext context) => Core.Multiply(a, b, ref context);

    /// <inheritdoc cref="F32.Div"/>
    public static ulong Div(ulong a, ulong b, ref FpContext context) => Core.Divide(a, b, ref context);

    /// <inheritdoc cref="F32.Sqrt"/>
    public static ulong Sqrt(ulong a, ref FpContext context) => Core.SquareRoot(a, ref context);

    /// <inheritdoc cref="F32.MulAdd(uint, uint, uint, ref FpContext)"/>
    public static ulong MulAdd(ulong a, ulong b, ulong c, ref FpContext context)
        => MulAdd(a, b, c, negateProduct: false, negateAddend: false, ref context);

    /// <inheritdoc cref="F32.MulAdd(uint, uint, uint, bool, bool, ref FpContext)"/>
    public static ulong MulAdd(ulong a, ulong b, ulong c, bool negateProduct, bool negateAddend, ref FpContext context)
        => Core.MulAdd(a, b, c, negateProduct, negateAddend, ref context);

    /// <inheritdoc cref="F32.Rem"/>
    public static ulong Rem(ulong a, ulong b, ref FpContext context) => Core.Remainder(a, b, ref context);

    /// <inheritdoc cref="F32.RoundToInt"/>
    public static ulong RoundToInt(ulong a, FpRounding rounding, bool raiseInexact, ref FpContext context)
        => Core.RoundToIntegral(a, rounding, raiseInexact, ref context);

    /// <inheritdoc cref="F32.EqQuiet"/>
    public static bool EqQuiet(ulong a, ulong b, ref FpContext context) => Core.Equal(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.EqSignaling"/>
    public static bool EqSignaling(ulong a, ulong b, ref FpContext context) => Core.Equal(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.LtQuiet"/>
    public static bool LtQuiet(ulong a, ulong b, ref FpContext context) => Core.Less(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.LtSignaling"/>
    public static bool LtSignaling(ulong a, ulong b, ref FpContext context) => Core.Less(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.LeQuiet"/>
    public static bool LeQuiet(ulong a, ulong b, ref FpContext context) => Core.LessOrEqual(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.LeSignaling"/>
    public static bool LeSignaling(ulong a, ulong b, ref FpContext context) => Core.LessOrEqual(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.MinimumNumber"/>
    public static ulong MinimumNumber(ulong a, ulong b, ref FpContext context)
        => Core.ExtremumNumber(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.MaximumNumber"/>
    public static ulong MaximumNumber(ulong a, ulong b, ref FpContext context)
        => Core.ExtremumNumber(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.Minimum"/>
    public static ulong Minimum(ulong a, ulong b, ref FpContext context) => Core.ExtremumOrNaN(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.Maximum"/>
    public static ulong Maximum(ulong a, ulong b, ref FpContext context) => Core.ExtremumOrNaN(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.MinNum"/>
    public static ulong MinNum(ulong a, ulong b, ref FpContext context) => Core.ExtremumNum2008(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.MaxNum"/>
    public static ulong MaxNum(ulong a, ulong b, ref FpContext context) => Core.ExtremumNum2008(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.Classify"/>
    public static FpClass Classify(ulong a) => Core.Classify(a);

    /// <inheritdoc cref="F32.IsNaN"/>
    public static bool IsNaN(ulong a) => Core.IsNaN(a);

    /// <inheritdoc cref="F32.IsSignalingNaN"/>
    public static bool IsSignalingNaN(ulong a) => Core.IsSignaling(a);

    /// <summary>To binary16, rounded.</summary>
    public static ushort ToF16(ulong a, ref FpContext context)
        => (ushort)FormatConversion<Binary64, ulong, Binary16, ulong>.Convert(a, ref context);

    /// <summary>To binary32, rounded.</summary>
    public static uint ToF32(ulong a, ref FpContext context)
        => (uint)FormatConversion<Binary64, ulong, Binary32, ulong>.Convert(a, ref context);

    /// <summary>To binary128, exactly.</summary>
    public static UInt128 ToF128(ulong a, ref FpContext context)
        => FormatConversion<Binary64, ulong, Binary128, UInt128>.Convert(a, ref context);

    /// <inheritdoc cref="F32.ToInt32"/>
    public static int ToInt32(ulong a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (int)Core.ToInteger(a, 32, signed: true, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToUInt32"/>
    public static uint ToUInt32(ulong a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (uint)Core.ToInteger(a, 32, signed: false, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToInt64"/>
    public static long ToInt64(ulong a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (long)Core.ToInteger(a, 64, signed: true, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToUInt64"/>
    public static ulong ToUInt64(ulong a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => Core.ToInteger(a, 64, signed: false, rounding, rule, ref context);

    /// <summary>
    /// Toward zero, modulo 2^32 (RISC-V <c>fcvtmod.w.d</c>, Arm <c>FJCVTZS</c>). Flags as for a conversion to a signed 32-bit
    /// integer: out of range raises invalid alone. Infinities and NaNs give zero.
    /// </summary>
    public static int ToInt32Modular(ulong a, ref FpContext context) => Core.ToInt32Modular(a, ref context);

    /// <inheritdoc cref="F32.FromInt32"/>
    public static ulong FromInt32(int value, ref FpContext context) => Core.FromInt64(value, ref context);

    /// <inheritdoc cref="F32.FromUInt32"/>
    public static ulong FromUInt32(uint value, ref FpContext context) => Core.FromInteger(negative: false, value, ref context);

    /// <inheritdoc cref="F32.FromInt64"/>
    public static ulong FromInt64(long value, ref FpContext context) => Core.FromInt64(value, ref context);

    /// <inheritdoc cref="F32.FromUInt64"/>
    public static ulong FromUInt64(ulong value, ref FpContext context) => Core.FromInteger(negative: false, value, ref context);
}
