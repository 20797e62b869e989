using Emulation.SoftFloat.Algorithms;
using Core = Emulation.SoftFloat.Algorithms.Ieee<Emulation.SoftFloat.Algorithms.Binary16, ulong>;

namespace Emulation.SoftFloat;

/// <summary>
/// IEEE 754 binary16 arithmetic on raw encodings. Rounding, NaN results and flags go by the <see cref="FpContext"/>;
/// nothing throws or allocates.
/// </summary>
public static class F16
{
    /// <inheritdoc cref="F32.Add"/>
    public static ushort Add(ushort a, ushort b, ref FpContext context) => (ushort)Core.Add(a, b, ref context);

    /// <inheritdoc cref="F32.Sub"/>
    public static ushort Sub(ushort a, ushort b, ref FpContext context) => (ushort)Core.Subtract(a, b, ref context);

    /// <inheritdoc cref="F32.Mul"/>
    public static ushort Mul(ushort a, ushort b, ref FpContext context) => (ushort)Core.Multiply(a, b, ref context);

    /// <inheritdoc cref="F32.Div"/>
    public static ushort Div(ushort a, ushort b, ref FpContext context) => (ushort)Core.Divide(a, b, ref context);

    /// <inheritdoc cref="F32.Sqrt"/>
    public static ushort Sqrt(ushort a, ref FpContext context) => (ushort)Core.SquareRoot(a, ref context);

    /// <inheritdoc cref="F32.MulAdd(uint, uint, uint, ref FpContext)"/>
    public static ushort MulAdd(ushort a, ushort b, ushort c, ref FpContext context)
        => MulAdd(a, b, c, negateProduct: false, negateAddend: false, ref context);

    /// <inheritdoc cref="F32.MulAdd(uint, uint, uint, bool, bool, ref FpContext)"/>
    public static ushort MulAdd(ushort a, ushort b, ushort c, bool negateProduct, bool negateAddend, ref FpContext context)
        => (ushort)Core.MulAdd(a, b, c, negateProduct, negateAddend, ref context);

    /// <inheritdoc cref="F32.Rem"/>
    public static ushort Rem(ushort a, ushort b, ref FpContext context) => (ushort)Core.Remainder(a, b, ref context);

    /// <inheritdoc cref="F32.RoundToInt"/>
    public static ushort RoundToInt(ushort a, FpRounding rounding, bool raiseInexact, ref FpContext context)
        => (ushort)Core.RoundToIntegral(a, rounding, raiseInexact, ref context);

    /// <inheritdoc cref="F32.EqQuiet"/>
    public static bool EqQuiet(ushort a, ushort b, ref FpContext context) => Core.Equal(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.EqSignaling"/>
    public static bool EqSignaling(ushort a, ushort b, ref FpContext context) => Core.Equal(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.LtQuiet"/>
    public static bool LtQuiet(ushort a, ushort b, ref FpContext context) => Core.Less(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.LtSignaling"/>
    public static bool LtSignaling(ushort a, ushort b, ref FpContext context) => Core.Less(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.LeQuiet"/>
    public static bool LeQuiet(ushort a, ushort b, ref FpContext context) => Core.LessOrEqual(a, b, signaling: false, ref context);

    /// <inheritdoc cref="F32.LeSignaling"/>
    public static bool LeSignaling(ushort a, ushort b, ref FpContext context)
        => Core.LessOrEqual(a, b, signaling: true, ref context);

    /// <inheritdoc cref="F32.MinimumNumber"/>
    public static ushort MinimumNumber(ushort a, ushort b, ref FpContext context)
        => (ushort)Core.ExtremumNumber(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.MaximumNumber"/>
    public static ushort MaximumNumber(ushort a, ushort b, ref FpContext context)
        => (ushort)Core.ExtremumNumber(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.Minimum"/>
    public static ushort Minimum(ushort a, ushort b, ref FpContext context)
        => (ushort)Core.ExtremumOrNaN(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.Maximum"/>
    public static ushort Maximum(ushort a, ushort b, ref FpContext context)
        => (ushort)Core.ExtremumOrNaN(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.MinNum"/>
    public static ushort MinNum(ushort a, ushort b, ref FpContext context)
        => (ushort)Core.ExtremumNum2008(a, b, maximum: false, ref context);

    /// <inheritdoc cref="F32.MaxNum"/>
    public static ushort MaxNum(ushort a, ushort b, ref FpContext context)
        => (ushort)Core.ExtremumNum2008(a, b, maximum: true, ref context);

    /// <inheritdoc cref="F32.Classify"/>
    public static FpClass Classify(ushort a) => Core.Classify(a);

    /// <inheritdoc cref="F32.IsNaN"/>
    public static bool IsNaN(ushort a) => Core.IsNaN(a);

    /// <inheritdoc cref="F32.IsSignalingNaN"/>
    public static bool IsSignalingNaN(ushort a) => Core.IsSignaling(a);

    /// <summary>To binary32, exactly.</summary>
    public static uint ToF32(ushort a, ref FpContext context)
        => (uint)FormatConversion<Binary16, ulong, Binary32, ulong>.Convert(a, ref context);

    /// <summary>To binary64, exactly.</summary>
    public static ulong ToF64(ushort a, ref FpContext context)
        => FormatConversion<Binary16, ulong, Binary64, ulong>.Convert(a, ref context);

    /// <summary>To binary128, exactly.</summary>
    public static UInt128 ToF128(ushort a, ref FpContext context)
        => FormatConversion<Binary16, ulong, Binary128, UInt128>.Convert(a, ref context);

    /// <inheritdoc cref="F32.ToInt32"/>
    public static int ToInt32(ushort a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (int)Core.ToInteger(a, 32, signed: true, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToUInt32"/>
    public static uint ToUInt32(ushort a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (uint)Core.ToInteger(a, 32, signed: false, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToInt64"/>
    public static long ToInt64(ushort a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (long)Core.ToInteger(a, 64, signed: true, rounding, rule, ref context);

    /// <inheritdoc cref="F32.ToUInt64"/>
    public static ulong ToUInt64(ushort a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => Core.ToInteger(a, 64, signed: false, rounding, rule, ref context);

    /// <inheritdoc cref="F32.FromInt32"/>
    public static ushort FromInt32(int value, ref FpContext context) => (ushort)Core.FromInt64(value, ref context);

    /// <inheritdoc cref="F32.FromUInt32"/>
    public static ushort FromUInt32(uint value, ref FpContext context)
        => (ushort)Core.FromInteger(negative: false, value, ref context);

    /// <inheritdoc cref="F32.FromInt64"/>
    public static ushort FromInt64(long value, ref FpContext context) => (ushort)Core.FromInt64(value, ref context);

    /// <inheritdoc cref="F32.FromUInt64"/>
    public static ushort FromUInt64(ulong value, ref FpContext context)
        => (ushort)Core.FromInteger(negative: false, value, ref context);
}
