using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Float;

/// <summary>binary16. The IR has no such type: values are their bits, zero-extended to 32.</summary>
internal readonly struct HalfFormat : IRvFormat
{
    public static IrType Type => IrType.I32;

    public static ulong MinimumNumber(ulong a, ulong b, ref FpContext context) => F16.MinimumNumber((ushort)a, (ushort)b, ref context);

    public static ulong MaximumNumber(ulong a, ulong b, ref FpContext context) => F16.MaximumNumber((ushort)a, (ushort)b, ref context);

    public static ulong Minimum(ulong a, ulong b, ref FpContext context) => F16.Minimum((ushort)a, (ushort)b, ref context);

    public static ulong Maximum(ulong a, ulong b, ref FpContext context) => F16.Maximum((ushort)a, (ushort)b, ref context);

    public static bool EqQuiet(ulong a, ulong b, ref FpContext context) => F16.EqQuiet((ushort)a, (ushort)b, ref context);

    public static bool LtSignaling(ulong a, ulong b, ref FpContext context) => F16.LtSignaling((ushort)a, (ushort)b, ref context);

    public static bool LeSignaling(ulong a, ulong b, ref FpContext context) => F16.LeSignaling((ushort)a, (ushort)b, ref context);

    public static bool LtQuiet(ulong a, ulong b, ref FpContext context) => F16.LtQuiet((ushort)a, (ushort)b, ref context);

    public static bool LeQuiet(ulong a, ulong b, ref FpContext context) => F16.LeQuiet((ushort)a, (ushort)b, ref context);

    public static FpClass Classify(ulong a) => F16.Classify((ushort)a);

    public static ulong RoundToInt(ulong a, FpRounding rounding, bool raiseInexact, ref FpContext context)
        => F16.RoundToInt((ushort)a, rounding, raiseInexact, ref context);

    public static int ToInt32(ulong a, FpRounding rounding, ref FpContext context)
        => F16.ToInt32((ushort)a, rounding, FpIntegerRule.Saturate, ref context);

    public static uint ToUInt32(ulong a, FpRounding rounding, ref FpContext context)
        => F16.ToUInt32((ushort)a, rounding, FpIntegerRule.Saturate, ref context);

    public static long ToInt64(ulong a, FpRounding rounding, ref FpContext context)
        => F16.ToInt64((ushort)a, rounding, FpIntegerRule.Saturate, ref context);

    public static ulong ToUInt64(ulong a, FpRounding rounding, ref FpContext context)
        => F16.ToUInt64((ushort)a, rounding, FpIntegerRule.Saturate, ref context);

    public static ulong FromInt32(int value, ref FpContext context) => F16.FromInt32(value, ref context);

    public static ulong FromUInt32(uint value, ref FpContext context) => F16.FromUInt32(value, ref context);

    public static ulong FromInt64(long value, ref FpContext context) => F16.FromInt64(value, ref context);

    public static ulong FromUInt64(ulong value, ref FpContext context) => F16.FromUInt64(value, ref context);
}
