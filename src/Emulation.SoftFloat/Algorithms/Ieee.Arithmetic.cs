using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat.Algorithms;

internal static partial class Ieee<TFormat, T>
{
    internal static T Add(T a, T b, ref FpContext context) => AddOrSubtract(a, b, T.Zero, ref context);

    internal static T Subtract(T a, T b, ref FpContext context) => AddOrSubtract(a, b, SignBit, ref context);

    /// <summary>a + (b ^ flip): <paramref name="flip"/> leaves a NaN's sign alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AddOrSubtract(T a, T b, T flip, ref FpContext context)
    {
        if (IsSpecial(a) || IsSpecial(b))
        {
            return AddSpecial(a, b, flip, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context) ^ flip;
        T x = Unpack(a, out int exponentX);
        T y = Unpack(b, out int exponentY);
        return AddSignificands(IsNegative(a), exponentX, x, IsNegative(b), exponentY, y, ref context);
    }

    private static T AddSpecial(T a, T b, T flip, ref FpContext context)
    {
        if (IsNaN(a) || IsNaN(b))
        {
            return PropagateNaN(a, b, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context) ^ flip;
        if (!IsSpecial(a))
        {
            return b;
        }

        return a == (b ^ SignBit) ? Invalid(ref context) : a;
    }

    /// <summary>The sum of two finite numbers, each of which may be zero (significand zero).</summary>
    private static T AddSignificands(
        bool negativeX, int exponentX, T x, bool negativeY, int exponentY, T y, ref FpContext context)
    {
        if (x == T.Zero || y == T.Zero)
        {
            if (x != T.Zero)
            {
                return RoundPack(negativeX, exponentX, x, ref context);
            }

            if (y != T.Zero)
            {
                return RoundPack(negativeY, exponentY, y, ref context);
            }

            return negativeX == negativeY ? Sign(negativeX) : CancelledZero(context);
        }

        int distance = exponentX - exponentY;
        if (distance < 0 || (distance == 0 && x < y))
        {
            (negativeX, negativeY) = (negativeY, negativeX);
            (x, y) = (y, x);
            exponentX = exponentY;
            distance = -distance;
        }

        y = ShiftRightSticky(y, distance);
        if (negativeX == negativeY)
        {
            x += y;
            if (LeadingZeros(x) == 0)
            {
                x = (x >> 1) | (x & T.One);
                exponentX++;
            }
        }
        else
        {
            x -= y;
            if (x == T.Zero)
            {
                return CancelledZero(context);
            }

            int shift = LeadingZeros(x) - 1;
            x <<= shift;
            exponentX -= shift;
        }

        return RoundPack(negativeX, exponentX, x, ref context);
    }

    internal static T Multiply(T a, T b, ref FpContext context)
    {
        if (IsSpecial(a) || IsSpecial(b))
        {
            return MultiplySpecial(a, b, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        bool negative = IsNegative(a ^ b);
        T x = Unpack(a, out int exponentX);
        T y = Unpack(b, out int exponentY);
        if (x == T.Zero || y == T.Zero)
        {
            return Sign(negative);
        }

        int exponent = exponentX + exponentY;
        T product = TFormat.Multiply(x << 1, y, out T low);
        product |= Sticky(low);
        if (LeadingZeros(product) == 1)
        {
            exponent++;
        }
        else
        {
            product <<= 1;
        }

        return RoundPack(negative, exponent, product, ref context);
    }

    private static T MultiplySpecial(T a, T b, ref FpContext context)
    {
        if (IsNaN(a) || IsNaN(b))
        {
            return PropagateNaN(a, b, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        return Magnitude(a) == T.Zero || Magnitude(b) == T.Zero
            ? Invalid(ref context)
            : ((a ^ b) & SignBit) | Infinity;
    }

    internal static T Divide(T a, T b, ref FpContext context)
    {
        if (IsSpecial(a) || IsSpecial(b))
        {
            return DivideSpecial(a, b, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        bool negative = IsNegative(a ^ b);
        T x = Unpack(a, out int exponentX);
        T y = Unpack(b, out int exponentY);
        if (y == T.Zero)
        {
            if (x == T.Zero)
            {
                return Invalid(ref context);
            }

            context.Raise(FpFlags.DivideByZero);
            return Sign(negative) | Infinity;
        }

        if (x == T.Zero)
        {
            return Sign(negative);
        }

        int exponent = exponentX - exponentY;
        if (x < y)
        {
            x <<= 1;
            exponent--;
        }

        return RoundPack(negative, exponent, TFormat.Divide(x, y), ref context);
    }

    private static T DivideSpecial(T a, T b, ref FpContext context)
    {
        if (IsNaN(a) || IsNaN(b))
        {
            return PropagateNaN(a, b, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        T sign = (a ^ b) & SignBit;
        if (!IsSpecial(a))
        {
            return sign;
        }

        return IsSpecial(b) ? Invalid(ref context) : sign | Infinity;
    }

    internal static T SquareRoot(T a, ref FpContext context)
    {
        if (IsNaN(a))
        {
            return PropagateNaN(a, ref context);
        }

        if (IsNegative(a) && !IsZeroInput(a, context))
        {
            return Invalid(ref context);
        }

        a = Input(a, ref context);
        if (Magnitude(a) == T.Zero || IsSpecial(a))
        {
            return a;
        }

        T x = Unpack(a, out int exponent);

        // sqrt(x * 2^odd) = sqrt(2x) * 2^((odd - 1) / 2); the shift floors
        T root = TFormat.SquareRoot((exponent & 1) != 0 ? x << 1 : x);
        return RoundPack(negative: false, exponent >> 1, root, ref context);
    }

    /// <summary>IEEE 754-2019, 5.3.1 remainder: a - b * n for the integer n nearest to a / b, ties to even. Always exact.</summary>
    internal static T Remainder(T a, T b, ref FpContext context)
    {
        if (IsNaN(a) || IsNaN(b))
        {
            return PropagateNaN(a, b, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        if (IsSpecial(a) || Magnitude(b) == T.Zero)
        {
            return Invalid(ref context);
        }

        T x = Unpack(a, out int exponentX);
        T y = Unpack(b, out int exponentY);
        int distance = exponentX - exponentY;
        if (x == T.Zero || IsSpecial(b) || distance < -1)
        {
            return x == T.Zero ? a : RoundPack(IsNegative(a), exponentX, x, ref context);
        }

        // Right-aligned, x < 2^P and y >= 2^(P-1), with GuardBits + 1 bits of room above: that many quotient bits per division.
        x >>= GuardBits;
        y >>= GuardBits;
        bool negative = IsNegative(a);
        bool odd = false;
        bool roundUp;
        if (distance < 0)
        {
            // |a / b| is in (1/4, 1): the quotient is 0 or 1, and a tie goes to 0. Compare 2|a| with |b| at a's scale.
            y <<= 1;
            exponentY--;
            roundUp = x << 1 > y;
        }
        else
        {
            odd = x >= y;
            x = odd ? x - y : x;
            while (distance > 0)
            {
                int step = Math.Min(distance, GuardBits + 1);
                (T quotient, x) = T.DivRem(x << step, y);
                odd = T.IsOddInteger(quotient);
                distance -= step;
            }

            T twice = x << 1;
            roundUp = twice > y || (twice == y && odd);
        }

        if (roundUp)
        {
            x = y - x;
            negative = !negative;
        }

        if (x == T.Zero)
        {
            return a & SignBit;
        }

        int normalize = LeadingZeros(x) - 1;
        return RoundPack(negative, exponentY + GuardBits - normalize, x << normalize, ref context);
    }
}
