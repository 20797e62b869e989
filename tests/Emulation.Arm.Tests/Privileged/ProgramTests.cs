using System.Globalization;
using System.Runtime.InteropServices;
using Emulation.Arm.Tests.Encodings;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Privileged;

/// <summary>Programs that begin at EL3 and store what they see: the same as on QEMU. Sources and recordings are in <c>programs</c>.</summary>
public sealed class ProgramTests
{
    private const ulong Base = 0x4000_0000, Entry = 0x4010_0000, Done = Entry + 4, Results = 0x4020_0000;
    private const int MegaBytes = 32;

    private static readonly string[] s_names = ["exceptions", "mmu4k", "mmu16k", "mmu64k", "stage2", "host", "below"];

    [Test]
    public void Same_as_qemu([ValueSource(nameof(s_names))] string name, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        string[] lines = [.. Mnemonics.Lines($"{name}.txt")];
        int middle = Array.IndexOf(lines, "results");
        uint[] words = [.. lines[..middle].Select(l => uint.Parse(l, NumberStyles.HexNumber))];
        ulong[] expected = [.. lines[(middle + 1)..].Select(l => ulong.Parse(l, NumberStyles.HexNumber))];
        var model = ArmCpuModel.Find(name == "below" ? "cortex-a57" : "neoverse-n1")!;
        using var cpu = new TestCpu(engine, new ArmCpuOptions { Model = model, HasEl2 = true, HasEl3 = true, ResetVector = Entry }, model.Isa);
        cpu.Memory.Map(Base, MegaBytes << 20);
        cpu.Memory.Write(Entry, MemoryMarshal.AsBytes(words.AsSpan()));
        RunResult result = cpu.Cpu.Run(Entry, Done, 2_000_000);
        ulong[] seen = MemoryMarshal.Cast<byte, ulong>(cpu.Read(Results, 8 * (expected.Length + 1))).ToArray();
        if (result.Reason != StopReason.ExitAddress)
            TestContext.Out.WriteLine(string.Join(" ", MemoryMarshal.Cast<byte, ulong>(cpu.Read(Results, 8 * 600)).ToArray().Select(v => v.ToString("x"))));
        int first = Enumerable.Range(0, expected.Length).FirstOrDefault(i => seen[i] != expected[i], -1);
        string where = first < 0 ? "" : $"result {first}: 0x{seen[first]:x} where QEMU has 0x{expected[first]:x}; before it "
            + string.Join(' ', seen[Math.Max(0, first - 6)..first].Select(v => v.ToString("x")));
        where.Should().BeEmpty();
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result} {result.Fault}");
        cpu[name == "below" ? "x7" : "x28"].Should().Be(Results + (8 * (ulong)expected.Length));
    }
}
