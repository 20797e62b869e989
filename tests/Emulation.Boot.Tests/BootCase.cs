using Emulation.Boards;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Storage;

namespace Emulation.Boot.Tests;

/// <summary>Who gives the kernel its SBI.</summary>
public enum Firmware
{
    BuiltIn,
    FwDynamic,
    FwJump,
}

/// <summary>What decides, in deterministic time, every state of a boot.</summary>
/// <param name="Firmware">Who gives the kernel its SBI.</param>
/// <param name="Harts">Number of harts.</param>
/// <param name="Disk">Whether the guest mounts a disk, too.</param>
public sealed record GuestSetup(Firmware Firmware, int Harts, bool Disk)
{
    public override string ToString() => $"{Firmware}-{Harts}-{(Disk ? "disk" : "plain")}";
}

/// <summary>One way to boot Debian's kernel.</summary>
/// <param name="Setup">What the guest sees.</param>
/// <param name="Engine">What executes it.</param>
/// <param name="Time">How time passes.</param>
public sealed record BootCase(GuestSetup Setup, EngineKind Engine, TimeMode Time)
{
    /// <summary>Every combination. Engines of one setup follow each other.</summary>
    public static IEnumerable<BootCase> All =>
        from time in new[] { TimeMode.Deterministic, TimeMode.RealTime }
        from firmware in Enum.GetValues<Firmware>()
        from harts in new[] { 1, 4 }
        from disk in new[] { false, true }
        from engine in Enum.GetValues<EngineKind>()
        select new BootCase(new GuestSetup(firmware, harts, disk), engine, time);

    public override string ToString() => $"{Setup}-{Engine}-{Time}";

    /// <summary>Builds the machine.</summary>
    /// <param name="disk">The medium of a setup with a disk.</param>
    /// <param name="console">The guest's console.</param>
    public Machine Build(IBlockDevice? disk, out SerialPort console)
    {
        MachineBuilder builder = new MachineBuilder()
            .UseRiscVVirt(board =>
            {
                board.Cpus = Setup.Harts;
                board.Engine = new EngineOptions { Engine = Engine };
            })
            .WithMemory(512.MiB())
            .WithTime(Time)
            .BootLinux(Guest.Kernel, Guest.Initrd(Setup.Disk), commandLine: "console=ttyS0")
            .AddConsole(out console);
        if (Guest.FirmwareFile(Setup.Firmware) is { } firmware)
            builder.WithFirmware(firmware);
        if (disk is not null)
            builder.AddVirtioBlock(disk);
        return builder.Build();
    }

    /// <summary>Opens the medium; null when the setup has none.</summary>
    public IBlockDevice? OpenDisk() => Setup.Disk ? DiskImage.Open(Guest.DiskImage, readOnly: true) : null;
}
