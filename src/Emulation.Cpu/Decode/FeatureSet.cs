namespace Emulation.Cpu.Decode;

/// <summary>A set of up to 256 features of an instruction set, by the numbers its <see cref="EncodingSchema"/> gives them.</summary>
public readonly record struct FeatureSet
{
    private readonly ulong _a, _b, _c, _d;

    private FeatureSet(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>Number of features a set can hold.</summary>
    public const int Capacity = 256;

    /// <summary>The set of one feature.</summary>
    /// <param name="feature">0 to 255.</param>
    public static FeatureSet Of(int feature)
    {
        ulong bit = 1UL << (feature & 63);
        return (feature >> 6) switch
        {
            0 => new(bit, 0, 0, 0),
            1 => new(0, bit, 0, 0),
            2 => new(0, 0, bit, 0),
            3 => new(0, 0, 0, bit),
            _ => throw new ArgumentOutOfRangeException(nameof(feature), feature, "a feature set holds 256 features"),
        };
    }

    /// <summary>Whether a feature is in the set.</summary>
    /// <param name="feature">0 to 255.</param>
    public bool Has(int feature)
    {
        ulong word = (feature >> 6) switch
        {
            0 => _a,
            1 => _b,
            2 => _c,
            3 => _d,
            _ => throw new ArgumentOutOfRangeException(nameof(feature), feature, "a feature set holds 256 features"),
        };
        return ((word >> (feature & 63)) & 1) != 0;
    }

    /// <summary>Whether every feature of <paramref name="other"/> is in the set.</summary>
    /// <param name="other">Another set.</param>
    public bool ContainsAll(in FeatureSet other)
        => ((other._a & ~_a) | (other._b & ~_b) | (other._c & ~_c) | (other._d & ~_d)) == 0;

    /// <summary>Features of both.</summary>
    /// <param name="x">A set.</param>
    /// <param name="y">Another set.</param>
    public static FeatureSet operator |(in FeatureSet x, in FeatureSet y)
        => new(x._a | y._a, x._b | y._b, x._c | y._c, x._d | y._d);

    /// <summary>Features of <paramref name="x"/> that are not in <paramref name="y"/>.</summary>
    /// <param name="x">A set.</param>
    /// <param name="y">Another set.</param>
    public static FeatureSet operator -(in FeatureSet x, in FeatureSet y)
        => new(x._a & ~y._a, x._b & ~y._b, x._c & ~y._c, x._d & ~y._d);
}
