using System.Collections.Concurrent;

namespace Emulation.Boot.Tests;

/// <summary>Deterministic boots of one setup, which must all go the same way whatever executes them.</summary>
internal sealed class Agreement
{
    private readonly ConcurrentDictionary<GuestSetup, (BootCase Case, BootOutcome Outcome)> _first = [];

    /// <summary>Compares an outcome with the first one of its setup.</summary>
    public void Check(BootCase boot, BootOutcome outcome)
    {
        (BootCase other, BootOutcome expected) = _first.GetOrAdd(boot.Setup, (boot, outcome));
        outcome.Marker.Should().Be(expected.Marker, $"{boot} and {other} are at the marker");
        outcome.End.Should().Be(expected.End, $"{boot} and {other} have powered off");
        outcome.Console.Should().Be(expected.Console, $"{boot} and {other} have powered off");
    }
}
