using Emulation.Cpu;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>The same random programs on QEMU's user-mode emulator and on every engine end with the same registers and memory.</summary>
[Category("Differential")]
public sealed class RandomStreamTests
{
    [Test]
    public void Same_as_qemu(
        [Values(64, 32)] int xlen, [Values(EngineKind.Interpreter, EngineKind.Tier0)] EngineKind engine, [Range(1, 20)] int seed)
    {
        if (!QemuUser.IsAvailable(xlen))
            Assert.Ignore($"no qemu-riscv{xlen} on this machine");
        string isa = QemuUser.Isa(xlen);
        Program program = new ProgramGenerator(RiscVIsa.Parse(isa), seed).Make(2000);
        byte[] expected = QemuUser.Run(program, out string? error);
        error.Should().BeNull($"seed {seed}");
        Compare(expected, EngineRun.Run(program, isa, engine), program, seed);
    }

    /// <summary>What QEMU 7.2 does not know is compared between engines only.</summary>
    [Test]
    public void Same_on_all_engines([Values(TestIsas.All64, TestIsas.All32)] string isa, [Range(1, 10)] int seed)
    {
        Program program = new ProgramGenerator(RiscVIsa.Parse(isa), seed).Make(2000);
        byte[] expected = EngineRun.Run(program, isa, EngineKind.Interpreter);
        Compare(expected, EngineRun.Run(program, isa, EngineKind.Tier0), program, seed);
    }

    /// <summary>The long version, for development: EMULATION_SEEDS says how many streams of each width.</summary>
    [Test]
    [Explicit]
    public void Many_more_streams([Values(64, 32)] int xlen)
    {
        string isa = QemuUser.Isa(xlen);
        int count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "100");
        for (int seed = 1000; seed < 1000 + count; seed++)
        {
            Program program = new ProgramGenerator(RiscVIsa.Parse(isa), seed).Make(3000);
            byte[] expected = QemuUser.Run(program, out string? error);
            error.Should().BeNull($"seed {seed}");
            Compare(expected, EngineRun.Run(program, isa, EngineKind.Tier0), program, seed);
        }
    }

    private static void Compare(byte[] expected, byte[] actual, Program program, int seed)
    {
        if (expected.AsSpan().SequenceEqual(actual))
            return;
        Assert.Fail($"RV{program.Xlen}, seed {seed}:\n{Report.Differences(expected, actual, program.Xlen)}");
    }
}
