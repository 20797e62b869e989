using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Emulation.Cli.Options;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Cli.Running;

/// <summary>Measures a run.</summary>
/// <param name="machine">What runs.</param>
/// <param name="profiles">Whether to find out what its CPUs spend their time on.</param>
internal sealed class Statistics(Machine machine, bool profiles) : IDisposable
{
    private readonly ActivityProfile? _profile = profiles ? new ActivityProfile(machine.Cpus.OfType<VirtualCpu>()) : null;
    private readonly Stopwatch _wall = Stopwatch.StartNew();
    private readonly TimeSpan _cpuAtStart = CpuTime();

    /// <summary>Prints what was measured until now.</summary>
    public void Write(TextWriter writer, StatisticsFormat format)
    {
        IReadOnlyList<KeyValuePair<string, object>> facts = Collect();
        if (format == StatisticsFormat.Json)
        {
            writer.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>(facts)));
            return;
        }

        foreach ((string name, object value) in facts)
            writer.WriteLine($"{name,-24} {Convert.ToString(value, CultureInfo.InvariantCulture)}");
    }

    /// <inheritdoc/>
    public void Dispose() => _profile?.Dispose();

    private List<KeyValuePair<string, object>> Collect()
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

        VirtualCpu[] cpus = [.. machine.Cpus.OfType<VirtualCpu>()];
        facts.Add(new("tlbMisses", Sum(cpus, static c => c.TlbMisses)));
        facts.Add(new("pageWalks", Sum(cpus, static c => c.PageWalks)));
        facts.Add(new("traps", Sum(cpus, static c => c.Traps)));
        facts.Add(new("deviceAccesses", Sum(cpus, static c => c.DeviceAccesses)));
        facts.Add(new("wakes", Sum(cpus, static c => c.Wakes)));
        facts.Add(new("dispatches", Sum(cpus, static c => c.Dispatches)));
        if (_profile is { Total: > 0 and long total })
        {
            // CPU seconds by what a sampler saw: with several CPUs they add up to more than the wall clock
            foreach (CpuActivity activity in Enum.GetValues<CpuActivity>())
                facts.Add(new($"seconds{activity}", Math.Round(_profile.Samples(activity) / (double)total * wall * cpus.Length, 3)));
        }

        facts.Add(new("managedBytes", GC.GetTotalMemory(false)));
        facts.Add(new("processBytes", Environment.WorkingSet));
        if (machine.TimeMode == TimeMode.Deterministic)
            facts.Add(new("stateHash", machine.StateHash().Hex));
        return facts;
    }

    private static ulong Sum(VirtualCpu[] cpus, Func<VirtualCpu, ulong> count)
    {
        ulong sum = 0;
        foreach (VirtualCpu cpu in cpus)
            sum += count(cpu);
        return sum;
    }

    private static TimeSpan CpuTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
