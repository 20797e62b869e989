namespace Emulation.Compare.Tests;

public sealed class ComparisonTests
{
    [TestCase(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [TestCase(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    [TestCase(new[] { 7.0 }, 7.0)]
    public void Median_of_odd_and_even_counts(double[] values, double median)
    {
        Spread.Of(values).Should().Be(new Spread(median, values.Min(), values.Max()));
    }

    [Test]
    public void Ratio_is_of_the_medians_and_its_range_over_the_rounds()
    {
        Comparison? comparison = Comparison.Of("boot", "BOOT-OK", "s", [(1, 2), (2, 2), (4, 6)]);

        comparison!.Ratio.Should().Be(new Spread(1, 1, 2));
    }

    [Test]
    public void A_figure_missing_in_one_round_leaves_nothing_to_compare()
    {
        Comparison.Of("bench", "crc", "s", [(1, 2), (null, 2)]).Should().BeNull();
        Comparison.Of("bench", "crc", "s", []).Should().BeNull();
    }
}
