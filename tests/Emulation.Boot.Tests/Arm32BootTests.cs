using System.Collections.Concurrent;
using Emulation.Core;
using Emulation.Cpu;
using static Emulation.Core.TimeMode;

namespace Emulation.Boot.Tests;

/// <summary>Unmodified Debian kernels for 32-bit Arm reach user space, compute and power off: a small choice of the combinations; all of them are in the category Matrix.</summary>
[TestFixture]
[Category("Boot")]
[Parallelizable(ParallelScope.All)]
public sealed class Arm32BootTests
{
    private readonly ConcurrentDictionary<ArmSetup, string> _hashes = [];

    // two of them are one setup on two engines
    private static IEnumerable<ArmBootCase> Cases =>
    [
        new(new ArmSetup(2, 2, Virtualization: false, ArmDisk.Slot, "armhf", "cortex-a7"), EngineKind.Jit, RealTime),
        new(new ArmSetup(3, 4, Virtualization: false, ArmDisk.Slot, "armhf-lpae"), EngineKind.Jit, Deterministic),
        new(new ArmSetup(3, 1, Virtualization: false, ArmDisk.None, "armhf"), EngineKind.Jit, Deterministic),
        new(new ArmSetup(3, 1, Virtualization: false, ArmDisk.None, "armhf"), EngineKind.Tier0, Deterministic),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Boots(ArmBootCase boot)
    {
        (string hash, _) = boot.Complete();
        if (boot.Time == Deterministic)
            hash.Should().Be(_hashes.GetOrAdd(boot.Setup, hash), "engines agree on every state");
    }

    [Test]
    public void Goes_on_from_a_saved_state_and_as_a_fork()
        => new ArmBootCase(new ArmSetup(2, 4, Virtualization: false, ArmDisk.Slot, "armhf"), EngineKind.Jit, Deterministic).CompleteInParts(seed: 3);

    [TestCaseSource(typeof(ArmBootCase), nameof(ArmBootCase.All32))]
    [Category("Matrix")]
    [Explicit("about half an hour")]
    public void Boots_in_every_combination(ArmBootCase boot) => Boots(boot);
}
