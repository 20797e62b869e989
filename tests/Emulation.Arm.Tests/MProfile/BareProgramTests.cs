using Emulation.Arm.Tests.Semantics;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>Programs without an operating system, in <c>Bare/src</c>, that show what exceptions, faults, priorities and special registers do; compared with what qemu-system-arm 7.2 shows; <c>differences.txt</c> has where the manuals say otherwise.</summary>
public sealed class BareProgramTests
{
    private static readonly (string Name, ArmMCpuModel Model, uint Code, uint Data)[] s_machines =
    [
        ("microbit", ArmMCpuModel.CortexM0, 0, 0x2000_0000), ("an385", ArmMCpuModel.CortexM3, 0, 0x2000_0000), ("an386", ArmMCpuModel.CortexM4F, 0, 0x2000_0000),
        ("an500", ArmMCpuModel.CortexM7, 0, 0x2000_0000), ("an505", ArmMCpuModel.CortexM33 with { MpuRegions = 16 }, 0x1000_0000, 0x3820_0000),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Shows_what_it_shows_elsewhere(string program, string machine, EngineKind engine) => Compare(program, machine, engine, WayOfRunning.Whole);

    [Test]
    public void In_every_way_of_running([Values("exceptions", "priorities", "float", "faults", "it", "systick")] string program, [Values] EngineKind engine, [Values] WayOfRunning way)
        => Compare(program, "an386", engine, way);

    private static void Compare(string program, string machine, EngineKind engine, WayOfRunning way)
    {
        string folder = Folder();
        (_, ArmMCpuModel model, uint code, uint data) = s_machines.First(m => m.Name == machine);
        using var cpu = new MCpu(engine, new ArmMCpuOptions
        {
            Model = model,
            VectorTable = code,
            Interrupts = model.IsV8 ? 96 : 32,
            PriorityBits = model.IsMainline ? 8 : 2,
            Idau = machine == "an505" ? new UpperHalves() : null,
            ReferenceClock = machine is "microbit" or "an505" ? null : new ClockTree().Source("REFCLK", 1_000_000),
        });
        cpu.Memory.Map(code == 0 ? 0 : code - 0x1000, 0x40_0000);
        cpu.Memory.Map(data, 0x10_0000);
        if (machine == "an500")
            cpu.Memory.Map(0x6000_0000, 0x1_0000);
        if (machine == "an505")
        {
            cpu.Memory.Map(0, 0x40_0000);
            cpu.Memory.Map(0x2000_0000, 0x1_0000);
            cpu.Memory.Map(0x2800_0000, 0x10_0000);
            cpu.Memory.Map(0x5008_0000, 0x1000);           // the registers that make memory Non-secure
            cpu.Memory.Map(0x5800_8000, 0x1000);
        }

        cpu.LoadElf(File.ReadAllBytes(Path.Combine(folder, "images", $"{program}-{machine}.elf")));
        RunResult result = cpu.Run(2_000_000, way);
        string expected = File.ReadAllText(Path.Combine(folder, "expected", $"{program}-{machine}.txt"));
        if (Environment.GetEnvironmentVariable("M_BARE_OUT") is { } to)
            File.WriteAllText(Path.Combine(to, $"{program}-{machine}-{engine}.txt"), cpu.Output + (cpu.HasExited ? "" : $"{result}\n"));
        Differences(program, machine, expected, cpu.Output).Should().BeEmpty("it ended with {0}", result);
        cpu.HasExited.Should().BeTrue("it ended with {0}", result);
    }

    // lines that differ, but for those of which differences.txt says why: program-machine|theirs|ours|reason, without theirs for lines that only we have;
    private static IEnumerable<string> Differences(string program, string machine, string expected, string actual)
    {
        HashSet<string> known = [.. File.ReadLines(Path.Combine(Folder(), "differences.txt")).Select(static l => string.Join('|', l.Split('|').Take(3)))];
        string[] theirs = expected.Split('\n'), ours = [.. actual.Split('\n').Where(line => !known.Contains($"{program}-{machine}||{line.Trim()}"))];
        for (int i = 0; i < Math.Max(theirs.Length, ours.Length); i++)
        {
            string a = i < theirs.Length ? theirs[i] : "(end)", b = i < ours.Length ? ours[i] : "(end)";
            if (a != b && !known.Contains($"{program}-{machine}|{a.Trim()}|{b.Trim()}"))
                yield return $"line {i + 1}: expected '{a}', was '{b}'";
        }
    }

    private static IEnumerable<TestCaseData> Cases()
        => from file in Directory.EnumerateFiles(Path.Combine(Folder(), "images"), "*.elf").Order(StringComparer.Ordinal)
           let parts = Path.GetFileNameWithoutExtension(file).Split('-')
           from engine in Enum.GetValues<EngineKind>()
           select new TestCaseData(parts[0], parts[1], engine);

    // the attribution of the mps2-an505: bit 28 of an address says Secure
    private sealed class UpperHalves : IArmIdau
    {
        public IdauAttribution Check(uint address)
        {
            uint region = address >> 28;
            bool callable = region is 1 or 3;
            if (region >= 14)
                return new IdauAttribution(false, false, address & 0xfff0_0000, address | 0xf_ffff, (byte)region, (address & 0xeff0_0000) == 0xe000_0000);
            return new IdauAttribution((region & 1) == 0, callable, region << 28, (region << 28) | 0x0fff_ffff, (byte)region);
        }
    }

    private static string Folder() => Path.Combine(AppContext.BaseDirectory, "MProfile", "Bare");
}
