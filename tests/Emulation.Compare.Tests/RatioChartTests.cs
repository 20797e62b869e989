using System.Globalization;
using System.Xml.Linq;

namespace Emulation.Compare.Tests;

public sealed class RatioChartTests
{
    [Test]
    public void Faster_bars_grow_right_from_one_and_slower_ones_left()
    {
        XElement[] bars = Bars(Chart(Row("crc", 2, 1.5, 3), Row("vm", 0.5, 0.4, 0.6)));

        double one = Left(bars[0]);
        (Left(bars[1]) + Length(bars[1])).Should().BeApproximately(one, 0.11);
        Length(bars[0]).Should().BeApproximately(Length(bars[1]), 0.11, "twice and half are equally far from one");
    }

    [Test]
    public void Text_is_escaped()
    {
        Chart(Row("a<b", 1, 1, 1)).Value.Should().Contain("bench: a<b");
    }

    [Test]
    public void No_rows_still_draw()
    {
        Bars(Chart()).Should().BeEmpty();
    }

    private static XElement Chart(params Comparison[] rows) => XElement.Parse(RatioChart.Draw(rows, "machine & date"));

    // the first rectangle is the background
    private static XElement[] Bars(XElement svg) => [.. svg.Elements().Where(e => e.Name.LocalName == "rect").Skip(1)];

    private static double Left(XElement bar) => double.Parse(bar.Attribute("x")!.Value, CultureInfo.InvariantCulture);

    private static double Length(XElement bar) => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture);

    private static Comparison Row(string name, double median, double low, double high) =>
        new("bench", name, "s", new Spread(1, 1, 1), new Spread(1, 1, 1), new Spread(median, low, high));
}
