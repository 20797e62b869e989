using Emulation.Debugging;
using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about what was said on buses.</summary>
/// <param name="transcript">The transcript.</param>
public sealed class TranscriptAssertions(BusTranscript transcript) : ReferenceTypeAssertions<BusTranscript, TranscriptAssertions>(transcript)
{
    /// <inheritdoc/>
    protected override string Identifier => "transcript";

    /// <summary>An entry has a text.</summary>
    /// <param name="text">The text, or a part of it.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<TranscriptAssertions> Contain(string text, string because = "", params object[] becauseArgs) => Check(true, text, because, becauseArgs);

    /// <summary>No entry has a text.</summary>
    /// <param name="text">The text, or a part of it.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<TranscriptAssertions> NotContain(string text, string because = "", params object[] becauseArgs) => Check(false, text, because, becauseArgs);

    private AndConstraint<TranscriptAssertions> Check(bool wanted, string text, string because, object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(Subject.Entries.Any(e => e.Text.Contains(text, StringComparison.Ordinal)) == wanted)
            .FailWith($"Expected the transcript {(wanted ? "" : "not ")}to contain {{0}}{{reason}}, but it is:\n{{1}}", text, new Verbatim(Subject.ToString()));
        return new AndConstraint<TranscriptAssertions>(this);
    }
}
