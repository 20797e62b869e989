using Emulation.Debugging;
using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about the depth of a stack.</summary>
/// <param name="stack">The stack.</param>
public sealed class StackAssertions(IStackUse stack) : ReferenceTypeAssertions<IStackUse, StackAssertions>(stack)
{
    /// <inheritdoc/>
    protected override string Identifier => "stack";

    /// <summary>So many bytes were never used.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<StackAssertions> HaveFree(ulong bytes, string because = "", params object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(Subject.Free >= bytes)
            .FailWith("Expected {0} bytes of stack to stay free{reason}, but {1}.", bytes, new Verbatim($"{Subject}: {Subject.Free} stayed free"));
        return new AndConstraint<StackAssertions>(this);
    }
}
