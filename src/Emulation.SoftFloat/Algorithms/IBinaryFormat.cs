using System.Numerics;

namespace Emulation.SoftFloat.Algorithms;

/// <summary>
/// A binary interchange format as data, plus the three significand operations that need more than one working word.
/// Implemented by empty structs, so that <see cref="Ieee{TFormat, T}"/> is compiled once per format with all constants folded.
/// </summary>
/// <typeparam name="T">Working word: holds the raw encoding and, while calculating, a significand with guard bits.</typeparam>
internal interface IBinaryFormat<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    /// <summary>Fraction field width (without the implicit bit).</summary>
    static abstract int FractionBits { get; }

    /// <summary>Exponent field width.</summary>
    static abstract int ExponentBits { get; }

    /// <summary>High word of the full product; the low word in <paramref name="low"/>.</summary>
    static abstract T Multiply(T a, T b, out T low);

    /// <summary>a / b * 2^Top for b &lt;= a &lt; 2b, b normalized; the last bit is also set if a remainder is left.</summary>
    static abstract T Divide(T a, T b);

    /// <summary>sqrt(a * 2^Top) for 2^Top &lt;= a &lt; 2^(Top+2); the last bit is also set if a remainder is left.</summary>
    static abstract T SquareRoot(T a);
}
