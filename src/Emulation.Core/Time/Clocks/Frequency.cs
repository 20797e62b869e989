using System.Numerics;

namespace Emulation.Core;

/// <summary>A frequency as an exact, reduced fraction of hertz. The default value is 0 Hz: a clock that stands still.</summary>
/// <remarks>Counts and times are computed with 128-bit products from absolute values; nothing accumulates.</remarks>
public readonly record struct Frequency
{
    private readonly ulong _denominator;

    /// <summary>Creates <paramref name="numerator"/> / <paramref name="denominator"/> hertz.</summary>
    /// <param name="numerator">Cycles; 0 for a clock that stands still.</param>
    /// <param name="denominator">Seconds they take; at least 1.</param>
    public Frequency(ulong numerator, ulong denominator = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(denominator);
        ulong divisor = numerator == 0 ? denominator : (ulong)BigInteger.GreatestCommonDivisor(numerator, denominator);
        Numerator = numerator / divisor;
        _denominator = denominator / divisor;
    }

    /// <summary>Cycles in <see cref="Denominator"/> seconds.</summary>
    public ulong Numerator { get; }

    /// <summary>See <see cref="Numerator"/>.</summary>
    public ulong Denominator => _denominator == 0 ? 1 : _denominator;

    /// <summary>Whether the clock stands still.</summary>
    public bool IsZero => Numerator == 0;

    /// <summary>The frequency in hertz, rounded to the nearest double.</summary>
    public double Hertz => (double)Numerator / Denominator;

    /// <summary>A whole number of hertz.</summary>
    /// <param name="hertz">Hertz.</param>
    public static implicit operator Frequency(ulong hertz) => new(hertz);

    /// <summary>A whole number of hertz.</summary>
    /// <param name="hertz">Hertz.</param>
    public static Frequency FromUInt64(ulong hertz) => new(hertz);

    /// <summary>The frequency times a fraction.</summary>
    /// <param name="multiplier">Factor.</param>
    /// <param name="divider">Divisor; at least 1.</param>
    /// <exception cref="OverflowException">The result needs more than 64 bits.</exception>
    public Frequency Scale(ulong multiplier, ulong divider = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(divider);
        BigInteger numerator = (BigInteger)Numerator * multiplier;
        BigInteger denominator = (BigInteger)Denominator * divider;
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return new Frequency((ulong)(numerator / common), (ulong)(denominator / common));
    }

    /// <summary>Whole cycles that pass in a time, counted from its beginning; <see cref="ulong.MaxValue"/> where that overflows.</summary>
    /// <param name="nanoseconds">The time; negative counts as 0.</param>
    public ulong CyclesIn(long nanoseconds)
    {
        if (nanoseconds <= 0)
            return 0;
        UInt128 product = (UInt128)(ulong)nanoseconds * Numerator;
        UInt128 cycles = product / ((UInt128)Denominator * VirtualClock.Second);
        return cycles > ulong.MaxValue ? ulong.MaxValue : (ulong)cycles;
    }

    /// <summary>The least time in which <paramref name="cycles"/> whole cycles pass, in nanoseconds; <see cref="long.MaxValue"/> where that overflows or the clock stands still.</summary>
    /// <param name="cycles">Cycles.</param>
    public long TimeOf(ulong cycles)
    {
        if (cycles == 0)
            return 0;
        if (IsZero)
            return long.MaxValue;
        UInt128 unit = (UInt128)Denominator * VirtualClock.Second;
        if (unit > UInt128.MaxValue / cycles)
            return long.MaxValue;
        UInt128 time = ((unit * cycles) + Numerator - 1) / Numerator;
        return time > long.MaxValue ? long.MaxValue : (long)time;
    }

    /// <inheritdoc/>
    public override string ToString() => Denominator == 1 ? $"{Numerator} Hz" : $"{Numerator}/{Denominator} Hz";
}
