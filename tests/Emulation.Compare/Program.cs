namespace Emulation.Compare;

/// <summary>Alternates emu and QEMU on the same guest and compares what each needed.</summary>
internal static class Program
{
    private const int Success = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int NothingToRun = 3;

    private static int Main(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Options.Usage);
            return Success;
        }

        try
        {
            Options options = Options.Parse(args, Environment.GetEnvironmentVariable);
            return Run(options);
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            return WrongUsage;
        }
        catch (MissingPartException e)
        {
            Console.Error.WriteLine(e.Message);
            return NothingToRun;
        }
    }

    private static int Run(Options options)
    {
        Contender ours = Contender.Emu(options);
        Contender reference = Contender.Qemu(options);
        HostFacts facts = HostFacts.Collect(options, ours, reference);
        List<Comparison> comparisons = [];
        List<string> failures = [];
        using TemporaryFile? profile = options.Profile ? new TemporaryFile() : null;
        using TemporaryFile? firmware = options.Start ? new TemporaryFile() : null;
        if (firmware is not null)
            File.WriteAllBytes(firmware.Path, StartFirmware.ToBytes(options.Guest));
        foreach (Scenario scenario in Scenario.Of(options, firmware?.Path))
        {
            Rounds rounds = Rounds.Measure(scenario with { Profile = profile?.Path }, ours, reference, options, Console.Error);
            failures.AddRange(rounds.Failures());
            comparisons.AddRange(rounds.Compare());
        }

        var report = new Report(facts, options, comparisons, failures);
        Console.WriteLine(report.ToText());
        if (options.ReportDirectory is { } directory)
        {
            Directory.CreateDirectory(directory);
            File.WriteAllText(Path.Combine(directory, "report.md"), report.ToMarkdown());
            File.WriteAllText(Path.Combine(directory, "report.svg"), RatioChart.Draw(comparisons, facts.Title));
        }

        return failures.Count == 0 ? Success : Failed;
    }
}
