namespace Emulation.Arm.Tests.MProfile.Bare;

/// <summary>What the bare-metal programs are compared with is what qemu-system-arm 7.2 prints.</summary>
public sealed class QemuSystemTests
{
    [TestCaseSource(nameof(Programs))]
    public void Prints_what_is_expected(string elf, string expected)
    {
        QemuSystem.Require();
        string folder = QemuSystem.Folder(), machine = Path.GetFileNameWithoutExtension(elf).Split('-')[1];
        QemuSystem.Run(Path.Combine(folder, elf), machine).Should().Be(File.ReadAllText(Path.Combine(folder, expected)));
    }

    private static IEnumerable<TestCaseData> Programs()
    {
        string folder = QemuSystem.Folder();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "images"), "*.elf").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            yield return new TestCaseData($"images/{name}.elf", $"expected/{name}.txt").SetArgDisplayNames(name);
        }

        yield return new TestCaseData("TrustZone/trustzone-an505.elf", "TrustZone/trustzone-an505.txt").SetArgDisplayNames("trustzone-an505");
    }
}
