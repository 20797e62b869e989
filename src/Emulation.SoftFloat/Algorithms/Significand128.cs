namespace Emulation.SoftFloat.Algorithms;

/// <summary>Products, quotients and roots of significands with 113 significant bits whose leading bit is bit 126.</summary>
internal static class Significand128
{
    private const int Top = 126;
    private const int GuardBits = Top - 112;

    // Quotient and root bits below the leading one: 112 of the fraction, one to round on, one below it.
    private const int ResultBits = 114;

    internal static UInt128 Multiply(UInt128 a, UInt128 b, out UInt128 low)
    {
        ulong a1 = (ulong)(a >> 64), a0 = (ulong)a, b1 = (ulong)(b >> 64), b0 = (ulong)b;
        UInt128 low0 = Full(a0, b0);
        UInt128 cross = Full(a1, b0) + (low0 >> 64); // cannot overflow: (2^64-1)^2 + 2^64 - 1 < 2^128
        UInt128 cross2 = Full(a0, b1) + (ulong)cross;
        low = new UInt128((ulong)cross2, (ulong)low0);
        return Full(a1, b1) + (cross >> 64) + (cross2 >> 64);
    }

    internal static UInt128 Divide(UInt128 a, UInt128 b)
    {
        UInt128 remainder = a >> GuardBits, divisor = b >> GuardBits, quotient = UInt128.Zero;
        for (int bit = 0; bit <= ResultBits; bit++)
        {
            quotient <<= 1;
            if (remainder >= divisor)
            {
                remainder -= divisor;
                quotient |= UInt128.One;
            }

            remainder <<= 1;
        }

        return Finish(quotient, remainder);
    }

    internal static UInt128 SquareRoot(UInt128 a)
    {
        // Digit by digit: invariant remainder = (radicand bits taken so far) - root^2, at most 2 * root.
        // The radicand a * 2^126 has 254 bits, two per root bit; those below a are zero.
        UInt128 root = UInt128.Zero, remainder = UInt128.Zero, rest = a;
        for (int bit = 0; bit <= ResultBits; bit++)
        {
            remainder = (remainder << 2) | (rest >> 126);
            rest <<= 2;
            UInt128 trial = (root << 2) | UInt128.One;
            root <<= 1;
            if (remainder >= trial)
            {
                remainder -= trial;
                root |= UInt128.One;
            }
        }

        return Finish(root, remainder | rest);
    }

    private static UInt128 Finish(UInt128 result, UInt128 remainder)
        => (result << (Top - ResultBits)) | (remainder != UInt128.Zero ? UInt128.One : UInt128.Zero);

    private static UInt128 Full(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return new UInt128(high, low);
    }
}
