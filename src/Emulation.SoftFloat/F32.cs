using Emulation.SoftFloat.Algorithms;
using Core = Emulation.SoftFloat.Algorithms.Ieee<Emulation.SoftFloat.Algorithms.Binary32, ulong>;

namespace Emulation.SoftFloat;

/// <summary>
/// IEEE 754 binary32 arithmetic on raw encodings. Rounding, NaN results and flags go by the <see cref="FpContext"/>;
/// nothing throws or allocates.
/// </summary>
public static class F32
{
    /// <summary>a + b.</summary>
    public static uint Add(uint a, uint b, ref FpContext context) => (uint)Core.Add(a, b, ref context);

    /// <summary>a - b. The sign of a NaN operand is not changed.</summary>
    public static uint Sub(uint a, uint b, ref FpContext context) => (uint)Core.Subtract(a, b, ref context);

    /// <summary>a * b.</summary>
    public static uint Mul(uint a, uint b, ref FpContext context) => (uint)Core.Multiply(a, b, ref context);

    /// <summary>a / b.</summary>
    public static uint Div(uint a, uint b, ref FpContext context) => (uint)Core.Divide(a, b, ref context);

    /// <summary>The square root.</summary>
    public static uint Sqrt(uint a, ref FpContext context) => (uint)Core.SquareRoot(a, ref context);

    /// <summary>a * b + c, rounded once.</summary>
    public static uint MulAdd(uint a, uint b, uint c, ref FpContext context)
        => MulAdd(a, b, c, negateProduct: false, negateAddend: false, ref context);

    /// <summary>
    /// a * b + c with the product, the addend or both negated, rounded once. The sign of a NaN operand is not changed.
    /// Infinity * 0 raises invalid even if c is a quiet NaN, except with <see cref="FpNanRule.FirstOperand"/>.
    /// </summary>
    public static uint MulAdd(uint a, uint b, uint c, bool negateProduct, bool negateAddend, ref FpContext context)
        => (uint)Core.MulAdd(a, b, c, negateProduct, negateAddend, ref context);

    /// <summary>The IEEE remainder a - b * n, n the integer nearest to a / b (ties to even). Exact.</summary>
    public static uint Rem(uint a, uint b, ref FpContext context) => (uint)Core.Remainder(a, b, ref context);

    /// <summary>
    /// Rounds to an integral value in the same format. Raises inexact only if <paramref name="raiseInexact"/> is set.
    /// The context's own rounding is not used.
    /// </summary>
    public static uint RoundToInt(uint a, FpRounding rounding, bool raiseInexact, ref FpContext context)
        => (uint)Core.RoundToIntegral(a, rounding, raiseInexact, ref context);

    /// <summary>a == b; only a signalling NaN raises invalid.</summary>
    public static bool EqQuiet(uint a, uint b, ref FpContext context) => Core.Equal(a, b, signaling: false, ref context);

    /// <summary>a == b; any NaN raises invalid.</summary>
    public static bool EqSignaling(uint a, uint b, ref FpContext context) => Core.Equal(a, b, signaling: true, ref context);

    /// <summary>a &lt; b; only a signalling NaN raises invalid.</summary>
    public static bool LtQuiet(uint a, uint b, ref FpContext context) => Core.Less(a, b, signaling: false, ref context);

    /// <summary>a &lt; b; any NaN raises invalid.</summary>
    public static bool LtSignaling(uint a, uint b, ref FpContext context) => Core.Less(a, b, signaling: true, ref context);

    /// <summary>a &lt;= b; only a signalling NaN raises invalid.</summary>
    public static bool LeQuiet(uint a, uint b, ref FpContext context) => Core.LessOrEqual(a, b, signaling: false, ref context);

    /// <summary>a &lt;= b; any NaN raises invalid.</summary>
    public static bool LeSignaling(uint a, uint b, ref FpContext context) => Core.LessOrEqual(a, b, signaling: true, ref context);

    /// <summary>
    /// IEEE 754-2019 minimumNumber: the number if one operand is a NaN (signalling ones raise invalid); -0 is less than +0.
    /// </summary>
    public static uint MinimumNumber(uint a, uint b, ref FpContext context)
        => (uint)Core.ExtremumNumber(a, b, maximum: false, ref context);

    /// <summary>
    /// IEEE 754-2019 maximumNumber: the number if one operand is a NaN (signalling ones raise invalid); -0 is less than +0.
    /// </summary>
    public static uint MaximumNumber(uint a, uint b, ref FpContext context)
        => (uint)Core.ExtremumNumber(a, b, maximum: true, ref context);

    /// <summary>IEEE 754-2019 minimum: a NaN if one operand is; -0 is less than +0.</summary>
    public static uint Minimum(uint a, uint b, ref FpContext context)
        => (uint)Core.ExtremumOrNaN(a, b, maximum: false, ref context);

    /// <summary>IEEE 754-2019 maximum: a NaN if one operand is; -0 is less than +0.</summary>
    public static uint Maximum(uint a, uint b, ref FpContext context) => (uint)Core.ExtremumOrNaN(a, b, maximum: true, ref context);

    /// <summary>
    /// IEEE 754-2008 minNum: the number if the other operand is a quiet NaN, a NaN if one is signalling; -0 is less than +0.
    /// </summary>
    public static uint MinNum(uint a, uint b, ref FpContext context)
        => (uint)Core.ExtremumNum2008(a, b, maximum: false, ref context);

    /// <summary>
    /// IEEE 754-2008 maxNum: the number if the other operand is a quiet NaN, a NaN if one is signalling; -0 is less than +0.
    /// </summary>
    public static uint MaxNum(uint a, uint b, ref FpContext context)
        => (uint)Core.ExtremumNum2008(a, b, maximum: true, ref context);

    /// <summary>The class of an encoding.</summary>
    public static FpClass Classify(uint a) => Core.Classify(a);

    /// <summary>Any NaN.</summary>
    public static bool IsNaN(uint a) => Core.IsNaN(a);

    /// <summary>A NaN whose quiet bit (the leading fraction bit) is clear.</summary>
    public static bool IsSignalingNaN(uint a) => Core.IsSignaling(a);

    /// <summary>To binary16, rounded.</summary>
    public static ushort ToF16(uint a, ref FpContext context)
        => (ushort)FormatConversion<Binary32, ulong, Binary16, ulong>.Convert(a, ref context);

    /// <summary>To binary64, exactly.</summary>
    public static ulong ToF64(uint a, ref FpContext context)
        => FormatConversion<Binary32, ulong, Binary64, ulong>.Convert(a, ref context);

    /// <summary>To binary128, exactly.</summary>
    public static UInt128 ToF128(uint a, ref FpContext context)
        => FormatConversion<Binary32, ulong, Binary128, UInt128>.Convert(a, ref context);

    /// <summary>
    /// To an integer of 32 bits. The context's own rounding is not used. Out of range and NaN: by <paramref name="rule"/>, with
    /// invalid alone.
    /// </summary>
    public static int ToInt32(uint a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (int)Core.ToInteger(a, 32, signed: true, rounding, rule, ref context);

    /// <summary>
    /// To an unsigned integer of 32 bits. The context's own rounding is not used. Out of range and NaN: by
    /// <paramref name="rule"/>, with invalid alone.
    /// </summary>
    public static uint ToUInt32(uint a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (uint)Core.ToInteger(a, 32, signed: false, rounding, rule, ref context);

    /// <summary>
    /// To an integer of 64 bits. The context's own rounding is not used. Out of range and NaN: by <paramref name="rule"/>, with
    /// invalid alone.
    /// </summary>
    public static long ToInt64(uint a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => (long)Core.ToInteger(a, 64, signed: true, rounding, rule, ref context);

    /// <summary>
    /// To an unsigned integer of 64 bits. The context's own rounding is not used. Out of range and NaN: by
    /// <paramref name="rule"/>, with invalid alone.
    /// </summary>
    public static ulong ToUInt64(uint a, FpRounding rounding, FpIntegerRule rule, ref FpContext context)
        => Core.ToInteger(a, 64, signed: false, rounding, rule, ref context);

    /// <summary>From a signed integer.</summary>
    public static uint FromInt32(int value, ref FpContext context) => (uint)Core.FromInt64(value, ref context);

    /// <summary>From an unsigned integer.</summary>
    public static uint FromUInt32(uint value, ref FpContext context) => (uint)Core.FromInteger(negative: false, value, ref context);

    /// <summary>From a signed integer.</summary>
    public static uint FromInt64(long value, ref FpContext context) => (uint)Core.FromInt64(value, ref context);

    /// <summary>From an unsigned integer.</summary>
    public static uint FromUInt64(ulong value, ref FpContext context)
        => (uint)Core.FromInteger(negative: false, value, ref context);
}
