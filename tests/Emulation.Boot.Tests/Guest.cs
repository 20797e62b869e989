namespace Emulation.Boot.Tests;

/// <summary>Files of an unmodified Debian guest, made by build/guests.sh, and Debian's OpenSBI.</summary>
internal static class Guest
{
    /// <summary>What the guest's first process prints when it has started.</summary>
    public const string Marker = "BOOT-OK riscv64";

    /// <summary>What it prints next: md5 of 32 MiB of zeros.</summary>
    public const string Checksum = "58f06dd588d8ffb3beb46ada6309436b";

    /// <summary>What the kernel prints last.</summary>
    public const string Farewell = "reboot: Power down";

    private const string OpenSbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic";

    public static string Kernel => File("kernel");

    public static string Initrd(bool disk) => File(disk ? "initramfs-disk.cpio.gz" : "initramfs.cpio.gz");

    public static string DiskImage => File("../disk.img");

    /// <summary>md5 of the file on the disk image.</summary>
    public static string DiskChecksum => System.IO.File.ReadAllText(File("../disk.md5")).Trim();

    /// <summary>The file of a firmware; null for the built-in one.</summary>
    public static string? FirmwareFile(Firmware firmware) => firmware switch
    {
        Firmware.FwDynamic => Require(Path.Combine(OpenSbi, "fw_dynamic.bin"), "Debian's package opensbi has it"),
        Firmware.FwJump => Require(Path.Combine(OpenSbi, "fw_jump.bin"), "Debian's package opensbi has it"),
        _ => null,
    };

    /// <summary>A file that build/guests.sh makes; the test is ignored, or in CI fails, when it is missing.</summary>
    /// <param name="name">Its name in the guest's folder.</param>
    /// <param name="guest">Name of the guest.</param>
    public static string File(string name, string guest = "riscv64") => Require(Path.Combine(Folder(guest), name), $"build/guests.sh {guest} makes it");

    private static string Folder(string guest)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string guests = Path.Combine(folder.FullName, "guests", guest);
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Emulation.sln")))
                return guests;
        }

        return "guests";
    }

    public static string Require(string path, string origin)
    {
        if (System.IO.File.Exists(path))
            return path;
        Oracle.Missing($"{path} is missing: {origin}");
        return path;
    }
}
