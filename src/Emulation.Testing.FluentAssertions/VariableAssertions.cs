using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about a variable of the firmware.</summary>
/// <typeparam name="T">Its type.</typeparam>
/// <param name="variable">The variable.</param>
public sealed class VariableAssertions<T>(FirmwareVariable<T> variable) : ReferenceTypeAssertions<FirmwareVariable<T>, VariableAssertions<T>>(variable)
    where T : unmanaged
{
    /// <inheritdoc/>
    protected override string Identifier => "variable";

    /// <summary>It has a value now.</summary>
    /// <param name="expected">The value.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<VariableAssertions<T>> HaveValue(T expected, string because = "", params object[] becauseArgs)
    {
        T actual = Subject.Value;
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(EqualityComparer<T>.Default.Equals(actual, expected))
            .FailWith("Expected {0} to be {1}{reason}, but it is {2}.\n{3}", new Verbatim(Subject.Name), expected, actual, new Verbatim(Subject.Board.Report()));
        return new AndConstraint<VariableAssertions<T>>(this);
    }

    /// <summary>Its value fulfils a condition now.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<VariableAssertions<T>> Satisfy(Func<T, bool> condition, string because = "", params object[] becauseArgs)
    {
        T actual = Subject.Value;
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(condition(actual))
            .FailWith("Expected {0} to satisfy the condition{reason}, but it is {1}.\n{2}", new Verbatim(Subject.Name), actual, new Verbatim(Subject.Board.Report()));
        return new AndConstraint<VariableAssertions<T>>(this);
    }
}
