using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about a variable with the type that its source gives it.</summary>
/// <param name="value">The variable.</param>
public sealed class ValueAssertions(FirmwareValue value) : ReferenceTypeAssertions<FirmwareValue, ValueAssertions>(value)
{
    /// <inheritdoc/>
    protected override string Identifier => "variable";

    /// <summary>It is a number now.</summary>
    /// <param name="expected">The number.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<ValueAssertions> HaveValue(long expected, string because = "", params object[] becauseArgs)
        => Check(Subject.Number == expected, expected, because, becauseArgs);

    /// <summary>It has a value now as <see cref="FirmwareValue.Text"/> shows it: <c>RUNNING</c>, <c>{x = 1, y = 2}</c>.</summary>
    /// <param name="expected">The text; of text in an array, without quotes, too.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<ValueAssertions> HaveValue(string expected, string because = "", params object[] becauseArgs)
        => Check(Subject.Text is var text && (text == expected || text == $"\"{expected}\""), new Verbatim(expected), because, becauseArgs);

    private AndConstraint<ValueAssertions> Check(bool holds, object expected, string because, object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(holds)
            .FailWith("Expected {0} to be {1}{reason}, but it is {2}.\n{3}", new Verbatim(Subject.Name), expected, new Verbatim(Subject.Text), new Verbatim(Subject.Board.Report()));
        return new AndConstraint<ValueAssertions>(this);
    }
}
