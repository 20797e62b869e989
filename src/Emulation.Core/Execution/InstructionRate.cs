using System.Numerics;

namespace Emulation.Core;

/// <summary>How fast deterministic time passes: a rational number of instructions per second.</summary>
/// <remarks>Times are computed from absolute counts with 128-bit products, so no rounding accumulates however long a run is.</remarks>
public readonly record struct InstructionRate
{
    // nanoseconds per instruction as a reduced fraction
    private readonly ulong _numerator;
    private readonly ulong _denominator;

    /// <summary>Creates the rate <paramref name="instructions"/> / <paramref name="seconds"/>.</summary>
    /// <param name="instructions">Instructions, at least 1.</param>
    /// <param name="seconds">Seconds they take: 1 to 1,000,000,000.</param>
    public InstructionRate(ulong instructions, ulong seconds = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(instructions);
        ArgumentOutOfRangeException.ThrowIfZero(seconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, 1_000_000_000UL);
        ulong nanoseconds = seconds * 1_000_000_000UL;
        ulong divisor = (ulong)BigInteger.GreatestCommonDivisor(nanoseconds, instructions);
        _numerator = nanoseconds / divisor;
        _denominator = instructions / divisor;
    }

    private InstructionRate((ulong Numerator, ulong Denominator) nanoseconds) => (_numerator, _denominator) = nanoseconds;

    /// <summary>One instruction per nanosecond.</summary>
    public static InstructionRate Default => new(1_000_000_000);

    /// <summary>Nanoseconds per instruction are this number divided by <see cref="Denominator"/>; a reduced fraction.</summary>
    public ulong Numerator => _numerator == 0 ? 1 : _numerator;

    /// <summary>See <see cref="Numerator"/>.</summary>
    public ulong Denominator => _denominator == 0 ? 1 : _denominator;

    /// <summary>Creates the rate of a CPU that executes one instruction per clock.</summary>
    /// <param name="hertz">Clock frequency in hertz.</param>
    public static InstructionRate PerSecond(ulong hertz) => new(hertz);

    /// <summary>Creates the rate of a CPU that executes one instruction per cycle of a clock.</summary>
    /// <param name="frequency">Not zero.</param>
    internal static InstructionRate Of(Frequency frequency)
    {
        // nanoseconds per cycle are the inverse of cycles per nanosecond
        Frequency perNanosecond = frequency.Scale(1, VirtualClock.Second);
        return FromFraction(perNanosecond.Denominator, perNanosecond.Numerator);
    }

    internal static InstructionRate FromFraction(ulong numerator, ulong denominator) => new((numerator, denominator));

    /// <summary>Nanoseconds that <paramref name="instructions"/> take, rounded down; <see cref="long.MaxValue"/> where that overflows.</summary>
    /// <param name="instructions">Instructions.</param>
    public long NanosecondsFor(ulong instructions)
    {
        ulong high = Math.BigMul(instructions, Numerator, out ulong low);
        if (high == 0)
            return (long)Math.Min(low / Denominator, long.MaxValue);
        UInt128 time = new UInt128(high, low) / Denominator;
        return time > long.MaxValue ? long.MaxValue : (long)time;
    }

    /// <summary>The fewest instructions that take at least <paramref name="nanoseconds"/>; <see cref="long.MaxValue"/> where that overflows.</summary>
    /// <param name="nanoseconds">Nanoseconds; negative counts as 0.</param>
    public long InstructionsFor(long nanoseconds)
    {
        if (nanoseconds <= 0)
            return 0;
        UInt128 count = (((UInt128)(ulong)nanoseconds * Denominator) + Numerator - 1) / Numerator;
        return count > long.MaxValue ? long.MaxValue : (long)count;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Numerator}/{Denominator} ns per instruction";
}
