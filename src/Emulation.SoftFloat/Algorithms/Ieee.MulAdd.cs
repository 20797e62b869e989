using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat.Algorithms;

internal static partial class Ieee<TFormat, T>
{
    /// <summary>(+-)(a * b) (+-) c with one rounding.</summary>
    internal static T MulAdd(T a, T b, T c, bool negateProduct, bool negateAddend, ref FpContext context)
    {
        if (IsSpecial(a) || IsSpecial(b) || IsSpecial(c))
        {
            return MulAddSpecial(a, b, c, negateProduct, negateAddend, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        c = Input(c, ref context);
        bool negativeProduct = IsNegative(a ^ b) ^ negateProduct;
        bool negativeAddend = IsNegative(c) ^ negateAddend;
        T x = Unpack(a, out int exponentX);
        T y = Unpack(b, out int exponentY);
        T z = Unpack(c, out int exponentZ);
        if (x == T.Zero || y == T.Zero)
        {
            return AddSignificands(negativeProduct, exponentZ, T.Zero, negativeAddend, exponentZ, z, ref context);
        }

        int exponent = exponentX + exponentY;
        T high, low;
        bool oneWord = (2 * TFormat.FractionBits) + 2 < Top;
        if (oneWord)
        {
            high = (x >> GuardBits) * (y >> GuardBits) << (Top - 1 - (2 * TFormat.FractionBits));
            low = T.Zero;
        }
        else
        {
            high = TFormat.Multiply(x << 1, y, out low);
        }

        if (LeadingZeros(high) == 1)
        {
            exponent++;
        }
        else
        {
            high = (high << 1) | (low >> (WordBits - 1));
            low <<= 1;
        }

        // Sticky subtraction needs the last bit of the larger operand to be clear; a long product fills its high word.
        if (oneWord)
        {
            return AddSignificands(negativeProduct, exponent, high, negativeAddend, exponentZ, z, ref context);
        }

        return AddWide(negativeProduct, exponent, high, low, negativeAddend, exponentZ, z, ref context);
    }

    /// <summary>Sum of a two-word product and a possibly zero addend.</summary>
    private static T AddWide(
        bool negativeX, int exponentX, T high, T low, bool negativeZ, int exponentZ, T z, ref FpContext context)
    {
        if (z == T.Zero)
        {
            return RoundPack(negativeX, exponentX, high | Sticky(low), ref context);
        }

        T otherHigh = z, otherLow = T.Zero;
        int distance = exponentX - exponentZ;
        if (distance < 0 || (distance == 0 && high < z))
        {
            (high, low, otherHigh, otherLow) = (z, T.Zero, high, low);
            (negativeX, negativeZ) = (negativeZ, negativeX);
            exponentX = exponentZ;
            distance = -distance;
        }

        ShiftRightSticky(ref otherHigh, ref otherLow, distance);
        if (negativeX == negativeZ)
        {
            T sum = low + otherLow;
            high += otherHigh + (sum < low ? T.One : T.Zero);
            high |= Sticky(sum);
            if (LeadingZeros(high) == 0)
            {
                high = (high >> 1) | (high & T.One);
                exponentX++;
            }
        }
        else
        {
            high -= otherHigh + (low < otherLow ? T.One : T.Zero);
            low -= otherLow;
            if (high == T.Zero)
            {
                if (low == T.Zero)
                {
                    return CancelledZero(context);
                }

                (high, low) = (low, T.Zero);
                exponentX -= WordBits;
            }

            int shift = LeadingZeros(high) - 1;
            if (shift < 0)
            {
                high = ShiftRightSticky(high, 1) | Sticky(low);
            }
            else
            {
                high = shift == 0 ? high : (high << shift) | (low >> (WordBits - shift));
                high |= Sticky(low << shift);
            }

            exponentX -= shift;
        }

        return RoundPack(negativeX, exponentX, high, ref context);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ShiftRightSticky(ref T high, ref T low, int count)
    {
        if (count == 0)
        {
            return;
        }

        if (count >= WordBits)
        {
            low = ShiftRightSticky(high, count - WordBits) | Sticky(low);
            high = T.Zero;
            return;
        }

        low = (low >> count) | (high << (WordBits - count)) | Sticky(low << (WordBits - count));
        high >>= count;
    }

    private static T MulAddSpecial(T a, T b, T c, bool negateProduct, bool negateAddend, ref FpContext context)
    {
        if (IsNaN(a) || IsNaN(b) || IsNaN(c))
        {
            return PropagateNaN(a, b, c, ref context);
        }

        a = Input(a, ref context);
        b = Input(b, ref context);
        c = Input(c, ref context) ^ Sign(negateAddend);
        if (!IsSpecial(a) && !IsSpecial(b))
        {
            return c;
        }

        T product = (((a ^ b) & SignBit) | Infinity) ^ Sign(negateProduct);
        bool invalid = Magnitude(a) == T.Zero || Magnitude(b) == T.Zero || c == (product ^ SignBit);
        return invalid ? Invalid(ref context) : product;
    }
}
