using Emulation.Core;
using Emulation.Cpu;
using static Emulation.Boot.Tests.Firmware;
using static Emulation.Core.TimeMode;

namespace Emulation.Boot.Tests;

/// <summary>An unmodified Debian kernel reaches user space, computes and powers off: a small choice of the combinations in which every pair of choices meets.</summary>
[TestFixture]
[Category("Boot")]
[Parallelizable(ParallelScope.All)]
public sealed class BootTests
{
    private readonly Agreement _agreement = new();

    // the slowest first, for two run at a time; three of them are one setup on every engine
    private static IEnumerable<BootCase> Cases =>
    [
        new(new GuestSetup(FwJump, 1, Disk: true), EngineKind.Interpreter, RealTime),
        new(new GuestSetup(BuiltIn, 4, Disk: true), EngineKind.Tier0, RealTime),
        new(new GuestSetup(FwDynamic, 4, Disk: false), EngineKind.Interpreter, RealTime),
        new(new GuestSetup(FwDynamic, 1, Disk: true), EngineKind.Tier0, Deterministic),
        new(new GuestSetup(BuiltIn, 1, Disk: false), EngineKind.Interpreter, Deterministic),
        new(new GuestSetup(FwDynamic, 4, Disk: true), EngineKind.Jit, Deterministic),
        new(new GuestSetup(FwJump, 4, Disk: false), EngineKind.Tier0, Deterministic),
        new(new GuestSetup(BuiltIn, 1, Disk: false), EngineKind.Tier0, Deterministic),
        new(new GuestSetup(BuiltIn, 1, Disk: false), EngineKind.Jit, Deterministic),
        new(new GuestSetup(FwJump, 1, Disk: false), EngineKind.Jit, RealTime),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Boots(BootCase boot)
    {
        BootOutcome outcome = Boot.Complete(boot);
        if (boot.Time == Deterministic)
            _agreement.Check(boot, outcome);
    }

    [Test]
    public void Every_pair_of_choices_meets()
        => Cases.SelectMany(Pairs).Should().Contain(BootCase.All.SelectMany(Pairs).Distinct());

    private static IEnumerable<(object, object)> Pairs(BootCase boot)
    {
        // a type for each choice, so that equal values are equal choices
        object[] choices = [boot.Setup.Firmware, boot.Setup.Harts, boot.Setup.Disk, boot.Engine, boot.Time];
        return from i in Enumerable.Range(0, choices.Length) from j in Enumerable.Range(0, i) select (choices[i], choices[j]);
    }
}
