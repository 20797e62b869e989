using Emulation.Cpu;

namespace Emulation.Arm.Tests.Differential;

/// <summary>The same random programs on QEMU's user-mode emulator and on every engine end with the same registers and memory.</summary>
[Category("Differential")]
public sealed class RandomStreamTests
{
    private static IEnumerable<string> Kinds => ProgramGenerator.Kinds.Where(k => ProgramGenerator.Count(k) > 0);

    [Test]
    public void Same_as_qemu(
        [ValueSource(nameof(Kinds))] string kind, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 6)] int seed)
        => Compare(kind, engine, seed, 1500);

    /// <summary>One instruction at a time: each is there often, and a difference names it.</summary>
    [Test]
    public void Each_alone_as_qemu([ValueSource(nameof(Kinds))] string kind)
    {
        QemuUser.Require();
        var wrong = new List<string>();
        foreach (string method in ProgramGenerator.Methods(kind))
        {
            Program Make(int n) => new ProgramGenerator(kind, 7, method).Make(n);
            Program program = Make(120);
            if (Occurrences(program, method) < 10)
                wrong.Add($"{method}: hardly ever generated");
            try
            {
                byte[] expected = QemuUser.Run(program);
                if (!expected.AsSpan().SequenceEqual(EngineRun.Run(program, EngineKind.Interpreter)))
                    wrong.Add($"{method}:\n{new Bisection(Make, QemuUser.Run, p => EngineRun.Run(p, EngineKind.Interpreter)).Describe(120)}");
            }
            catch (InvalidOperationException e)
            {
                wrong.Add($"{method}: {e.Message}");
            }
        }

        if (wrong.Count > 0)
            Assert.Fail($"{wrong.Count} differ\n{string.Join('\n', wrong)}");
    }

    /// <summary>The long version, for development: EMULATION_SEEDS says how many streams of each class, EMULATION_FIRST from which seed on, EMULATION_ONLY names emitter methods.</summary>
    [Test]
    [Explicit]
    public void Many_more_streams([ValueSource(nameof(Kinds))] string kind, [Values(EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "100");
        int first = int.Parse(Environment.GetEnvironmentVariable("EMULATION_FIRST") ?? "1000");
        for (int seed = first; seed < first + count; seed++)
            Compare(kind, engine, seed, 3000);
    }

    /// <summary>Streams that once differed: halves of a register that a wider operation had just written.</summary>
    [TestCase(5059)]
    public void Streams_that_differed(int seed) => Compare(ProgramGenerator.Float, EngineKind.Jit, seed, 3000);

    private static int Occurrences(Program program, string method)
    {
        int count = 0;
        for (ulong pc = Program.Base; pc < program.DumpStart; pc += 4)
        {
            uint word = BitConverter.ToUInt32(program.Image, (int)(pc - Program.Base));
            if (A64Tables.Table.TryFind(word, ArmIsa.Everything.Features, out Cpu.Decode.EncodingRow? row) && row.Method == method)
                count++;
        }

        return count;
    }

    private static void Compare(string kind, EngineKind engine, int seed, int count)
    {
        QemuUser.Require();
        string? only = Environment.GetEnvironmentVariable("EMULATION_ONLY");
        Program Make(int n) => new ProgramGenerator(kind, seed, only).Make(n);
        byte[] Run(Program p) => EngineRun.Run(p, engine);
        Program program = Make(count);
        if (!QemuUser.Run(program).AsSpan().SequenceEqual(Run(program)))
            Assert.Fail($"{kind}, seed {seed}:\n{new Bisection(Make, QemuUser.Run, Run).Describe(count)}");
    }
}
