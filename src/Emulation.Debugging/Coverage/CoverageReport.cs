namespace Emulation.Debugging;

/// <summary>Which lines and branches of a firmware's source were executed. Reports of several runs can be merged; it is immutable.</summary>
public sealed class CoverageReport
{
    private CoverageReport(IReadOnlyList<FileCoverage> files) => Files = files;

    /// <summary>A report without files: where merging starts.</summary>
    public static CoverageReport Empty { get; } = new([]);

    /// <summary>The source files, by path.</summary>
    public IReadOnlyList<FileCoverage> Files { get; }

    /// <summary>Lines that have code.</summary>
    public int Lines => Files.Sum(static f => f.Lines.Count);

    /// <summary>Lines that were executed.</summary>
    public int CoveredLines => Files.Sum(static f => f.Lines.Values.Count(static l => l.Hits > 0));

    /// <summary>Ways that conditional branches can go.</summary>
    public int BranchOutcomes => Files.Sum(static f => f.Lines.Values.Sum(static l => 2 * l.Branches.Count));

    /// <summary>Ways that conditional branches went.</summary>
    public int CoveredBranchOutcomes => Files.Sum(static f => f.Lines.Values.Sum(static l => l.Branches.Values.Sum(static b => b.Covered)));

    /// <summary>A file by its name or the end of its path; null when no code comes from it.</summary>
    /// <param name="name">Such as <c>app.c</c>.</param>
    public FileCoverage? File(string name) => Files.FirstOrDefault(f => LineTable.IsFile(f.Path, name));

    /// <summary>How often a line was executed; null when it has no code.</summary>
    /// <param name="file">A file's name or the end of its path.</param>
    /// <param name="line">Line, from 1.</param>
    public ulong? Hits(string file, int line) => File(file)?.Lines.GetValueOrDefault(line)?.Hits;

    /// <summary>Adds up reports, also of different builds.</summary>
    /// <param name="reports">The reports.</param>
    public static CoverageReport Merge(params IEnumerable<CoverageReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var files = new SortedDictionary<string, FileCoverage>(StringComparer.Ordinal);
        foreach (FileCoverage file in reports.SelectMany(static r => r.Files))
            files[file.Path] = files.TryGetValue(file.Path, out FileCoverage? other) ? other.With(file) : file;
        return new CoverageReport([.. files.Values]);
    }

    /// <summary>Writes the report as Cobertura XML.</summary>
    /// <param name="path">The file.</param>
    public void SaveCobertura(string path)
    {
        using FileStream stream = System.IO.File.Create(path);
        CoberturaWriter.Write(this, stream);
    }

    /// <summary>Writes the report as an lcov trace file.</summary>
    /// <param name="path">The file; by custom it ends in .info.</param>
    public void SaveLcov(string path) => System.IO.File.WriteAllText(path, LcovWriter.Write(this));

    /// <inheritdoc/>
    public override string ToString() => $"{CoveredLines} of {Lines} lines, {CoveredBranchOutcomes} of {BranchOutcomes} branch outcomes";

    internal static CoverageReport Create(FirmwareImage firmware, Func<ulong, ulong> count, IEnumerable<(ulong Pc, ulong Taken, ulong NotTaken)> branches)
    {
        var lines = new Dictionary<(string File, int Line), LineCoverage>();
        foreach (LineEntry entry in firmware.Lines.Entries.Concat(firmware.Lines.EmptyStatements))
        {
            // code that no statement begins with is there because the compiler moved it: that it ran does not say that the line did
            if (entry.Line <= 0 || !entry.IsStatement)
                continue;
            LineCoverage line = lines.GetValueOrDefault((entry.File, entry.Line)) ?? LineCoverage.None;
            lines[(entry.File, entry.Line)] = line with { Hits = Math.Max(line.Hits, count(entry.Address)) };
        }

        // those that were not reached have gone neither way
        var all = new SortedDictionary<ulong, (ulong Taken, ulong NotTaken)>();
        foreach (ulong pc in firmware.Branches)
            all[pc] = default;

        foreach ((ulong pc, ulong taken, ulong notTaken) in branches)
            all[pc] = (taken, notTaken);
        foreach ((ulong pc, (ulong taken, ulong notTaken)) in all)
        {
            if (firmware.Lines.Find(pc) is not { Line: > 0 } at || !lines.TryGetValue((at.File, at.Line), out LineCoverage? line))
                continue;
            lines[(at.File, at.Line)] = line with { Branches = new SortedDictionary<ulong, BranchCoverage>(line.Branches.ToDictionary()) { [pc] = new BranchCoverage(taken, notTaken) } };
        }

        var files = new SortedDictionary<string, FileCoverage>(StringComparer.Ordinal);
        foreach (IGrouping<string, KeyValuePair<(string File, int Line), LineCoverage>> file in lines.GroupBy(static l => l.Key.File))
            files.Add(file.Key, new FileCoverage(file.Key, new SortedDictionary<int, LineCoverage>(file.ToDictionary(static l => l.Key.Line, static l => l.Value)), FunctionsOf(firmware, file.Key, count)));
        return new CoverageReport([.. files.Values]);
    }

    private static SortedDictionary<string, FunctionCoverage> FunctionsOf(FirmwareImage firmware, string file, Func<ulong, ulong> count)
    {
        var functions = new SortedDictionary<string, FunctionCoverage>(StringComparer.Ordinal);
        foreach (Symbol symbol in firmware.Symbols.All)
        {
            if (symbol.Kind == SymbolKind.Function && firmware.Lines.Find(symbol.Address) is { } line && line.File == file)
                functions[symbol.Name] = new FunctionCoverage(line.Line, count(symbol.Address));
        }

        // each place where a function was inlined counts for it, too
        foreach (InlinedCall call in firmware.Inlined.Calls)
        {
            if (call.File != file || call.Line <= 0)
                continue;
            FunctionCoverage own = functions.GetValueOrDefault(call.Function) ?? new FunctionCoverage(call.Line, 0);
            functions[call.Function] = own with { Calls = own.Calls + count(call.Entry) };
        }

        return functions;
    }
}
