using Emulation.Boards;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Storage;

namespace Emulation.Boot.Tests;

/// <summary>An unmodified Debian kernel reaches user space, computes and powers off.</summary>
[TestFixture]
[Category("Boot")]
public sealed class DebianBootTests
{
    private const string Marker = "BOOT-OK riscv64";

    // md5 of 32 MiB of zeros
    private const string Checksum = "58f06dd588d8ffb3beb46ada6309436b";

    [TestCase(EngineKind.Tier0, 1, false)]
    [TestCase(EngineKind.Jit, 1, true)]
    [TestCase(EngineKind.Jit, 4, false)]
    public async Task Powers_off_in_real_time(EngineKind engine, int cpus, bool opensbi)
    {
        await using Machine machine = Builder(engine, cpus, opensbi, "initramfs.cpio.gz", out SerialPort tty).WithTime(TimeMode.RealTime).Build();
        RunToPowerOff(machine);
        tty.RecentText.Should().Contain(Marker).And.Contain(Checksum).And.Contain("reboot: Power down");
    }

    [Test]
    public async Task Mounts_a_disk()
    {
        using BlockDevice disk = DiskImage.Open(Guest.File("../disk.img"), readOnly: true);
        MachineBuilder builder = Builder(EngineKind.Jit, 1, false, "initramfs-disk.cpio.gz", out SerialPort tty).AddVirtioBlock(disk);
        await using Machine machine = builder.Build();
        RunToPowerOff(machine);
        string sum = await File.ReadAllTextAsync(Guest.File("../disk.md5"));
        tty.RecentText.Should().Contain(sum.Trim()).And.Contain("DISK-OK");
    }

    [Test]
    public async Task Every_engine_has_the_same_state_at_the_marker()
    {
        (string tier0, ulong count) = await HashAtMarker(EngineKind.Tier0);
        (string jit, ulong jitCount) = await HashAtMarker(EngineKind.Jit);
        (string interpreter, ulong interpreterCount) = await HashAtMarker(EngineKind.Interpreter);
        (jit, jitCount).Should().Be((tier0, count));
        (interpreter, interpreterCount).Should().Be((tier0, count));
    }

    [Test]
    public async Task Saved_in_the_middle_it_goes_on_the_same_elsewhere()
    {
        (string expected, _) = await HashAtMarker(EngineKind.Jit);
        using var stream = new MemoryStream();
        await using (Machine first = Builder(EngineKind.Jit, 1, false, "initramfs.cpio.gz", out _).Build())
        {
            first.Run(412_345_678).Reason.Should().Be(StopReason.InstructionLimit);
            first.Save(stream);
        }

        stream.Position = 0;
        await using Machine second = Builder(EngineKind.Tier0, 1, false, "initramfs.cpio.gz", out SerialPort tty).Build();
        second.Load(stream);
        RunToMarker(second, tty);
        second.StateHash().Hex.Should().Be(expected);
    }

    private static async Task<(string Hash, ulong Instructions)> HashAtMarker(EngineKind engine)
    {
        await using Machine machine = Builder(engine, 1, false, "initramfs.cpio.gz", out SerialPort tty).Build();
        RunToMarker(machine, tty);
        return (machine.StateHash().Hex, machine.InstructionCount);
    }

    private static MachineBuilder Builder(EngineKind engine, int cpus, bool opensbi, string initrd, out SerialPort tty)
    {
        MachineBuilder builder = new MachineBuilder()
            .UseRiscVVirt(board =>
            {
                board.Cpus = cpus;
                board.Engine = new EngineOptions { Engine = engine };
            })
            .WithMemory(512.MiB())
            .BootLinux(Guest.File("kernel"), initrd: Guest.File(initrd), commandLine: "console=ttyS0")
            .AddConsole(out tty);
        return opensbi ? builder.WithFirmware(Guest.Firmware()) : builder;
    }

    // The device that sends the last byte stops the run, so that it ends at one and the same instruction everywhere.
    private static void RunToMarker(Machine machine, SerialPort tty)
    {
        int matched = 0;
        tty.Transmitted += value =>
        {
            matched = value == Marker[matched] ? matched + 1 : value == Marker[0] ? 1 : 0;
            if (matched < Marker.Length)
                return;
            matched = 0;
            machine.RequestStop();
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        machine.Run(null, limit.Token).Reason.Should().Be(StopReason.StopRequested);
    }

    private static void RunToPowerOff(Machine machine)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        machine.Run(null, limit.Token).Reason.Should().Be(StopReason.PowerOff);
    }
}
