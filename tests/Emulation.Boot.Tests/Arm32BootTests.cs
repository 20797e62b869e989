using System.Text;
using Emulation.Boards;
using Emulation.Boards.Arm;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Storage;
using static Emulation.Core.TimeMode;

namespace Emulation.Boot.Tests;

/// <summary>An unmodified Debian kernel for 32-bit Arm reaches user space, computes and powers off.</summary>
[TestFixture]
[Category("Boot")]
[Parallelizable(ParallelScope.All)]
public sealed class Arm32BootTests
{
    [TestCase("cortex-a15", 1, false, EngineKind.Jit, Deterministic)]
    [TestCase("cortex-a7", 2, true, EngineKind.Jit, RealTime)]
    [TestCase("cortex-a15", 4, true, EngineKind.Tier0, Deterministic)]
    public void Boots(string cpu, int cpus, bool withDisk, EngineKind engine, TimeMode time)
    {
        using IBlockDevice? disk = withDisk ? DiskImage.Open(Guest.DiskImage, readOnly: true) : null;
        MachineBuilder builder = new MachineBuilder()
            .UseArmVirt(board =>
            {
                (board.Is32Bit, board.Cpu, board.Cpus) = (true, cpu, cpus);
                board.Engine = new EngineOptions { Engine = engine };
            })
            .WithMemory(512.MiB())
            .WithTime(time)
            .BootLinux(Guest.File("kernel", "armhf"), Guest.File(withDisk ? "initramfs-disk.cpio.gz" : "initramfs.cpio.gz", "armhf"), "console=ttyAMA0")
            .AddConsole(out SerialPort console);
        if (disk is not null)
            builder.AddVirtioBlock(disk);
        using Machine machine = builder.Build();
        var text = new StringBuilder();
        console.Transmitted += value => text.Append((char)value);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        RunResult result = machine.Run(null, limit.Token);
        string said = text.ToString();
        result.Reason.Should().Be(StopReason.PowerOff, $"it is at 0x{result.Pc:x} after {machine.InstructionCount} instructions");
        said.Should().Contain(Guest.Farewell).And.NotContain("WARNING").And.NotContain("BUG:").And.NotContain("undefined instruction");
        said.Should().Contain($"Brought up 1 node, {cpus} CPU");
        if (withDisk)
            said.Should().Contain(Guest.DiskChecksum).And.Contain("DISK-OK");
        else
            said.Should().Contain("BOOT-OK armv7l").And.Contain(Guest.Checksum);
    }
}
