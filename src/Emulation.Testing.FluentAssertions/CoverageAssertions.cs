using Emulation.Debugging;
using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about coverage.</summary>
/// <param name="report">The report.</param>
public sealed class CoverageAssertions(CoverageReport report) : ReferenceTypeAssertions<CoverageReport, CoverageAssertions>(report)
{
    /// <inheritdoc/>
    protected override string Identifier => "coverage";

    /// <summary>Each of some lines that has code was executed.</summary>
    /// <param name="file">A file's name or the end of its path.</param>
    /// <param name="lines">The lines; none for all of the file.</param>
    public AndConstraint<CoverageAssertions> Cover(string file, params IEnumerable<int> lines)
    {
        FileCoverage? found = Subject.File(file);
        int[] wanted = [.. lines];
        Execute.Assertion.ForCondition(found is not null).FailWith("Expected coverage of {0}, but no code comes from it; there is {1}.", file, Subject.Files.Select(static f => f.Path));
        if (found is null)
            return new AndConstraint<CoverageAssertions>(this);
        int[] missed = [.. found.Lines.Where(l => l.Value.Hits == 0 && (wanted.Length == 0 || wanted.Contains(l.Key))).Select(static l => l.Key)];
        Execute.Assertion.ForCondition(missed.Length == 0).FailWith("Expected these lines of {0} to be executed, but they were not: {1}.", file, missed);
        return new AndConstraint<CoverageAssertions>(this);
    }

    /// <summary>At least a share of the lines was executed.</summary>
    /// <param name="share">The share.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<CoverageAssertions> CoverAtLeast(Percentage share, string because = "", params object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(Subject.Lines > 0 && 100.0 * Subject.CoveredLines / Subject.Lines >= share.Value)
            .FailWith("Expected {0} of the lines to be executed{reason}, but it was {1}.", share, new Verbatim(Subject.ToString()));
        return new AndConstraint<CoverageAssertions>(this);
    }
}
