using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat.Algorithms;

internal static partial class Ieee<TFormat, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsNaN(T a) => Magnitude(a) > Infinity;

    internal static bool IsSignaling(T a) => IsNaN(a) && (a & QuietBit) == T.Zero;

    internal static T DefaultNaN(in FpContext context)
        => Sign(context.Has(FpOptions.DefaultNanNegative)) | Infinity | QuietBit;

    internal static T Invalid(ref FpContext context)
    {
        context.Raise(FpFlags.Invalid);
        return DefaultNaN(context);
    }

    /// <summary>The result of a one-operand operation on a NaN.</summary>
    internal static T PropagateNaN(T a, ref FpContext context) => PropagateNaN(a, a, ref context);

    /// <summary>The result of an operation of which at least one operand is a NaN.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static T PropagateNaN(T a, T b, ref FpContext context)
    {
        InputBesideNaN(a, b, ref context);
        if (IsSignaling(a) || IsSignaling(b))
        {
            context.Raise(FpFlags.Invalid);
        }

        return context.NanRule == FpNanRule.Canonical
            ? DefaultNaN(context)
            : QuietBit | Choose(a, b, SignalingFirst(context.NanRule));
    }

    /// <summary>The result of a * b + c of which at least one operand is a NaN. Signs are those before any negation.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T PropagateNaN(T a, T b, T c, ref FpContext context)
    {
        InputBesideNaN(a, b, ref context);
        InputBesideNaN(c, c, ref context);
        FpNanRule rule = context.NanRule;
        bool signaling = IsSignaling(a) || IsSignaling(b) || IsSignaling(c);
        bool invalidProduct = (Magnitude(a) == Infinity && IsZeroInput(b, context))
            || (Magnitude(b) == Infinity && IsZeroInput(a, context));
        if (signaling || (invalidProduct && rule != FpNanRule.FirstOperand))
        {
            context.Raise(FpFlags.Invalid);
        }

        bool useDefault = rule switch
        {
            FpNanRule.Canonical => true,
            FpNanRule.SignalingAddendFirst => invalidProduct && !signaling,
            FpNanRule.SignalingProductFirst => invalidProduct,
            _ => false,
        };
        if (useDefault)
        {
            return DefaultNaN(context);
        }

        bool signalingFirst = SignalingFirst(rule);
        return QuietBit | rule switch
        {
            FpNanRule.SignalingAddendFirst or FpNanRule.SignalingAddendKept => Choose(c, Choose(a, b, signalingFirst), signalingFirst),
            FpNanRule.FirstOperandAddendSecond => Choose(a, Choose(c, b, signalingFirst), signalingFirst),
            _ => Choose(a, Choose(b, c, signalingFirst), signalingFirst),
        };
    }

    /// <summary>
    /// Reports subnormal operands where a NaN decides: who flushes does so before looking at NaNs (Arm DDI 0487, J1.3 FPUnpack);
    /// for who reports without flushing the NaN comes first (Intel SDM, volume 1, table 4-13).
    /// </summary>
    private static void InputBesideNaN(T a, T b, ref FpContext context)
    {
        if (context.Has(FpOptions.FlushInputs))
        {
            Input(a, ref context);
            Input(b, ref context);
        }
    }

    private static bool SignalingFirst(FpNanRule rule)
        => rule is FpNanRule.SignalingAddendFirst or FpNanRule.SignalingAddendKept or FpNanRule.SignalingProductFirst;

    /// <summary>The first NaN of two, or the first signalling one; the second operand if neither is a NaN.</summary>
    private static T Choose(T first, T second, bool signalingFirst)
    {
        if (signalingFirst && IsSignaling(first) != IsSignaling(second))
        {
            return IsSignaling(first) ? first : second;
        }

        return IsNaN(first) ? first : second;
    }

    private static bool IsZeroInput(T a, in FpContext context)
        => Magnitude(a) == T.Zero || (context.Has(FpOptions.FlushInputs) && IsSubnormal(a));
}
