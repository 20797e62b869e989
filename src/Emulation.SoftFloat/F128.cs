using Emulation.SoftFloat.Algorithms;
using Core = Emulation.SoftFloat.Algorithms.Ieee<Emulation.SoftFloat.Algorithms.Binary128, System.UInt128>;

namespace Emulation.SoftFloat;

/// <summary>
/// IEEE 754 binary128 arithmetic on raw encodings. Rounding, NaN results and flags go by the <see cref="FpContext"/>;
/// nothing throws or allocates.
/// </summary>
public static class F128
{
    /// <inheritdoc cref="F32.Add"/>
    public static UInt128 Add(UInt128 a, UInt128 b, ref FpContext context) => Core.Add(a, b, ref context);

    /// <inheritdoc cref="F32.Sub"/>
    public static UInt128 Sub(UInt128 a, UInt128 b, ref FpContext context) => Core.Subtract(a, b, ref context);

    /// <inheritdoc cref="F32.Mul"/>
    public static UInt128 Mul(UInt128 a, UInt128 b, ref FpContext context) => Core.Multiply(a, b, ref context);

    /// <inheritdoc cref="F32.Div"/>
    public static UInt128 Div(UInt128 a, UInt128 b, ref FpContext context) => Core.Divide(a, b, ref context);

    /// <inheritdoc cref="F32.Sqrt"/>
    public static UInt128 Sqrt(UInt128 a, ref FpContext context) => Core.SquareRoot(a, ref context);

    /// <inheritdoc cref="F32.MulAdd(uint, uint, uint, ref FpContext)"/>
    public static UInt128 MulAdd(UInt128 a, UInt128 b, UInt128 c, ref FpContext context)
        => MulAdd(a, b, c, negateProduct: false, negateAddend: false, ref context);

    /// <inheritdoc cref="F32.MulAdd(uint, uint, uint, bool, bool, ref FpContext)"/>
    public static UInt128 MulAdd(UInt128 a, UInt128 b, UInt128 c, bool negateProduct, bool negateAddend, ref FpContext context)
        => Core.MulAdd(a, b, c, negateProduct, negateAddend, ref context);

    /// <inheritdoc cref="F32.Rem"/>
    public static UInt128 Rem(UInt128 a, UInt128 b, ref FpContext context) => Core.Remainder(a, b, ref context);

    /// <inheritdoc cref="F32.RoundToInt"/>
    public static UInt128 RoundToInt(UInt128 a, FpRounding rounding, bool raiseInexact, ref FpContext context)
        => Core.RoundToIntegral(a, rounding, raiseInexact, ref context);

    /// <inheritdoc cref="F32.EqQuiet"/>
    public static bool EqQuiet(UInt128 a, UInt128 b, ref FpContext context) => Core.Equal(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.EqSignaling"/>
    public static bool EqSignaling(UInt128 a, UInt128 b, ref FpContext context) => Core.Equal(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.LtQuiet"/>
    public static bool LtQuiet(UInt128 a, UInt128 b, ref FpContext context) => Core.Less(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.LtSignaling"/>
    public static bool LtSignaling(UInt128 a, UInt128 b, ref FpContext context) => Core.Less(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.LeQuiet"/>
    public static bool LeQuiet(UInt128 a, UInt128 b, ref FpContext context)
        => Core.LessOrEqual(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.LeSignaling"/>
    public static bool LeSignaling(UInt128 a, UInt128 b, ref FpContext context)
        => Core.LessOrEqual(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.MinimumNumber"/>
    public static UInt128 MinimumNumber(UInt128 a, UInt128 b, ref FpContext context)
        => Core.ExtremumNumber(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.MaximumNumber"/>
    public static UInt128 MaximumNumber(UInt128 a, UInt128 b, ref FpContext context)
        => Core.ExtremumNumber(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.Minimum"/>
    public static UInt128 Minimum(UInt128 a, UInt128 b, ref FpContext context)
        => Core.ExtremumOrNaN(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.Maximum"/>
    public static UInt128 Maximum(UInt128 a, UInt128 b, ref FpContext context)
        => Core.ExtremumOrNaN(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.MinNum"/>
    public static UInt128 MinNum(UInt128 a, UInt128 b, ref FpContext context)
        => Core.ExtremumNum2008(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.MaxNum"/>
    public static UInt128 MaxNum(UInt128 a, UInt128 b, ref FpContext context)
        => Core.ExtremumNum2008(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.Classify"/>
    public static FpClass Classify(UInt128 a) => Core.Classify(a);

    /// <inheritdoc cref="F32.IsNaN"/>
    public static bool IsNaN(UInt128 a) => Core.IsNaN(a);

    /// <inheritdoc cref="F32.IsSignalingNaN"/>
    public static bool IsSignalingNaN(UInt128 a) => Core.IsSignaling(a);

    /// <summary>To binary16, rounded.</summary>
    public static ushort ToF16(UInt128 a, ref FpContext context)
        => (ushort)FormatConversion<Binary128, UInt128, Binary16, ulong>.Convert(a, ref context);

    /// <summary>To binary32, rounded.</summary>
    public static uint ToF32(UInt128 a, ref FpContext context)
        => (uint)FormatConversion<Binary128, UInt128, Binary32, ulong>.Convert(a, ref context);

    /// <summary>To binary64, rounded.</summary>
    public static ulong ToF64(UInt128 a, ref FpContext context)
        => FormatConversion<Binary128, UInt128, Binary64, ulong>.Convert(a, ref context);

    /// <inheritdoc cref="F32.ToInt32"/>
    public static int ToInt32(UInt128 a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (int)Core.ToInteger(a, 32, signed: true, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToUInt32"/>
    public static uint ToUInt32(UInt128 a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (uint)Core.ToInteger(a, 32, signed: false, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToInt64"/>
    public static long ToInt64(UInt128 a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (long)Core.ToInteger(a, 64, signed: true, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToUInt64"/>
    public static ulong ToUInt64(UInt128 a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => Core.ToInteger(a, 64, signed: false, rounding, rule, ref context);

    /// <inheritdoc cref="F32.FromInt32"/>
    public static UInt128 FromInt32(int value, ref FpContext context) => Core.FromInt64(value, ref context);

    /// <inheritdoc cref="F32.FromUInt32"/>
    public static UInt128 FromUInt32(uint value, ref FpContext context) => Core.FromInteger(negative: false, value, ref context);

    /// <inheritdoc cref="F32.FromInt64"/>
    public static UInt128 FromInt64(long value, ref FpContext context) => Core.FromInt64(value, ref context);

    /// <inheritdoc cref="F32.FromUInt64"/>
    public static UInt128 FromUInt64(ulong value, ref FpContext context) => Core.FromInteger(negative: false, value, ref context);
}
