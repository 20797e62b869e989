using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Float;

/// <summary>Helpers for operations of one format that the IR does not have. The last operand of those that round is the rm field.</summary>
/// <typeparam name="T">The format.</typeparam>
internal static unsafe class FpHelpers<T>
    where T : struct, IRvFormat
{
    public static ulong Min(byte* s, ulong a, ulong b) => T.MinimumNumber(a, b, ref FpState.Context(s));

    public static ulong Max(byte* s, ulong a, ulong b) => T.MaximumNumber(a, b, ref FpState.Context(s));

    public static ulong MinM(byte* s, ulong a, ulong b) => T.Minimum(a, b, ref FpState.Context(s));

    public static ulong MaxM(byte* s, ulong a, ulong b) => T.Maximum(a, b, ref FpState.Context(s));

    public static ulong Eq(byte* s, ulong a, ulong b) => T.EqQuiet(a, b, ref FpState.Context(s)) ? 1UL : 0;

    public static ulong Lt(byte* s, ulong a, ulong b) => T.LtSignaling(a, b, ref FpState.Context(s)) ? 1UL : 0;

    public static ulong Le(byte* s, ulong a, ulong b) => T.LeSignaling(a, b, ref FpState.Context(s)) ? 1UL : 0;

    public static ulong LtQ(byte* s, ulong a, ulong b) => T.LtQuiet(a, b, ref FpState.Context(s)) ? 1UL : 0;

    public static ulong LeQ(byte* s, ulong a, ulong b) => T.LeQuiet(a, b, ref FpState.Context(s)) ? 1UL : 0;

    public static ulong Class(byte* s, ulong a) => 1UL << (int)T.Classify(a);

    public static ulong Round(byte* s, ulong a, ulong rm)
    {
        ref FpContext context = ref FpState.Context(s);
        return T.RoundToInt(a, FpState.Rounding(context, rm), false, ref context);
    }

    public static ulong RoundNx(byte* s, ulong a, ulong rm)
    {
        ref FpContext context = ref FpState.Context(s);
        return T.RoundToInt(a, FpState.Rounding(context, rm), true, ref context);
    }

    public static ulong ToW(byte* s, ulong a, ulong rm)
    {
        ref FpContext context = ref FpState.Context(s);
        FpRounding rounding = FpState.Rounding(context, rm);
        return FpState.TryTruncate<T>(a, rounding, ref context, out long fast) && fast == (int)fast
            ? (uint)fast
            : (uint)T.ToInt32(a, rounding, ref context);
    }

    public static ulong ToWu(byte* s, ulong a, ulong rm)
    {
        ref FpContext context = ref FpState.Context(s);
        return T.ToUInt32(a, FpState.Rounding(context, rm), ref context);
    }

    public static ulong ToL(byte* s, ulong a, ulong rm)
    {
        ref FpContext context = ref FpState.Context(s);
        FpRounding rounding = FpState.Rounding(context, rm);
        return FpState.TryTruncate<T>(a, rounding, ref context, out long fast) ? (ulong)fast : (ulong)T.ToInt64(a, rounding, ref context);
    }

    public static ulong ToLu(byte* s, ulong a, ulong rm)
    {
        ref FpContext context = ref FpState.Context(s);
        return T.ToUInt64(a, FpState.Rounding(context, rm), ref context);
    }

    public static ulong FromW(byte* s, ulong x, ulong rm)
    {
        if (typeof(T) == typeof(DoubleFormat))           // exact
            return BitConverter.DoubleToUInt64Bits((int)x);
        FpContext local = FpState.Begin(s, rm);
        ulong result = T.FromInt32((int)x, ref local);
        FpState.End(s, local);
        return result;
    }

    public static ulong FromWu(byte* s, ulong x, ulong rm)
    {
        if (typeof(T) == typeof(DoubleFormat))           // exact
            return BitConverter.DoubleToUInt64Bits((uint)x);
        FpContext local = FpState.Begin(s, rm);
        ulong result = T.FromUInt32((uint)x, ref local);
        FpState.End(s, local);
        return result;
    }

    public static ulong FromL(byte* s, ulong x, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong result = T.FromInt64((long)x, ref local);
        FpState.End(s, local);
        return result;
    }

    public static ulong FromLu(byte* s, ulong x, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong result = T.FromUInt64(x, ref local);
        FpState.End(s, local);
        return result;
    }
}

/// <summary>Access to the floating-point environment for helpers.</summary>
internal static unsafe class FpState
{
    /// <summary>The CPU's environment.</summary>
    /// <param name="s">Its state.</param>
    public static ref FpContext Context(byte* s) => ref ((CpuHeader*)s)->Fp;

    /// <summary>Rounding that an rm field means.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="rm">A legal rm field.</param>
    public static FpRounding Rounding(in FpContext context, ulong rm) => rm == 7 ? context.Rounding : (FpRounding)rm;

    /// <summary>A copy of the environment with the rounding that an rm field means.</summary>
    /// <param name="s">The CPU's state.</param>
    /// <param name="rm">A legal rm field.</param>
    public static FpContext Begin(byte* s, ulong rm)
    {
        FpContext local = Context(s);
        local.Rounding = Rounding(local, rm);
        return local;
    }

    /// <summary>Keeps the flags raised in a copy of the environment.</summary>
    /// <param name="s">The CPU's state.</param>
    /// <param name="local">The copy.</param>
    public static void End(byte* s, in FpContext local) => Context(s).Flags = local.Flags;

    /// <summary>The common cases of conversion to an integer: exact ones in any rounding mode.</summary>
    /// <typeparam name="T">The format.</typeparam>
    /// <param name="a">Its bits.</param>
    /// <param name="rounding">Rounding direction.</param>
    /// <param name="context">The environment.</param>
    /// <param name="result">The integer.</param>
    /// <returns>False when something must be rounded or raised.</returns>
    public static bool TryTruncate<T>(ulong a, FpRounding rounding, ref FpContext context, out long result)
        where T : struct, IRvFormat
    {
        double value = typeof(T) == typeof(DoubleFormat) ? BitConverter.UInt64BitsToDouble(a)
            : typeof(T) == typeof(SingleFormat) ? BitConverter.UInt32BitsToSingle((uint)a) : double.NaN;
        result = 0;
        if (!(Math.Abs(value) < 9.0e18))                 // NaN, too large, or nearly
            return false;
        result = (long)value;
        return result == value;
    }
}
