using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Cpu;

// Minimum, maximum, order and conversions.
public static unsafe partial class FloatOps
{
    /// <summary>In the last operand of <see cref="Special"/>, from this bit on: 1 for an operand, 2 for a result of 32 bits.</summary>
    internal const int FormShift = 16;

    /// <summary>Result of an operation that is not arithmetic.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="op"><see cref="IrOp.FMin"/> to <see cref="IrOp.FConvert"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, where there is one.</param>
    /// <param name="how">The operation's Aux, and which types are narrow.</param>
    public static ulong Special(byte* state, IrOp op, ulong a, ulong b, int how)
    {
        ref FpContext environment = ref ((CpuHeader*)state)->Fp;
        bool single = (how >> FormShift & 1) != 0, narrow = (how >> FormShift & 2) != 0, signed = (how & 8) != 0;
        switch (op)
        {
            case IrOp.FMin or IrOp.FMax:
                return single ? Extremum32(op == IrOp.FMax, (uint)a, (uint)b, (IrExtremum)(how & 3), ref environment)
                    : Extremum64(op == IrOp.FMax, a, b, (IrExtremum)(how & 3), ref environment);
            case IrOp.FOrder:
                return single ? Order32((uint)a, (uint)b, (how & 1) != 0, ref environment) : Order64(a, b, (how & 1) != 0, ref environment);
        }

        FpContext context = environment;
        if ((how & 7) != (int)IrRounding.Dynamic)
            context.Rounding = (FpRounding)(how & 7);
        ulong result = op switch
        {
            IrOp.FToInt => ToInteger(a, single, narrow, signed, (FpIntegerRule)((how >> 4) & 7), ref context),
            IrOp.FFromInt => FromInteger(a, single, narrow, signed, ref context),
            _ => single ? F32.ToF64((uint)a, ref context) : F64.ToF32(a, ref context),
        };
        environment.Flags |= context.Flags;
        return result;
    }

    private static ulong Extremum64(bool maximum, ulong a, ulong b, IrExtremum rule, ref FpContext c) => (rule, maximum) switch
    {
        (IrExtremum.Number, false) => F64.MinimumNumber(a, b, ref c),
        (IrExtremum.Number, true) => F64.MaximumNumber(a, b, ref c),
        (IrExtremum.NaN, false) => F64.Minimum(a, b, ref c),
        (IrExtremum.NaN, true) => F64.Maximum(a, b, ref c),
        (_, false) => F64.MinNum(a, b, ref c),
        _ => F64.MaxNum(a, b, ref c),
    };

    private static uint Extremum32(bool maximum, uint a, uint b, IrExtremum rule, ref FpContext c) => (rule, maximum) switch
    {
        (IrExtremum.Number, false) => F32.MinimumNumber(a, b, ref c),
        (IrExtremum.Number, true) => F32.MaximumNumber(a, b, ref c),
        (IrExtremum.NaN, false) => F32.Minimum(a, b, ref c),
        (IrExtremum.NaN, true) => F32.Maximum(a, b, ref c),
        (_, false) => F32.MinNum(a, b, ref c),
        _ => F32.MaxNum(a, b, ref c),
    };

    private static ulong Order64(ulong a, ulong b, bool signaling, ref FpContext c)
    {
        double x = BitConverter.UInt64BitsToDouble(a), y = BitConverter.UInt64BitsToDouble(b);
        if (HostFp.Compares(ref c) != 0 && !double.IsNaN(x) && !double.IsNaN(y))
            return x == y ? 0UL : x < y ? 1UL : 2;
        bool equal = signaling ? F64.EqSignaling(a, b, ref c) : F64.EqQuiet(a, b, ref c);
        if (F64.IsNaN(a) || F64.IsNaN(b))
            return 3;
        return equal ? 0UL : F64.LtQuiet(a, b, ref c) ? 1UL : 2;
    }

    private static ulong Order32(uint a, uint b, bool signaling, ref FpContext c)
    {
        float x = BitConverter.UInt32BitsToSingle(a), y = BitConverter.UInt32BitsToSingle(b);
        if (HostFp.Compares(ref c) != 0 && !float.IsNaN(x) && !float.IsNaN(y))
            return x == y ? 0UL : x < y ? 1UL : 2;
        bool equal = signaling ? F32.EqSignaling(a, b, ref c) : F32.EqQuiet(a, b, ref c);
        if (F32.IsNaN(a) || F32.IsNaN(b))
            return 3;
        return equal ? 0UL : F32.LtQuiet(a, b, ref c) ? 1UL : 2;
    }

    // whole numbers convert exactly in any environment; others when only a flag that is set already would be raised
    private static bool TryTruncate(ulong a, bool single, bool narrow, bool signed, ref FpContext c, out ulong result)
    {
        double value = single ? BitConverter.UInt32BitsToSingle((uint)a) : BitConverter.UInt64BitsToDouble(a);
        result = 0;
        if (!(Math.Abs(value) < 9.0e18))                 // NaN, too large, or nearly
            return false;
        long whole = (long)value;
        if (whole != value && (c.Rounding != FpRounding.TowardZero || (c.Flags & FpFlags.Inexact) == 0 || HostFp.Compares(ref c) == 0))
            return false;
        result = narrow ? (uint)whole : (ulong)whole;
        return narrow ? whole == (signed ? (int)whole : (uint)whole) : signed || whole >= 0;
    }

    private static ulong ToInteger(ulong a, bool single, bool narrow, bool signed, FpIntegerRule rule, ref FpContext c)
        => TryTruncate(a, single, narrow, signed, ref c, out ulong result) ? result : ToIntegerSlow(a, single, narrow, signed, rule, ref c);

    private static ulong ToIntegerSlow(ulong a, bool single, bool narrow, bool signed, FpIntegerRule rule, ref FpContext c) => (single, narrow, signed) switch
    {
        (true, true, true) => (uint)F32.ToInt32((uint)a, c.Rounding, rule, ref c),
        (true, true, false) => F32.ToUInt32((uint)a, c.Rounding, rule, ref c),
        (true, false, true) => (ulong)F32.ToInt64((uint)a, c.Rounding, rule, ref c),
        (true, false, false) => F32.ToUInt64((uint)a, c.Rounding, rule, ref c),
        (false, true, true) => (uint)F64.ToInt32(a, c.Rounding, rule, ref c),
        (false, true, false) => F64.ToUInt32(a, c.Rounding, rule, ref c),
        (false, false, true) => (ulong)F64.ToInt64(a, c.Rounding, rule, ref c),
        _ => F64.ToUInt64(a, c.Rounding, rule, ref c),
    };

    private static ulong FromInteger(ulong a, bool word, bool narrow, bool signed, ref FpContext c)
    {
        if (word)
            a = signed ? (ulong)(int)a : (uint)a;
        const ulong Single = 1UL << 24, Double = 1UL << 53;
        if (narrow ? a + Single <= 2 * Single : a + Double <= 2 * Double)
        {
            if (!signed && (long)a < 0)
                return narrow ? F32.FromUInt64(a, ref c) : F64.FromUInt64(a, ref c);
            double exact = (long)a;
            return narrow ? BitConverter.SingleToUInt32Bits((float)exact) : BitConverter.DoubleToUInt64Bits(exact);
        }

        return (narrow, signed) switch
        {
            (true, true) => F32.FromInt64((long)a, ref c),
            (true, false) => F32.FromUInt64(a, ref c),
            (false, true) => F64.FromInt64((long)a, ref c),
            _ => F64.FromUInt64(a, ref c),
        };
    }
}
