using System.Buffers.Binary;
using System.Text;
using Emulation.Arm.Tests.AArch32;
using Emulation.Arm.Tests.Differential;
using Emulation.Arm.Tests.MProfile.Bare;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Streams;

/// <summary>The same random programs on QEMU's system emulator and on every engine end with the same registers and memory: integer, DSP, memory, floating point of each kind of M-profile CPU.</summary>
[Category("Differential")]
public sealed class MStreamTests
{
    private const string Float = "float";

    private static readonly (string Name, ArmMCpuModel Model)[] s_models =
    [
        ("m3", ArmMCpuModel.CortexM3), ("m4", ArmMCpuModel.CortexM4F), ("m7", ArmMCpuModel.CortexM7), ("m33", ArmMCpuModel.CortexM33),
    ];

    private static IEnumerable<TestCaseData> Classes
        => from m in s_models from kind in (string[])[A32Generator.Integer, A32Generator.Memory, Float] where kind != Float || m.Model.HasFloat select new TestCaseData(m.Name, kind);

    [TestCaseSource(nameof(Classes))]
    public void Same_as_qemu(string model, string kind)
    {
        for (int seed = 1; seed <= 2; seed++)
            Compare(model, kind, seed, 1500);
    }

    [TestCaseSource(nameof(Classes))]
    public void Engines_agree(string model, string kind)
    {
        for (int seed = 100; seed < 103; seed++)
        {
            Program program = Make(model, kind, seed, 2000);
            byte[] expected = MStreamRun.Ours(ModelOf(model), program, EngineKind.Interpreter);
            foreach (EngineKind engine in (EngineKind[])[EngineKind.Tier0, EngineKind.Jit])
                MStreamRun.Ours(ModelOf(model), program, engine).Should().Equal(expected, "{0} {1} {2}", engine, kind, seed);
        }
    }

    /// <summary>The long version: EMULATION_SEEDS says how many streams of 3000 instructions of each class.</summary>
    [TestCaseSource(nameof(Classes))]
    [Explicit]
    public void Many_more_streams(string model, string kind)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "20"), first = int.Parse(Environment.GetEnvironmentVariable("EMULATION_FIRST") ?? "1000");
        for (int seed = first; seed < first + count; seed++)
            Compare(model, kind, seed, 3000);
    }

    private static ArmMCpuModel ModelOf(string name) => s_models.First(m => m.Name == name).Model;

    private static Program Make(string name, string kind, int seed, int count)
        => kind == Float ? new MFloatGenerator(ModelOf(name), seed).Make(count) : new MGenerator(ModelOf(name), kind, seed).Make(count);

    private static void Compare(string name, string kind, int seed, int count)
    {
        QemuSystem.Require();
        ArmMCpuModel model = ModelOf(name);
        Program program = Make(name, kind, seed, count);
        byte[] expected = MStreamRun.Theirs(model, program);
        foreach (EngineKind engine in (EngineKind[])[EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit])
        {
            if (!MStreamRun.Ours(model, program, engine).AsSpan().SequenceEqual(expected))
                Assert.Fail($"{name} {kind}, seed {seed} on {engine}: {Describe(name, kind, seed, count, engine)}");
        }
    }

    // the shortest program that differs
    private static string Describe(string name, string kind, int seed, int count, EngineKind engine)
    {
        ArmMCpuModel model = ModelOf(name);
        int good = 0, bad = count;
        while (bad - good > 1)
        {
            int middle = (good + bad) / 2;
            Program candidate = Make(name, kind, seed, middle);
            if (MStreamRun.Theirs(model, candidate).AsSpan().SequenceEqual(MStreamRun.Ours(model, candidate, engine)))
                good = middle;
            else
                bad = middle;
        }

        Program program = Make(name, kind, seed, bad);
        byte[] expected = MStreamRun.Theirs(model, program), actual = MStreamRun.Ours(model, program, engine);
        var text = new StringBuilder();
        for (int i = 0, shown = 0; i < expected.Length && shown < 12; i += 4)
        {
            uint e = BinaryPrimitives.ReadUInt32LittleEndian(expected.AsSpan(i)), a = BinaryPrimitives.ReadUInt32LittleEndian(actual.AsSpan(i));
            if (e == a)
                continue;
            shown++;
            int dump = i - Program.ScratchBytes - Program.ConstantBytes;
            string place = dump switch { < 0 => $"memory+{i:x}", < 60 => $"r{dump / 4}", 60 => "apsr", 64 => "fpscr", _ => $"s{(dump - 256) / 4}" };
            text.Append($"\n  {place}: expected {e:x8}, got {a:x8}");
        }

        int end = (int)(program.DumpStart - MStream.BaseOf(model));
        return $"{text}\n  code before {program.DumpStart:x}: {Convert.ToHexStringLower(program.Image.AsSpan(Math.Max(0, end - 32), Math.Min(32, end)))}";
    }
}
