using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Assertions about a signal. Those about time run the board.</summary>
/// <param name="signal">The signal.</param>
public sealed class SignalAssertions(TestSignal signal) : ReferenceTypeAssertions<TestSignal, SignalAssertions>(signal)
{
    /// <inheritdoc/>
    protected override string Identifier => "signal";

    /// <summary>Runs for a number of periods: each has to last as long as is said.</summary>
    /// <param name="period">What each has to last.</param>
    /// <param name="tolerance">How much of it a period may differ by; null for not at all.</param>
    /// <param name="cycles">Number of periods.</param>
    /// <param name="duty">The share at high level; null for any.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndWhichConstraint<SignalAssertions, ToggleMeasurement> Toggle(TimeSpan period, Percentage? tolerance = null, int cycles = 1, Percentage? duty = null, string because = "", params object[] becauseArgs)
    {
        ToggleMeasurement? measured = Attempt(() => Subject.CheckToggle(period, tolerance ?? default, cycles, duty), because, becauseArgs);
        return new AndWhichConstraint<SignalAssertions, ToggleMeasurement>(this, measured!);
    }

    /// <summary>It is on now.</summary>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<SignalAssertions> BeOn(string because = "", params object[] becauseArgs) => Be(true, because, becauseArgs);

    /// <summary>It is off now.</summary>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<SignalAssertions> BeOff(string because = "", params object[] becauseArgs) => Be(false, because, becauseArgs);

    /// <summary>Runs until it is on.</summary>
    /// <param name="within">At most this much virtual time.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<SignalAssertions> TurnOn(TimeSpan within, string because = "", params object[] becauseArgs) => Turn(true, within, because, becauseArgs);

    /// <summary>Runs until it is off.</summary>
    /// <param name="within">At most this much virtual time.</param>
    /// <param name="because">Why.</param>
    /// <param name="becauseArgs">Arguments of <paramref name="because"/>.</param>
    public AndConstraint<SignalAssertions> TurnOff(TimeSpan within, string because = "", params object[] becauseArgs) => Turn(false, within, because, becauseArgs);

    private AndConstraint<SignalAssertions> Turn(bool on, TimeSpan within, string because, object[] becauseArgs)
    {
        Attempt(() =>
        {
            Subject.WaitForLevel(on, within);
            return true;
        }, because, becauseArgs);
        return new AndConstraint<SignalAssertions>(this);
    }

    private AndConstraint<SignalAssertions> Be(bool on, string because, object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(Subject.IsOn == on)
            .FailWith("Expected {0} to be {1}{reason}, but it is not.\n{2}", Subject.Name, on ? "on" : "off", new Verbatim(Subject.Board.Report()));
        return new AndConstraint<SignalAssertions>(this);
    }

    private static T? Attempt<T>(Func<T> action, string because, object[] becauseArgs)
    {
        try
        {
            return action();
        }
        catch (FirmwareTestException e)
        {
            Execute.Assertion.BecauseOf(because, becauseArgs).FailWith("{0}{reason}\n{1}", new Verbatim(e.Summary), new Verbatim(e.Report));
            return default;
        }
    }
}
