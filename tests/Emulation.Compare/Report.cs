using System.Globalization;
using System.Text;

namespace Emulation.Compare;

/// <summary>Tables of the figures, for the terminal and as Markdown.</summary>
internal sealed class Report(HostFacts facts, Options options, IReadOnlyList<Comparison> comparisons, IReadOnlyList<string> failures)
{
    private static readonly string[] s_head = ["", "emu", "emu range", "QEMU", "QEMU range", "QEMU/emu", "ratio range", "best/best"];

    public string ToText()
    {
        List<string[]> rows = [s_head, .. comparisons.Select(Cells)];
        int[] widths = [.. s_head.Select((_, column) => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                // names to the left, figures to the right
                text.Append(column == 0 ? row[0].PadRight(widths[0]) : "  " + row[column].PadLeft(widths[column]));
            }

            text.Append('\n');
        }

        foreach (string failure in failures)
            text.Append($"FAILED {failure}\n");
        return text.ToString();
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("# emu and QEMU\n\n");
        text.Append($"- machine: {facts.Machine}, {facts.System}\n");
        text.Append($"- guest: {facts.Kernel} on RISC-V \"virt\", 512 MiB, {options.Cpus} CPU{(options.Cpus == 1 ? "" : "s")}\n");
        text.Append($"- emu: {facts.Emu}, engine {options.Engine}{(options.Profile ? ", with a saved profile" : "")}\n");
        text.Append($"- QEMU: {facts.Qemu}, TCG\n");
        text.Append($"- date: {facts.Date}; {options.Runs} round{(options.Runs == 1 ? "" : "s")}, the two in alternating order; benchmark scale {Number(options.Scale)}\n\n");
        text.Append("Medians and ranges; the ratio is that of the medians, its range is over the rounds. ");
        text.Append("Above 1, emu needed less. \"best/best\" compares the two least disturbed runs. Programs are timed by the guest's clock, all else from outside.\n\n");
        if (comparisons.Count > 0)
            text.Append("![ratios](report.svg)\n\n");
        text.Append($"| {string.Join(" | ", s_head)} |\n|---|{string.Concat(Enumerable.Repeat("---:|", s_head.Length - 1))}\n");
        foreach (Comparison comparison in comparisons)
            text.Append($"| {string.Join(" | ", Cells(comparison))} |\n");
        if (failures.Count > 0)
        {
            text.Append("\n## Failures\n\n");
            foreach (string failure in failures)
                text.Append($"```\n{failure}\n```\n");
        }

        return text.ToString();
    }

    private static string[] Cells(Comparison c) =>
    [
        $"{c.Scenario}: {c.Name}", $"{Number(c.Ours.Median)} {c.Unit}", Range(c.Ours),
        $"{Number(c.Reference.Median)} {c.Unit}", Range(c.Reference), Number(c.Ratio.Median), Range(c.Ratio),
        Number(c.BestRatio),
    ];

    private static string Range(Spread spread) => $"{Number(spread.Minimum)}..{Number(spread.Maximum)}";

    // three digits that mean something
    private static string Number(double value) =>
        value.ToString(value >= 100 ? "F0" : value >= 10 ? "F1" : value >= 0.1 ? "F2" : "F3", CultureInfo.InvariantCulture);
}
