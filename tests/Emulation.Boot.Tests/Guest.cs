namespace Emulation.Boot.Tests;

/// <summary>Files of an unmodified Debian guest, made by build/guests.sh.</summary>
internal static class Guest
{
    public const string Opensbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin";

    public static string File(string name) => Require(Path.Combine(Folder(), name), "build/guests.sh riscv64 makes it");

    public static string Firmware() => Require(Opensbi, "Debian's package opensbi has it");

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string guests = Path.Combine(folder.FullName, "guests", "riscv64");
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Emulation.sln")))
                return guests;
        }

        return "guests";
    }

    // In CI a missing guest is a failure, elsewhere the test says what it misses.
    private static string Require(string path, string origin)
    {
        if (System.IO.File.Exists(path))
            return path;
        string message = $"{path} is missing: {origin}";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(message);
        Assert.Ignore(message);
        return path;
    }
}
