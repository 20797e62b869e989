using System.Globalization;
using System.Text;

namespace Emulation.Debugging;

/// <summary>Writes lcov trace files. lcov, geninfo(1), "Tracefile format".</summary>
internal static class LcovWriter
{
    public static string Write(CoverageReport report)
    {
        var text = new StringBuilder("TN:\n");
        foreach (FileCoverage file in report.Files)
        {
            Line(text, $"SF:{file.Path}");
            foreach ((string name, FunctionCoverage function) in file.Functions)
                Line(text, $"FN:{function.Line},{name}");
            foreach ((string name, FunctionCoverage function) in file.Functions)
                Line(text, $"FNDA:{function.Calls},{name}");
            Line(text, $"FNF:{file.Functions.Count}");
            Line(text, $"FNH:{file.Functions.Values.Count(static f => f.Calls > 0)}");
            Branches(text, file);
            foreach ((int number, LineCoverage line) in file.Lines)
                Line(text, $"DA:{number},{line.Hits}");
            Line(text, $"LF:{file.Lines.Count}");
            Line(text, $"LH:{file.Lines.Values.Count(static l => l.Hits > 0)}");
            text.Append("end_of_record\n");
        }

        return text.ToString();
    }

    private static void Branches(StringBuilder text, FileCoverage file)
    {
        int found = 0, hit = 0;
        foreach ((int number, LineCoverage line) in file.Lines)
        {
            int block = 0;
            foreach (BranchCoverage branch in line.Branches.Values)
            {
                bool reached = branch.Covered > 0;
                Line(text, $"BRDA:{number},{block},0,{(reached ? branch.NotTaken : "-")}");
                Line(text, $"BRDA:{number},{block++},1,{(reached ? branch.Taken : "-")}");
                found += 2;
                hit += branch.Covered;
            }
        }

        Line(text, $"BRF:{found}");
        Line(text, $"BRH:{hit}");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
