using System.Globalization;
using System.Net;
using System.Text;

namespace Emulation.Compare;

/// <summary>
/// Bars of the ratios as SVG. The scale is logarithmic around 1, so that twice as fast and half as fast
/// are equally long; a whisker shows the range over the rounds.
/// </summary>
internal static class RatioChart
{
    private const int Width = 860;
    private const int LabelWidth = 170;
    private const int ValueWidth = 70;
    private const int RowHeight = 22;
    private const int BarHeight = 12;
    private const int Top = 56;
    private const int Bottom = 34;

    public static string Draw(IReadOnlyList<Comparison> comparisons, string title)
    {
        // whole octaves that hold every whisker, at least from one half to two
        int low = -1, high = 1;
        foreach (Comparison comparison in comparisons)
        {
            low = Math.Min(low, (int)Math.Floor(Math.Log2(comparison.Ratio.Minimum)));
            high = Math.Max(high, (int)Math.Ceiling(Math.Log2(comparison.Ratio.Maximum)));
        }

        double X(double ratio) =>
            LabelWidth + (Math.Log2(ratio) - low) / (high - low) * (Width - LabelWidth - ValueWidth);

        int chartBottom = Top + comparisons.Count * RowHeight;
        int height = chartBottom + Bottom;
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" ");
        svg.Append($"viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append($"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        Text(svg, 12, 22, "start", "QEMU / emu: above 1, emu needed less", "#111111", "bold");
        Text(svg, 12, 40, "start", title, "#555555");
        for (int octave = low; octave <= high; octave++)
        {
            double x = X(Math.Pow(2, octave));
            string colour = octave == 0 ? "#111111" : "#dddddd";
            svg.Append($"<line x1=\"{F(x)}\" y1=\"{Top}\" x2=\"{F(x)}\" y2=\"{chartBottom}\" stroke=\"{colour}\"/>\n");
            Text(svg, x, chartBottom + 18, "middle", octave < 0 ? $"1/{1 << -octave}" : $"{1 << octave}", "#555555");
        }

        for (int row = 0; row < comparisons.Count; row++)
            Bar(svg, comparisons[row], Top + row * RowHeight + RowHeight / 2, X);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static void Bar(StringBuilder svg, Comparison comparison, int y, Func<double, double> x)
    {
        Spread ratio = comparison.Ratio;
        double from = x(Math.Min(1, ratio.Median)), to = x(Math.Max(1, ratio.Median));
        string colour = ratio.Median >= 1 ? "#2a8a4a" : "#c0562f";
        Text(svg, LabelWidth - 8, y + 4, "end", $"{comparison.Scenario}: {comparison.Name}", "#111111");
        svg.Append($"<rect x=\"{F(from)}\" y=\"{y - BarHeight / 2}\" width=\"{F(to - from)}\" height=\"{BarHeight}\" fill=\"{colour}\"/>\n");
        svg.Append($"<path d=\"M{F(x(ratio.Minimum))} {y}H{F(x(ratio.Maximum))}");
        foreach (double end in (double[])[ratio.Minimum, ratio.Maximum])
            svg.Append($"M{F(x(end))} {y - 4}V{y + 4}");
        svg.Append("\" stroke=\"#111111\" fill=\"none\"/>\n");
        Text(svg, Width - 8, y + 4, "end", ratio.Median.ToString("F2", CultureInfo.InvariantCulture), "#111111");
    }

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text, string colour, string weight = "normal") =>
        svg.Append($"<text x=\"{F(x)}\" y=\"{F(y)}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-weight=\"{weight}\">{WebUtility.HtmlEncode(text)}</text>\n");

    private static string F(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
