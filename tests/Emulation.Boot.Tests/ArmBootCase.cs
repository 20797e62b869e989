using Emulation.Boards;
using Emulation.Boards.Arm;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Boot.Tests;

/// <summary>Where a guest of an Arm board finds its disk.</summary>
public enum ArmDisk
{
    None,
    Slot,
    Pci,

    /// <summary>On PCI, with the legacy interface alone.</summary>
    PciLegacy,
}

/// <summary>What decides, in deterministic time, every state of a boot on an Arm board.</summary>
/// <param name="Gic">Version of the interrupt controller.</param>
/// <param name="Cpus">Number of CPUs.</param>
/// <param name="Virtualization">Whether the kernel starts at EL2.</param>
/// <param name="Disk">Where the disk is that the guest mounts.</param>
/// <param name="Kernel">The guest: <c>arm64</c>, <c>armhf</c> or <c>armhf-lpae</c>.</param>
/// <param name="Cpu">The CPU model; null for the board's default.</param>
public sealed record ArmSetup(int Gic, int Cpus, bool Virtualization, ArmDisk Disk, string Kernel = "arm64", string? Cpu = null)
{
    /// <summary>Whether the guest is for 32 bits.</summary>
    public bool Is32Bit => Kernel != "arm64";

    public override string ToString() => $"{Kernel}-{(Cpu is null ? "" : Cpu + "-")}gic{Gic}-{Cpus}-{(Virtualization ? "el2" : "el1")}-{Disk}";
}

/// <summary>One way to boot one of Debian's kernels for Arm.</summary>
/// <param name="Setup">What the guest sees.</param>
/// <param name="Engine">What executes it.</param>
/// <param name="Time">How time passes.</param>
public sealed record ArmBootCase(ArmSetup Setup, EngineKind Engine, TimeMode Time)
{
    /// <summary>Every combination. Engines of one setup follow each other.</summary>
    public static IEnumerable<ArmBootCase> All =>
        from time in new[] { TimeMode.Deterministic, TimeMode.RealTime }
        from gic in new[] { 2, 3 }
        from cpus in new[] { 1, 4 }
        from virtualization in new[] { false, true }
        from disk in Enum.GetValues<ArmDisk>()
        from engine in Enum.GetValues<EngineKind>()
        select new ArmBootCase(new ArmSetup(gic, cpus, virtualization, disk), engine, time);

    /// <summary>Every combination of the kernels for 32 bits.</summary>
    public static IEnumerable<ArmBootCase> All32 =>
        from time in new[] { TimeMode.Deterministic, TimeMode.RealTime }
        from kernel in new[] { "armhf", "armhf-lpae" }
        from gic in new[] { 2, 3 }
        from cpus in new[] { 1, 4 }
        from disk in new[] { ArmDisk.None, ArmDisk.Slot }
        from engine in Enum.GetValues<EngineKind>()
        select new ArmBootCase(new ArmSetup(gic, cpus, false, disk, kernel), engine, time);

    public override string ToString() => $"{Setup}-{Engine}-{Time}";

    /// <summary>Opens the medium; null when the setup has none.</summary>
    public IBlockDevice? OpenDisk() => Setup.Disk == ArmDisk.None ? null : DiskImage.Open(Guest.DiskImage, readOnly: true);

    /// <summary>Builds the machine.</summary>
    /// <param name="disk">The medium of a setup with a disk.</param>
    /// <param name="console">The guest's console.</param>
    /// <param name="firmware">Firmware for the flash; null for the host's.</param>
    public Machine Build(IBlockDevice? disk, out SerialPort console, string? firmware = null)
    {
        MachineBuilder builder = new MachineBuilder()
            .UseArmVirt(board =>
            {
                (board.Is32Bit, board.Cpu) = (Setup.Is32Bit, Setup.Cpu);
                (board.Cpus, board.GicVersion, board.Virtualization) = (Setup.Cpus, Setup.Gic, Setup.Virtualization);
                board.Engine = new EngineOptions { Engine = Engine };
            })
            .WithMemory(512.MiB())
            .WithTime(Time)
            .BootLinux(Guest.File("kernel", Setup.Kernel), Guest.File(disk is null ? "initramfs.cpio.gz" : "initramfs-disk.cpio.gz", Setup.Kernel),
                firmware is null ? "console=ttyAMA0" : "console=ttyAMA0 acpi=force")
            .AddConsole(out console);
        if (disk is not null)
        {
            builder.AddVirtioBlock(disk, onPci: Setup.Disk != ArmDisk.Slot,
                pciInterface: Setup.Disk == ArmDisk.PciLegacy ? VirtioPciInterface.Legacy : VirtioPciInterface.Modern);
        }

        if (firmware is not null)
            builder.WithFirmware(firmware);
        return builder.Build();
    }

    /// <summary>Boots to power-off and checks all that the guest says.</summary>
    /// <param name="firmware">Firmware for the flash; null for the host's.</param>
    /// <returns>The state hash in the end and the instructions; the hash is empty in real time.</returns>
    public (string Hash, ulong Instructions) Complete(string? firmware = null)
    {
        using IBlockDevice? disk = OpenDisk();
        using Machine machine = Build(disk, out SerialPort console, firmware);
        string said = RunToPowerOff(machine, console);
        said.Should().Contain(Setup.Is32Bit ? "BOOT-OK armv7l" : "BOOT-OK aarch64").And.Contain(Guest.Checksum);
        if (disk is not null)
            said.Should().Contain(Guest.DiskChecksum).And.Contain("DISK-OK");
        if (firmware is not null)
            said.Should().Contain("ACPI: Interpreter enabled").And.Contain("ACPI: button: Power Button").And.NotContain("ACPI Error").And.NotContain("ACPI BIOS Error");
        said.Should().Contain($"CPUs={Setup.Cpus}").And.NotContain("WARNING").And.NotContain("BUG:").And.NotContain("undefined instruction");
        if (Setup.Gic == 3)
            said.Should().Contain("GICv3: 256 SPIs implemented").And.Contain("ITS@0x");
        return (Time == TimeMode.Deterministic ? machine.StateHash().Hex : "", machine.InstructionCount);
    }

    /// <summary>Boots with a break: the rest is done by a fork, and on another engine by a machine that loads the saved state. Both end as a boot without a break does.</summary>
    /// <param name="seed">Chooses the place, late enough for a disk to be in use.</param>
    public void CompleteInParts(int seed)
    {
        (string hash, ulong instructions) = Complete();
        ulong point = (ulong)new Random(seed).NextInt64((long)instructions * 7 / 10, (long)instructions * 19 / 20);
        using IBlockDevice? disk = OpenDisk();
        using Machine first = Build(disk, out SerialPort port);
        first.Run(point).Reason.Should().Be(StopReason.InstructionLimit);
        using var saved = new MemoryStream();
        first.Save(saved);
        using Machine fork = first.Fork();
        RunToPowerOff(fork, fork.CounterpartOf(port));
        fork.StateHash().Hex.Should().Be(hash, $"a fork after {point} instructions goes on as the whole");

        ArmBootCase other = this with { Engine = EngineKind.Tier0 };
        using Machine second = other.Build(disk, out SerialPort console);
        saved.Position = 0;
        second.Load(saved);
        other.RunToPowerOff(second, console);
        second.StateHash().Hex.Should().Be(hash, $"a state saved after {point} instructions goes on as the whole");
    }

    /// <summary>Runs a machine to power-off.</summary>
    /// <returns>What its guest said.</returns>
    public string RunToPowerOff(Machine machine, SerialPort console)
    {
        var text = new System.Text.StringBuilder();
        console.Transmitted += value => text.Append((char)value);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        RunResult result = machine.Run(null, limit.Token);
        string said = text.ToString();
        string tail = said[Math.Max(0, said.Length - 2000)..].Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        result.Reason.Should().Be(StopReason.PowerOff, $"{this} is at 0x{result.Pc:x} after {machine.InstructionCount} instructions, fault {result.Fault}, and said: {tail}");
        said.Should().Contain(Guest.Farewell);
        return said;
    }
}
