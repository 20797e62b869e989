using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Float;

/// <summary>binary32.</summary>
internal readonly struct SingleFormat : IRvFormat
{
    public static IrType Type => IrType.F32;

    public static ulong MinimumNumber(ulong a, ulong b, ref FpContext context) => F32.MinimumNumber((uint)a, (uint)b, ref context);

    public static ulong MaximumNumber(ulong a, ulong b, ref FpContext context) => F32.MaximumNumber((uint)a, (uint)b, ref context);

    public static ulong Minimum(ulong a, ulong b, ref FpContext context) => F32.Minimum((uint)a, (uint)b, ref context);

    public static ulong Maximum(ulong a, ulong b, ref FpContext context) => F32.Maximum((uint)a, (uint)b, ref context);

    public static bool EqQuiet(ulong a, ulong b, ref FpContext context) => F32.EqQuiet((uint)a, (uint)b, ref context);

    public static bool LtSignaling(ulong a, ulong b, ref FpContext context) => F32.LtSignaling((uint)a, (uint)b, ref context);

    public static bool LeSignaling(ulong a, ulong b, ref FpContext context) => F32.LeSignaling((uint)a, (uint)b, ref context);

    public static bool LtQuiet(ulong a, ulong b, ref FpContext context) => F32.LtQuiet((uint)a, (uint)b, ref context);

    public static bool LeQuiet(ulong a, ulong b, ref FpContext context) => F32.LeQuiet((uint)a, (uint)b, ref context);

    public static FpClass Classify(ulong a) => F32.Classify((uint)a);

    public static ulong RoundToInt(ulong a, FpRounding rounding, bool raiseInexact, ref FpContext context)
        => F32.RoundToInt((uint)a, rounding, raiseInexact, ref context);

    public static int ToInt32(ulong a, FpRounding rounding, ref FpContext context)
        => F32.ToInt32((uint)a, rounding, FpIntegerRule.Saturate, ref context);

    public static uint ToUInt32(ulong a, FpRounding rounding, ref FpContext context)
        => F32.ToUInt32((uint)a, rounding, FpIntegerRule.Saturate, ref context);

    public static long ToInt64(ulong a, FpRounding rounding, ref FpContext context)
        => F32.ToInt64((uint)a, rounding, FpIntegerRule.Saturate, ref context);

    public static ulong ToUInt64(ulong a, FpRounding rounding, ref FpContext context)
        => F32.ToUInt64((uint)a, rounding, FpIntegerRule.Saturate, ref context);

    public static ulong FromInt32(int value, ref FpContext context) => F32.FromInt32(value, ref context);

    public static ulong FromUInt32(uint value, ref FpContext context) => F32.FromUInt32(value, ref context);

    public static ulong FromInt64(long value, ref FpContext context) => F32.FromInt64(value, ref context);

    public static ulong FromUInt64(ulong value, ref FpContext context) => F32.FromUInt64(value, ref context);
}
