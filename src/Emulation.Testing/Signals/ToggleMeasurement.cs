namespace Emulation.Testing;

/// <summary>How a signal toggled.</summary>
/// <param name="Periods">Nanoseconds from each rising edge to the next.</param>
/// <param name="HighTimes">Nanoseconds of high level in each period.</param>
public sealed record ToggleMeasurement(IReadOnlyList<long> Periods, IReadOnlyList<long> HighTimes)
{
    /// <summary>The mean period in nanoseconds.</summary>
    public double Period => Periods.Average();

    /// <summary>The shortest period in nanoseconds.</summary>
    public long MinPeriod => Periods.Min();

    /// <summary>The longest period in nanoseconds.</summary>
    public long MaxPeriod => Periods.Max();

    /// <summary>The share of the time at high level.</summary>
    public Percentage Duty => new(100.0 * HighTimes.Sum() / Periods.Sum());

    /// <inheritdoc/>
    public override string ToString() => $"{Periods.Count} periods of {MinPeriod} to {MaxPeriod} ns, {Duty} high";
}
