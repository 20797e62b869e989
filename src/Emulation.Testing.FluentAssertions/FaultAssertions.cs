using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about a fault.</summary>
/// <param name="fault">The fault.</param>
public sealed class FaultAssertions(Fault fault) : ReferenceTypeAssertions<Fault, FaultAssertions>(fault)
{
    /// <inheritdoc/>
    protected override string Identifier => "fault";

    /// <summary>It happened.</summary>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<FaultAssertions> HaveFired(string because = "", params object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(Subject.Fired)
            .FailWith("Expected the fault to have happened{reason}: {0}.\n{1}", new Verbatim(Subject.Description), new Verbatim(Subject.Board.Report()));
        return new AndConstraint<FaultAssertions>(this);
    }

    /// <summary>It did not happen.</summary>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<FaultAssertions> NotHaveFired(string because = "", params object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(!Subject.Fired).FailWith("Expected the fault not to have happened{reason}: {0}.", new Verbatim(Subject.ToString()));
        return new AndConstraint<FaultAssertions>(this);
    }
}
