using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat.Algorithms;

/// <summary>Quotients and roots of significands whose leading bit is bit 62. "Short" variants serve up to 24 significant bits.</summary>
internal static class Significand64
{
    private const int Top = 62;
    private const int ShortShift = Top - 23;

    /// <summary>One hardware division: the quotient of two 24-bit significands to 40 bits.</summary>
    internal static ulong DivideShort(ulong a, ulong b)
    {
        (ulong quotient, ulong remainder) = Math.DivRem(a, b >> ShortShift);
        return (quotient << (Top - ShortShift)) | (remainder != 0 ? 1UL : 0);
    }

    /// <summary>128 by 64 bits in two digits of 32 bits (Knuth, volume 2, 4.3.1, algorithm D).</summary>
    internal static ulong Divide(ulong a, ulong b)
    {
        ulong divisor = b << 1;
        ulong divisorHigh = divisor >> 32;
        ulong divisorLow = (uint)divisor;

        // dividend = a * 2^63, below divisor * 2^64
        ulong remainder = a >> 1;
        ulong high = Digit(ref remainder, (uint)(a << 31), divisor, divisorHigh, divisorLow);
        ulong low = Digit(ref remainder, 0, divisor, divisorHigh, divisorLow);
        return (high << 32) | low | (remainder != 0 ? 1UL : 0);
    }

    /// <summary>The root of a 64-bit number to 32 bits.</summary>
    internal static ulong SquareRootShort(ulong a)
    {
        // The host's root is only an estimate; the loops make it the floor whatever the host does.
        var root = (ulong)Math.Sqrt(a);
        while (root > uint.MaxValue || root * root > a)
        {
            root--;
        }

        while (root < uint.MaxValue && (root + 1) * (root + 1) <= a)
        {
            root++;
        }

        // a * 2^62 has the root (root of a) * 2^31
        return (root << 31) | (root * root != a ? 1UL : 0);
    }

    /// <summary>The root of a * 2^62: a host estimate of about 52 bits, one Newton step, then an exact correction.</summary>
    internal static ulong SquareRoot(ulong a)
    {
        UInt128 radicand = (UInt128)a << Top;
        var estimate = (ulong)(Math.Sqrt(a) * 2147483648.0);
        Int128 error = (Int128)(radicand - Square(estimate));

        // |error| < 2^76, so error / (2 * estimate) needs no 128-bit division: 2^14 is dropped from both sides.
        long step = (long)(error >> 14) / (long)(estimate >> 13);
        ulong root = estimate + (ulong)step;
        while (Square(root) > radicand)
        {
            root--;
        }

        while (Square(root + 1) <= radicand)
        {
            root++;
        }

        return root | (Square(root) != radicand ? 1UL : 0);
    }

    private static UInt128 Square(ulong value)
    {
        ulong high = Math.BigMul(value, value, out ulong low);
        return new UInt128(high, low);
    }

    /// <summary>The next 32 quotient bits; <paramref name="remainder"/> enters and leaves below the divisor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digit(ref ulong remainder, uint next, ulong divisor, ulong divisorHigh, ulong divisorLow)
    {
        (ulong digit, ulong rest) = Math.DivRem(remainder, divisorHigh);
        while (digit > uint.MaxValue || digit * divisorLow > ((rest << 32) | next))
        {
            digit--;
            rest += divisorHigh;
            if (rest > uint.MaxValue)
            {
                break;
            }
        }

        remainder = (remainder << 32) + next - (digit * divisor);
        return digit;
    }
}
