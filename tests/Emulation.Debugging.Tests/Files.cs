namespace Emulation.Debugging.Tests;

/// <summary>The programs of tests/firmware.</summary>
internal static class Files
{
    public static IEnumerable<string> Elfs => ["app", "app-dwarf2", "app-dwarf3", "app-dwarf4", "cortex"];

    public static string PathOf(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", name);

    public static FirmwareImage Load(string name) => FirmwareImage.LoadElf(PathOf(name + ".elf"));
}
