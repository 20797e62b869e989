using System.IO.Compression;
using Emulation.Boards;
using Emulation.Boards.Arm;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Storage;

namespace Emulation.Boot.Tests;

/// <summary>Firmware of the well-known virt machine starts kernels from a disk on both boards: UEFI by its shell and from removable media, U-Boot by its commands.</summary>
/// <remarks>Time passes quickly here, 10 ns with each instruction: firmware counts seconds down.</remarks>
[TestFixture]
[Category("Boot")]
[Parallelizable(ParallelScope.All)]
public sealed class ArmFirmwareTests
{
    private const string CommandLine = "console=ttyAMA0";

    [TestCase(64, "/usr/share/AAVMF/AAVMF_CODE.fd", "qemu-efi-aarch64")]
    [TestCase(32, "/usr/share/AAVMF/AAVMF32_CODE.fd", "qemu-efi-arm")]
    public void The_shell_of_UEFI_firmware_runs_a_script_that_starts_a_kernel(int bits, string firmware, string package)
    {
        string script = FatDisk.TextFile($"FS0:\r\nkernel.efi {CommandLine} initrd=\\initrd\r\n");
        using var disk = new FatDisk(("kernel.efi", Kernel(bits)), ("initrd", Initrd(bits)), ("startup.nsh", script));
        File.Delete(script);
        using var guest = new FirmwareGuest(Board(bits, firmware, package), disk.Open());
        guest.WaitFor("UEFI Interactive Shell");
        guest.WaitFor("to skip");
        guest.Send("\r");                                   // any other key: at once
        guest.WaitFor("EFI stub: Exiting boot services");
        if (bits == 32)
        {
            guest.WaitFor("Data Abort Exception PC at 0x5C1576AC");      // Debian's kernel and firmware for 32 bits: so it is on QEMU 7.2, at the same place
            return;
        }

        guest.WaitFor("BOOT-OK aarch64");
        guest.RunToPowerOff();
    }

    [Test]
    public void UEFI_firmware_starts_removable_media()
    {
        using var disk = new FatDisk(("EFI/BOOT/BOOTAA64.EFI", Kernel(64)));
        using var guest = new FirmwareGuest(Board(64, "/usr/share/AAVMF/AAVMF_CODE.fd", "qemu-efi-aarch64"), disk.Open());
        guest.WaitFor("EFI stub: Booting Linux Kernel");
        guest.WaitFor("Linux version");
        guest.WaitFor("ACPI: SPCR: console: pl011");        // without a command line, the tables say where the console is
    }

    [TestCase(64, "/usr/lib/u-boot/qemu_arm64/u-boot.bin", "booti", "BOOT-OK aarch64")]
    [TestCase(32, "/usr/lib/u-boot/qemu_arm/u-boot.bin", "bootz", "BOOT-OK armv7l")]
    public void U_Boot_answers_and_starts_a_kernel(int bits, string firmware, string boot, string marker)
    {
        using var disk = new FatDisk(("kernel", Kernel(bits)), ("initrd", Initrd(bits)));
        using var guest = new FirmwareGuest(Board(bits, firmware, "u-boot-qemu"), disk.Open());
        guest.WaitFor("Hit any key");
        guest.Send(" ");
        guest.WaitFor("=> ");
        guest.Command("version", "U-Boot 20");
        guest.Command("printenv", "Environment size:");
        guest.Command("load virtio 0 ${kernel_addr_r} kernel", "bytes read");
        guest.Command("load virtio 0 ${ramdisk_addr_r} initrd", "bytes read");
        guest.Send($"setenv bootargs {CommandLine}\r");
        guest.WaitFor("=> ");
        guest.Send($"{boot} ${{kernel_addr_r}} ${{ramdisk_addr_r}}:${{filesize}} ${{fdtcontroladdr}}\r");
        guest.WaitFor("Starting kernel");
        guest.WaitFor(marker);
        guest.RunToPowerOff();
    }

    [Test]
    public void A_compressed_image_starts_without_firmware()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream image = File.OpenRead(Kernel(64)))
            using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
                image.CopyTo(gzip);
            using var guest = new FirmwareGuest(Board(64).BootLinux(path, Initrd(64), CommandLine + " earlycon=pl011,0x9000000"));
            guest.WaitFor("Linux version");
            guest.WaitFor("BOOT-OK aarch64");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Kernel(int bits) => Guest.File("kernel", Name(bits));

    private static string Initrd(int bits) => Guest.File("initramfs.cpio.gz", Name(bits));

    private static string Name(int bits) => bits == 64 ? "arm64" : "armhf";

    private static MachineBuilder Board(int bits, string firmware, string package)
        => Board(bits).WithFirmware(Guest.Require(firmware, $"Debian's package {package} has it"));

    private static MachineBuilder Board(int bits) => new MachineBuilder()
        .UseArmVirt(board => (board.Is32Bit, board.Engine) = (bits == 32, new EngineOptions { Engine = EngineKind.Jit }))
        .WithMemory(512.MiB())
        .WithInstructionRate(InstructionRate.PerSecond(100_000_000));
}
