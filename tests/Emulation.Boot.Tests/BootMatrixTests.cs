using System.Diagnostics;
using Emulation.Core;

namespace Emulation.Boot.Tests;

/// <summary>An unmodified Debian kernel reaches user space, computes and powers off in every combination. It takes long: CONTRIBUTING.md has the command.</summary>
[TestFixture]
[Explicit("takes more than half an hour")]
[Category("Matrix")]
[NonParallelizable]
public sealed class BootMatrixTests
{
    private readonly Agreement _agreement = new();

    [TestCaseSource(typeof(BootCase), nameof(BootCase.All))]
    public void Boots(BootCase boot)
    {
        var watch = Stopwatch.StartNew();
        BootOutcome outcome = Boot.Complete(boot);
        TestContext.Out.WriteLine($"{boot}: {watch.Elapsed.TotalSeconds:f1} s, marker {outcome.Marker}, end {outcome.End}");
        if (boot.Time == TimeMode.Deterministic)
            _agreement.Check(boot, outcome);
    }
}
