using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat.Algorithms;

internal static partial class Ieee<TFormat, T>
{
    internal static bool Equal(T a, T b, bool signaling, ref FpContext context)
    {
        if (Unordered(a, b, signaling, ref context))
        {
            return false;
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        return a == b || Magnitude(a | b) == T.Zero;
    }

    internal static bool Less(T a, T b, bool signaling, ref FpContext context)
    {
        if (Unordered(a, b, signaling, ref context))
        {
            return false;
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        return Magnitude(a | b) != T.Zero && Precedes(a, b);
    }

    internal static bool LessOrEqual(T a, T b, bool signaling, ref FpContext context)
    {
        if (Unordered(a, b, signaling, ref context))
        {
            return false;
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        return Magnitude(a | b) == T.Zero || !Precedes(b, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Unordered(T a, T b, bool signaling, ref FpContext context)
    {
        if (!IsNaN(a) && !IsNaN(b))
        {
            return false;
        }

        InputBesideNaN(a, b, ref context);
        if (signaling || IsSignaling(a) || IsSignaling(b))
        {
            context.Raise(FpFlags.Invalid);
        }

        return true;
    }

    /// <summary>Order of numbers with -0 before +0.</summary>
    private static bool Precedes(T a, T b)
    {
        bool negative = IsNegative(a);
        return negative != IsNegative(b) ? negative : negative ? b < a : a < b;
    }

    /// <summary>IEEE 754-2019, 9.6 minimumNumber, maximumNumber: a NaN is missing data.</summary>
    internal static T ExtremumNumber(T a, T b, bool maximum, ref FpContext context)
    {
        if (IsNaN(a) || IsNaN(b))
        {
            if (IsNaN(a) && IsNaN(b))
            {
                return PropagateNaN(a, b, ref context);
            }

            if (IsSignaling(a) || IsSignaling(b))
            {
                context.Raise(FpFlags.Invalid);
            }

            return Input(IsNaN(a) ? b : a, ref context);
        }

        return Extremum(a, b, maximum, ref context);
    }

    /// <summary>IEEE 754-2019, 9.6 minimum, maximum: a NaN wins.</summary>
    internal static T ExtremumOrNaN(T a, T b, bool maximum, ref FpContext context)
        => IsNaN(a) || IsNaN(b) ? PropagateNaN(a, b, ref context) : Extremum(a, b, maximum, ref context);

    /// <summary>IEEE 754-2008, 5.3.1 minNum, maxNum: a quiet NaN is missing data, a signalling one wins.</summary>
    internal static T ExtremumNum2008(T a, T b, bool maximum, ref FpContext context)
        => IsSignaling(a) || IsSignaling(b) ? PropagateNaN(a, b, ref context) : ExtremumNumber(a, b, maximum, ref context);

    private static T Extremum(T a, T b, bool maximum, ref FpContext context)
    {
        a = Input(a, ref context);
        b = Input(b, ref context);
        return Precedes(a, b) != maximum ? a : b;
    }
}
