using System.Collections.Concurrent;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Storage;
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
    {
        var boot = new ArmBootCase(new ArmSetup(gic, cpus, Virtualization: false, where), EngineKind.Jit, Deterministic);
        (string hash, ulong instructions) = boot.Complete();
        // late enough for the disk to be in use
        ulong point = (ulong)new Random(seed).NextInt64((long)instructions * 7 / 10, (long)instructions * 19 / 20);
        using IBlockDevice? disk = boot.OpenDisk();
        using Machine first = boot.Build(disk, out SerialPort port);
        first.Run(point).Reason.Should().Be(StopReason.InstructionLimit);
        using var saved = new MemoryStream();
        first.Save(saved);
        using Machine fork = first.Fork();
        boot.RunToPowerOff(fork, fork.CounterpartOf(port));
        fork.StateHash().Hex.Should().Be(hash, $"a fork after {point} instructions goes on as the whole");

        ArmBootCase other = boot with { Engine = EngineKind.Tier0 };
        using Machine second = other.Build(disk, out SerialPort console);
        saved.Position = 0;
        second.Load(saved);
        other.RunToPowerOff(second, console);
        second.StateHash().Hex.Should().Be(hash, $"a state saved after {point} instructions goes on as the whole");
    }

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
