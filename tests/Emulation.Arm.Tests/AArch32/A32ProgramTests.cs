using System.Globalization;
using System.Runtime.InteropServices;
using Emulation.Arm.Tests.Encodings;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Programs that begin in Secure Supervisor mode and store what they see: the same as on QEMU. Sources and recordings are in <c>Privileged/programs</c>.</summary>
public sealed class A32ProgramTests
{
    private const ulong Base = 0x4000_0000, Entry = 0x4010_0000, Done = Entry + 4, Results = 0x4020_0000;
    private const int MegaBytes = 32;

    [Test]
    public void Same_as_qemu([Values("monitor")] string name, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        string[] lines = [.. Mnemonics.Lines($"{name}.txt")];
        int middle = Array.IndexOf(lines, "results");
        uint[] words = [.. lines[..middle].Select(l => uint.Parse(l, NumberStyles.HexNumber))];
        uint[] expected = [.. lines[(middle + 1)..].Select(l => uint.Parse(l, NumberStyles.HexNumber))];
        var model = ArmCpuModel.Find("cortex-a15")!;
        using var cpu = new TestCpu(engine, new ArmCpuOptions { Model = model, HasEl3 = true, StartsInAArch32 = true, ResetVector = Entry }, model.Isa);
        cpu.Memory.Map(Base, MegaBytes << 20);
        cpu.Memory.Write(Entry, MemoryMarshal.AsBytes(words.AsSpan()));
        RunResult result = cpu.Cpu.Run(Entry, Done, 2_000_000);
        uint[] seen = MemoryMarshal.Cast<byte, uint>(cpu.Read(Results, 4 * (expected.Length + 1))).ToArray();
        int first = Enumerable.Range(0, expected.Length).FirstOrDefault(i => seen[i] != expected[i], -1);
        string where = first < 0 ? "" : $"result {first}: 0x{seen[first]:x} where QEMU has 0x{expected[first]:x}; before it "
            + string.Join(' ', seen[Math.Max(0, first - 8)..first].Select(v => v.ToString("x")));
        where.Should().BeEmpty();
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result} {result.Fault}");
        cpu["x7"].Should().Be(Results + (4 * (ulong)expected.Length));
    }
}
