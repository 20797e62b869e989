namespace Emulation.Debugging;

/// <summary>A conditional branch.</summary>
/// <param name="Taken">How often it jumped.</param>
/// <param name="NotTaken">How often it did not.</param>
public sealed record BranchCoverage(ulong Taken, ulong NotTaken)
{
    /// <summary>How many of its two ways were gone.</summary>
    public int Covered => (Taken > 0 ? 1 : 0) + (NotTaken > 0 ? 1 : 0);
}

/// <summary>A line that has code.</summary>
/// <param name="Hits">How often it was executed.</param>
/// <param name="Branches">The conditional branches of its code, by address.</param>
public sealed record LineCoverage(ulong Hits, IReadOnlyDictionary<ulong, BranchCoverage> Branches)
{
    internal static LineCoverage None { get; } = new(0, new SortedDictionary<ulong, BranchCoverage>());

    internal LineCoverage With(LineCoverage other)
    {
        var branches = new SortedDictionary<ulong, BranchCoverage>(Branches.ToDictionary());
        foreach ((ulong pc, BranchCoverage branch) in other.Branches)
            branches[pc] = branches.TryGetValue(pc, out BranchCoverage? mine) ? new BranchCoverage(mine.Taken + branch.Taken, mine.NotTaken + branch.NotTaken) : branch;
        return new LineCoverage(Hits + other.Hits, branches);
    }
}

/// <summary>A function.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Calls">How often its first instruction was executed.</param>
public sealed record FunctionCoverage(int Line, ulong Calls);

/// <summary>A source file.</summary>
/// <param name="Path">Its path as the compiler named it.</param>
/// <param name="Lines">The lines that have code, by number.</param>
/// <param name="Functions">Its functions by name.</param>
public sealed record FileCoverage(string Path, IReadOnlyDictionary<int, LineCoverage> Lines, IReadOnlyDictionary<string, FunctionCoverage> Functions)
{
    internal FileCoverage With(FileCoverage other)
    {
        var lines = new SortedDictionary<int, LineCoverage>(Lines.ToDictionary());
        foreach ((int number, LineCoverage line) in other.Lines)
            lines[number] = lines.TryGetValue(number, out LineCoverage? mine) ? mine.With(line) : line;
        var functions = new SortedDictionary<string, FunctionCoverage>(Functions.ToDictionary(), StringComparer.Ordinal);
        foreach ((string name, FunctionCoverage function) in other.Functions)
            functions[name] = functions.TryGetValue(name, out FunctionCoverage? mine) ? mine with { Calls = mine.Calls + function.Calls } : function;
        return new FileCoverage(Path, lines, functions);
    }
}
