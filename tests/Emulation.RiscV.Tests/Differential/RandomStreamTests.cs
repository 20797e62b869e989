using Emulation.Cpu;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>The same random programs on QEMU's user-mode emulator and on every engine end with the same registers and memory.</summary>
[Category("Differential")]
public sealed class RandomStreamTests
{
    [Test]
    public void Same_as_qemu(
        [Values(64, 32)] int xlen, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 20)] int seed)
        => CompareWithQemu(xlen, engine, seed, 2000);

    /// <summary>What QEMU 7.2 does not know is compared between engines only.</summary>
    [Test]
    public void Same_on_all_engines(
        [Values(TestIsas.All64, TestIsas.All32)] string isa, [Values(EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 10)] int seed)
        => Compare(
            isa,
            n => new ProgramGenerator(RiscVIsa.Parse(isa), seed).Make(n),
            p => EngineRun.Run(p, isa, EngineKind.Interpreter),
            p => EngineRun.Run(p, isa, engine),
            seed,
            2000);

    /// <summary>The long version, for development: EMULATION_SEEDS says how many streams of each width.</summary>
    [Test]
    [Explicit]
    public void Many_more_streams([Values(64, 32)] int xlen, [Values(EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "100");
        for (int seed = 1000; seed < 1000 + count; seed++)
            CompareWithQemu(xlen, engine, seed, 3000);
    }

    private static void CompareWithQemu(int xlen, EngineKind engine, int seed, int count)
    {
        if (!QemuUser.IsAvailable(xlen))
            QemuUser.Missing(xlen);
        string isa = QemuUser.Isa(xlen);
        Compare(
            isa,
            n => new ProgramGenerator(RiscVIsa.Parse(isa), seed, QemuUser.Wrong).Make(n),
            QemuUser.Run,
            p => EngineRun.Run(p, isa, engine),
            seed,
            count);
    }

    private static void Compare(
        string isa, Func<int, Program> make, Func<Program, byte[]> expected, Func<Program, byte[]> actual, int seed, int count)
    {
        Program program = make(count);
        if (!expected(program).AsSpan().SequenceEqual(actual(program)))
            Assert.Fail($"RV{program.Xlen}, seed {seed}:\n{new Bisection(make, expected, actual).Describe(isa, count)}");
    }
}
