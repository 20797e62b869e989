using System.Globalization;
using System.Runtime.InteropServices;
using Emulation.Arm;
using Emulation.Boards.Arm;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.Arm;

/// <summary>Programs that begin at EL3, use the board and store what they see: the same as on QEMU. Sources and recordings are in tests/Emulation.Arm.Tests/Privileged/programs.</summary>
public sealed class ArmVirtProgramTests
{
    private const ulong Code = 0x4010_0000, Done = Code + 4, Results = 0x4020_0000;

    [TestCase("secure", 3)]
    [TestCase("vgic2", 2)]
    [TestCase("vgic3", 3)]
    public void Same_as_qemu(string name, int gic)
    {
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
            Run(name, gic, engine);
    }

    private static void Run(string name, int gic, EngineKind engine)
    {
        using var reader = new StreamReader(typeof(ArmVirtProgramTests).Assembly.GetManifestResourceStream($"{name}.txt")!);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int middle = Array.IndexOf(lines, "results");
        uint[] words = [.. lines[..middle].Select(static l => uint.Parse(l, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        using var files = new TestFiles();
        using Machine machine = new MachineBuilder().UseArmVirt(o =>
        {
            (o.Cpu, o.Secure, o.Virtualization, o.GicVersion) = ("neoverse-n1", true, true, gic);
            o.Engine = new EngineOptions { Engine = engine };
        }).LoadFile(files.Words("program", words), Code).WithoutFirmware().Build();
        machine.Run(20_000);
        byte[] seen = new byte[8 * (lines.Length - middle - 1)];
        machine.Memory.TryRead(Results, seen).Should().BeTrue();
        string[] expected = lines[(middle + 1)..];
        string[] found = [.. MemoryMarshal.Cast<byte, ulong>(seen).ToArray().Select(static v => v.ToString("x16", CultureInfo.InvariantCulture))];
        int first = Enumerable.Range(0, expected.Length).FirstOrDefault(i => found[i] != expected[i], -1);
        string where = first < 0 ? "" : $"{engine}: result {first} is {found[first]} where QEMU has {expected[first]}; before it {string.Join(' ', found[Math.Max(0, first - 9)..first])}";
        if (first >= 0)
            TestContext.Out.WriteLine(string.Join(' ', found));
        where.Should().BeEmpty();
        ArmCpu cpu = machine.Get<ArmVirtBoard>().Cpus[0];
        (cpu.Pc, cpu["x28"]).Should().Be((Done, Results + (ulong)seen.Length));
    }
}
