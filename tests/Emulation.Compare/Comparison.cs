namespace Emulation.Compare;

/// <summary>One measured quantity of both contenders; less is better.</summary>
/// <param name="Scenario">"start", "boot" or "bench".</param>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">"s" or "MiB".</param>
/// <param name="Ratio">QEMU's figure over ours: above 1, ours needed less. The median is that of the two
/// medians; the range is over the rounds, each round's two runs having been side by side in time.</param>
internal sealed record Comparison(string Scenario, string Name, string Unit, Spread Ours, Spread Reference, Spread Ratio)
{
    /// <summary>Ratio of the two best figures: the least disturbed by whatever else the machine was doing.</summary>
    public double BestRatio => Reference.Minimum / Ours.Minimum;

    /// <summary>Null when a round lacks one of the figures.</summary>
    public static Comparison? Of(string scenario, string name, string unit, IEnumerable<(double? Ours, double? Reference)> rounds)
    {
        List<(double Ours, double Reference)> complete = [];
        foreach ((double? ours, double? reference) in rounds)
        {
            if (ours is not > 0 || reference is not > 0)
                return null;
            complete.Add((ours.Value, reference.Value));
        }

        if (complete.Count == 0)
            return null;
        var oursSpread = Spread.Of(complete.Select(round => round.Ours));
        var referenceSpread = Spread.Of(complete.Select(round => round.Reference));
        var perRound = Spread.Of(complete.Select(round => round.Reference / round.Ours));
        return new Comparison(scenario, name, unit, oursSpread, referenceSpread,
            perRound with { Median = referenceSpread.Median / oursSpread.Median });
    }
}
