using System.Collections.Concurrent;
using Emulation.Core;
using Emulation.Cpu;
using static Emulation.Core.TimeMode;

namespace Emulation.Boot.Tests;

/// <summary>An unmodified Debian kernel for AArch64 reaches user space, computes and powers off: a small choice of the combinations; all of them are in the category Matrix.</summary>
[TestFixture]
[Category("Boot")]
[Parallelizable(ParallelScope.All)]
public sealed class ArmBootTests
{
    private readonly ConcurrentDictionary<ArmSetup, string> _hashes = [];

    // three of them are one setup on every engine
    private static IEnumerable<ArmBootCase> Cases =>
    [
        new(new ArmSetup(3, 1, Virtualization: true, ArmDisk.Pci), EngineKind.Interpreter, Deterministic),
        new(new ArmSetup(2, 4, Virtualization: false, ArmDisk.Slot), EngineKind.Tier0, RealTime),
        new(new ArmSetup(3, 1, Virtualization: true, ArmDisk.Pci), EngineKind.Tier0, Deterministic),
        new(new ArmSetup(3, 1, Virtualization: true, ArmDisk.Pci), EngineKind.Jit, Deterministic),
        new(new ArmSetup(2, 4, Virtualization: true, ArmDisk.Pci), EngineKind.Jit, Deterministic),
        new(new ArmSetup(3, 4, Virtualization: false, ArmDisk.Slot), EngineKind.Jit, RealTime),
        new(new ArmSetup(2, 1, Virtualization: false, ArmDisk.PciLegacy), EngineKind.Jit, Deterministic),
        new(new ArmSetup(2, 1, Virtualization: false, ArmDisk.None), EngineKind.Jit, RealTime),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Boots(ArmBootCase boot)
    {
        (string hash, _) = boot.Complete();
        if (boot.Time == Deterministic)
            hash.Should().Be(_hashes.GetOrAdd(boot.Setup, hash), "engines agree on every state");
    }

    [TestCase(2, 4, ArmDisk.Slot, 1)]
    [TestCase(3, 2, ArmDisk.Pci, 2)]
    public void Goes_on_from_a_saved_state_and_as_a_fork(int gic, int cpus, ArmDisk where, int seed)
        => new ArmBootCase(new ArmSetup(gic, cpus, Virtualization: false, where), EngineKind.Jit, Deterministic).CompleteInParts(seed);

    [TestCase(2)]
    [TestCase(3)]
    public void UEFI_firmware_starts_the_kernel(int gic)
    {
        string firmware = Guest.Require("/usr/share/AAVMF/AAVMF_CODE.fd", "Debian's package qemu-efi-aarch64 has it");
        new ArmBootCase(new ArmSetup(gic, 2, Virtualization: false, ArmDisk.None), EngineKind.Jit, Deterministic).Complete(firmware);
    }

    [TestCaseSource(typeof(ArmBootCase), nameof(ArmBootCase.All))]
    [Category("Matrix")]
    [Explicit("more than half an hour")]
    public void Boots_in_every_combination(ArmBootCase boot) => Boots(boot);
}
