using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Emulation.Cli.Options;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Cli.Running;

/// <summary>Measures a run.</summary>
internal sealed class Statistics
{
    private readonly Stopwatch _wall = Stopwatch.StartNew();
    private readonly TimeSpan _cpuAtStart = CpuTime();

    /// <summary>Prints what was measured until now.</summary>
    public void Write(TextWriter writer, Machine machine, StatisticsFormat format)
    {
        IReadOnlyList<KeyValuePair<string, object>> facts = Collect(machine);
        if (format == StatisticsFormat.Json)
        {
            writer.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>(facts)));
            return;
        }

        foreach ((string name, object value) in facts)
            writer.WriteLine($"{name,-24} {Convert.ToString(value, CultureInfo.InvariantCulture)}");
    }

    private List<KeyValuePair<string, object>> Collect(Machine machine)
    {
        double wall = _wall.Elapsed.TotalSeconds;
        ulong instructions = machine.InstructionCount;
        var facts = new List<KeyValuePair<string, object>>
        {
            new("wallSeconds", Math.Round(wall, 3)),
            new("cpuSeconds", Math.Round((CpuTime() - _cpuAtStart).TotalSeconds, 3)),
            new("virtualSeconds", Math.Round(machine.Clock.Now / (double)VirtualClock.Second, 6)),
            new("instructions", instructions),
            new("instructionsPerSecond", Math.Round(instructions / Math.Max(wall, 1e-9))),
        };
        if (machine.Find<TranslationCache>() is { } cache)
        {
            facts.Add(new("engine", cache.Options.Engine.ToString().ToLowerInvariant()));
            facts.Add(new("blocksTranslated", cache.BlocksTranslated));
            facts.Add(new("instructionsTranslated", cache.InstructionsTranslated));
            facts.Add(new("blocksInvalidated", cache.BlocksInvalidated));
            facts.Add(new("codeFlushes", cache.Flushes));
            if (cache.TierOne is JitEngine jit)
            {
                JitStatistics tierOne = jit.Statistics;
                facts.Add(new("regionsCompiled", tierOne.Compiled));
                facts.Add(new("regionInstructions", tierOne.Instructions));
                facts.Add(new("regionIlBytes", tierOne.IlBytes));
                facts.Add(new("compileSeconds", Math.Round(tierOne.CompileTime.TotalSeconds, 3)));
                facts.Add(new("regionsInvalidated", tierOne.Invalidated));
                facts.Add(new("regionsEvicted", tierOne.Evicted));
            }
        }

        ulong misses = 0;
        foreach (VirtualCpu cpu in machine.Cpus.OfType<VirtualCpu>())
            misses += cpu.TlbMisses;
        facts.Add(new("tlbMisses", misses));
        facts.Add(new("managedBytes", GC.GetTotalMemory(false)));
        facts.Add(new("processBytes", Environment.WorkingSet));
        if (machine.TimeMode == TimeMode.Deterministic)
            facts.Add(new("stateHash", machine.StateHash().Hex));
        return facts;
    }

    private static TimeSpan CpuTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
