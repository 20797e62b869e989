using System.Diagnostics;
using System.Globalization;
using Emulation.Cpu;
using Emulation.TestHarness;

namespace Emulation.Benchmarks;

/// <summary>How soon a hot loop is compiled, in a process that compiled nothing before, and whether the guest waits for it.</summary>
internal static class TierUp
{
    private const ulong Iterations = 10_000_000;
    private const long Slice = 50_000;

    /// <summary>Runs ten million rounds of each loop in small slices and says when tier 1 had it, and what the slowest slice took.</summary>
    public static void Run()
    {
        Console.WriteLine("loop       compiled after ms   all rounds ms   slowest slice ms   in tier 1");
        foreach (string loop in new[] { "alu", "memory", "branches", "float" })
            Measure(loop);
    }

    private static void Measure(string loop)
    {
        using var machine = new ToyMachine(new ToyEngine(loop, EngineKind.Jit, new Jit.JitOptions()));
        uint[] code = Loops.Named(loop);
        machine.Load(ToyMachine.Code, code);
        ulong instructions = Iterations * (ulong)code.Length;
        TimeSpan? compiled = null;
        ulong compiledAt = instructions;
        TimeSpan slowest = TimeSpan.Zero;
        long start = Stopwatch.GetTimestamp();
        while (machine.Cpu.InstructionCount < instructions)
        {
            long before = Stopwatch.GetTimestamp();
            machine.Cpu.Run(Slice);
            TimeSpan slice = Stopwatch.GetElapsedTime(before);
            if (slice > slowest)
                slowest = slice;
            if (compiled is null && machine.Jit!.Statistics.Compiled > 0)
                (compiled, compiledAt) = (Stopwatch.GetElapsedTime(start), machine.Cpu.InstructionCount);
        }

        TimeSpan all = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{loop,-10} {compiled?.TotalMilliseconds,17:f1} {all.TotalMilliseconds,15:f1} {slowest.TotalMilliseconds,18:f2} {1 - ((double)compiledAt / instructions),11:p1}"));
    }
}
