namespace Emulation.SoftFloat.Tests;

/// <summary>Reproducible operands with an emphasis on what goes wrong: limits, long runs of equal bits, near-equal numbers.</summary>
internal sealed class OperandSource(Format format, int seed)
{
    private readonly Random _random = new(seed);
    private UInt128 _previous;

    public UInt128 Next()
    {
        int fractionBits = format.Reference.FractionBits;
        UInt128 fractionMask = (UInt128.One << fractionBits) - 1;
        UInt128 value = _random.Next(8) switch
        {
            0 => Raw(),
            1 => Limit() + (UInt128)(Int128)_random.Next(-2, 3),
            2 => (_previous & ~fractionMask) | (Raw() & fractionMask),
            3 => _previous + (UInt128)(Int128)_random.Next(-3, 4),
            4 => WithExponent(_random.Next(-3, 4), Runs() & fractionMask),
            5 => WithExponent(_random.Next(-fractionBits - 4, fractionBits + 5), Runs() & fractionMask),
            6 => (Raw() & ~fractionMask) | (Runs() & fractionMask),
            _ => WithExponent(_random.Next(-fractionBits - 4, fractionBits + 5), Raw() & fractionMask),
        };
        value &= (format.SignBit << 1) - 1;
        _previous = value;
        return _random.Next(2) == 0 ? value : value ^ format.SignBit;
    }

    public UInt128 NextFinite()
    {
        UInt128 value;
        do
        {
            value = Next();
        }
        while (!format.Reference.IsFinite(value));
        return value;
    }

    private UInt128 Raw() => new((ulong)_random.NextInt64() << 1 ^ (ulong)_random.NextInt64(), (ulong)_random.NextInt64() << 1 ^ (ulong)_random.NextInt64());

    private UInt128 Runs()
    {
        UInt128 ones = (UInt128.One << _random.Next(128)) - 1;
        UInt128 hole = UInt128.One << _random.Next(128);
        return _random.Next(2) == 0 ? ones ^ hole : ~ones ^ hole;
    }

    private UInt128 WithExponent(int exponent, UInt128 fraction)
    {
        int field = Math.Clamp(exponent + format.Reference.Bias, 0, 2 * format.Reference.Bias);
        return ((UInt128)(uint)field << format.Reference.FractionBits) | fraction;
    }

    private UInt128 Limit() => _random.Next(8) switch
    {
        0 => 0,
        1 => UInt128.One << format.Reference.FractionBits,
        2 => format.One,
        3 => format.Infinity,
        4 => format.QuietNaN,
        5 => UInt128.One << (format.Reference.FractionBits / 2),
        6 => (UInt128)(uint)(format.Reference.Bias / 2) << format.Reference.FractionBits,
        _ => (UInt128)(uint)format.Reference.FractionBits << format.Reference.FractionBits,
    };
}
