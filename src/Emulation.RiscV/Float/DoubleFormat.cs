using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Float;

/// <summary>binary64.</summary>
internal readonly struct DoubleFormat : IRvFormat
{
    public static IrType Type => IrType.F64;

    public static ulong MinimumNumber(ulong a, ulong b, ref FpContext context) => F64.MinimumNumber(a, b, ref context);

    public static ulong MaximumNumber(ulong a, ulong b, ref FpContext context) => F64.MaximumNumber(a, b, ref context);

    public static ulong Minimum(ulong a, ulong b, ref FpContext context) => F64.Minimum(a, b, ref context);

    public static ulong Maximum(ulong a, ulong b, ref FpContext context) => F64.Maximum(a, b, ref context);

    public static bool EqQuiet(ulong a, ulong b, ref FpContext context) => F64.EqQuiet(a, b, ref context);

    public static bool LtSignaling(ulong a, ulong b, ref FpContext context) => F64.LtSignaling(a, b, ref context);

    public static bool LeSignaling(ulong a, ulong b, ref FpContext context) => F64.LeSignaling(a, b, ref context);

    public static bool LtQuiet(ulong a, ulong b, ref FpContext context) => F64.LtQuiet(a, b, ref context);

    public static bool LeQuiet(ulong a, ulong b, ref FpContext context) => F64.LeQuiet(a, b, ref context);

    public static FpClass Classify(ulong a) => F64.Classify(a);

    public static ulong RoundToInt(ulong a, FpRounding rounding, bool raiseInexact, ref FpContext context)
        => F64.RoundToInt(a, rounding, raiseInexact, ref context);

    public static int ToInt32(ulong a, FpRounding rounding, ref FpContext context)
        => F64.ToInt32(a, rounding, FpIntegerRule.Saturate, ref context);

    public static uint ToUInt32(ulong a, FpRounding rounding, ref FpContext context)
        => F64.ToUInt32(a, rounding, FpIntegerRule.Saturate, ref context);

    public static long ToInt64(ulong a, FpRounding rounding, ref FpContext context)
        => F64.ToInt64(a, rounding, FpIntegerRule.Saturate, ref context);

    public static ulong ToUInt64(ulong a, FpRounding rounding, ref FpContext context)
        => F64.ToUInt64(a, rounding, FpIntegerRule.Saturate, ref context);

    public static ulong FromInt32(int value, ref FpContext context) => F64.FromInt32(value, ref context);

    public static ulong FromUInt32(uint value, ref FpContext context) => F64.FromUInt32(value, ref context);

    public static ulong FromInt64(long value, ref FpContext context) => F64.FromInt64(value, ref context);

    public static ulong FromUInt64(ulong value, ref FpContext context) => F64.FromUInt64(value, ref context);
}
