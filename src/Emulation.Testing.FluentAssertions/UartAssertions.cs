using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about what came on a serial line. They do not run the board: see <see cref="TestUart.WaitForLine(string, TimeSpan?)"/>.</summary>
/// <param name="uart">The line.</param>
public sealed class UartAssertions(TestUart uart) : ReferenceTypeAssertions<TestUart, UartAssertions>(uart)
{
    /// <inheritdoc/>
    protected override string Identifier => "uart";

    /// <summary>A line came that contains a text.</summary>
    /// <param name="text">The text, or the whole line.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<UartAssertions> HaveReceivedLine(string text, string because = "", params object[] becauseArgs)
        => Check(Subject.Lines.Any(l => l.Text.Contains(text, StringComparison.Ordinal)), "have received the line {0}", text, because, becauseArgs);

    /// <summary>No line came that contains a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<UartAssertions> NotHaveReceivedLine(string text, string because = "", params object[] becauseArgs)
        => Check(!Subject.Lines.Any(l => l.Text.Contains(text, StringComparison.Ordinal)), "not have received the line {0}", text, because, becauseArgs);

    /// <summary>A text came, which may span lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<UartAssertions> HaveReceivedText(string text, string because = "", params object[] becauseArgs)
        => Check(Subject.ReceivedText.Contains(text, StringComparison.Ordinal), "have received {0}", text, because, becauseArgs);

    /// <summary>Nothing came at all.</summary>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<UartAssertions> HaveReceivedNothing(string because = "", params object[] becauseArgs)
        => Check(Subject.ReceivedCount == 0, "have received nothing", "", because, becauseArgs);

    private AndConstraint<UartAssertions> Check(bool holds, string what, string text, string because, object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(holds)
            .FailWith($"Expected {Subject.Name} to {what}{{reason}}.\n{{1}}", text, new Verbatim(Subject.Board.Report()));
        return new AndConstraint<UartAssertions>(this);
    }
}
