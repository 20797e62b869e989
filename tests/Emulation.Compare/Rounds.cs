namespace Emulation.Compare;

/// <summary>The samples of one scenario, in pairs taken one right after the other.</summary>
internal sealed class Rounds(Scenario scenario, IReadOnlyList<(Sample Ours, Sample Reference)> pairs)
{
    private const int TailLines = 12;

    public static Rounds Measure(Scenario scenario, Contender ours, Contender reference, Options options, TextWriter log)
    {
        List<(Sample, Sample)> pairs = [];
        if (scenario.Profile is not null)
            Run(ours, "warm-up");
        for (int round = 1; round <= options.Runs; round++)
        {
            // whoever comes second finds warmer caches and perhaps a slower clock: take turns
            bool oursFirst = round % 2 == 1;
            string number = $"{round}/{options.Runs}";
            Sample first = Run(oursFirst ? ours : reference, number);
            Sample second = Run(oursFirst ? reference : ours, number);
            pairs.Add(oursFirst ? (first, second) : (second, first));
        }

        return new Rounds(scenario, pairs);

        Sample Run(Contender contender, string number)
        {
            log.Write($"{scenario.Name} {number} {contender.Name}: ");
            Sample sample = GuestProcess.Run(contender.Start(scenario), options.TimeoutSeconds);
            log.WriteLine(sample.Completed ? $"{sample.WallSeconds:F2} s" : "failed");
            return sample;
        }
    }

    /// <summary>Everything that both measured in every round.</summary>
    public IEnumerable<Comparison> Compare()
    {
        IEnumerable<Comparison?> all =
        [
            Compare("first output", "s", sample => sample.Console.FirstOutput),
            Compare("BOOT-OK", "s", sample => sample.Console.BootOk),
            Compare("power-off", "s", sample => sample.WallSeconds),
            Compare("CPU time", "s", sample => sample.CpuSeconds),
            Compare("peak memory", "MiB", sample => sample.PeakMebibytes),
            .. ProgramNames().Select(name => Compare(name, "s", sample => Find(sample, name)?.Seconds)),
        ];
        return all.OfType<Comparison>();
    }

    /// <summary>Runs that did not end well, programs that failed, results that differ.</summary>
    public IEnumerable<string> Failures()
    {
        for (int i = 0; i < pairs.Count; i++)
        {
            string round = $"{scenario.Name} round {i + 1}";
            (Sample ours, Sample reference) = pairs[i];
            foreach (string failure in Failures(ours, $"{round}, emu").Concat(Failures(reference, $"{round}, qemu")))
                yield return failure;
            if (!ours.Completed || !reference.Completed)
                continue;
            foreach (string name in ProgramNames())
            {
                if (Find(ours, name)?.Checksum is var a && Find(reference, name)?.Checksum is var b && a != b)
                    yield return $"{round}: {name} gave {a ?? "nothing"} on emu, {b ?? "nothing"} on qemu";
            }

            if (ours.Console.NumberedLines != reference.Console.NumberedLines)
                yield return $"{round}: {ours.Console.NumberedLines} console lines from emu, {reference.Console.NumberedLines} from qemu";
        }
    }

    private static IEnumerable<string> Failures(Sample sample, string where)
    {
        foreach (string complaint in sample.Console.Complaints)
            yield return $"{where}: {complaint}";
        if (!sample.Completed)
        {
            string why = sample.TimedOut ? "timed out" : $"ended with status {sample.ExitCode}";
            yield return $"{where}: {why}; its console ended with\n{sample.Console.Tail(TailLines)}\n{sample.StandardError.Trim()}".TrimEnd();
        }
    }

    private static ProgramResult? Find(Sample sample, string name) =>
        sample.Console.Programs.FirstOrDefault(program => program.Name == name);

    private IEnumerable<string> ProgramNames() =>
        pairs.SelectMany(pair => pair.Ours.Console.Programs.Concat(pair.Reference.Console.Programs))
            .Select(program => program.Name).Distinct();

    private Comparison? Compare(string name, string unit, Func<Sample, double?> value) =>
        Comparison.Of(scenario.Name, name, unit,
            pairs.Where(pair => pair.Ours.Completed && pair.Reference.Completed)
                .Select(pair => (value(pair.Ours), value(pair.Reference))));
}
