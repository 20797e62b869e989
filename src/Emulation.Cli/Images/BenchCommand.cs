using System.CommandLine;
using System.Globalization;
using Emulation.Cli.Options;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img bench.</summary>
internal static class BenchCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        Option<string?> format = ImgOptions.Format();
        var count = new Option<int>("-c") { Description = "Number of requests; 75000 by default.", DefaultValueFactory = static _ => 75000, HelpName = "N" };
        var depth = new Option<int>("-d") { Description = "Requests at once, where the image allows it; 64 by default.", DefaultValueFactory = static _ => 64, HelpName = "N" };
        var size = new Option<string?>("-s") { Description = "Bytes of a request; 4096 by default.", HelpName = "SIZE" };
        var step = new Option<string?>("-S") { Description = "From one request to the next; by default one after the other.", HelpName = "SIZE" };
        var start = new Option<string?>("-o") { Description = "First byte.", HelpName = "OFFSET" };
        var write = new Option<bool>("-w") { Description = "Writes instead of reading: what the image holds is lost." };
        var pattern = new Option<byte>("--pattern") { Description = "The byte that is written.", HelpName = "BYTE" };
        var flush = new Option<int>("--flush-interval") { Description = "Flushes after so many writes.", HelpName = "N" };
        var noDrain = new Option<bool>("--no-drain") { Description = "Does not wait for other requests before a flush." };
        var native = new Option<bool>("-n") { Description = "Accepted, and does nothing." };
        var engine = new Option<string?>("-i") { Description = "Accepted, and does nothing.", HelpName = "AIO" };
        engine.AcceptOnlyFromAmong("threads", "native", "io_uring");
        Option<bool> quiet = ImgOptions.Quiet();
        Option<bool> json = ImgOptions.Json();
        var command = new Command("bench", "Measures how fast an image is read or written.")
        {
            file, format, count, depth, size, step, start, write, pattern, flush, noDrain, native, engine, ImgOptions.Cache(), quiet, json,
        };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            bool writes = result.GetValue(write);
            long bytes = ImgOptions.Bytes(result, size) ?? 4096;
            var plan = new BenchPlan
            {
                Count = result.GetValue(count),
                Depth = result.GetValue(depth),
                Size = bytes is > 0 and <= 1 << 30 ? (int)bytes : throw new UsageException("-s: a request has 1 byte to 1G"),
                Step = ImgOptions.Bytes(result, step) is > 0 and { } given ? given : bytes,
                Start = ImgOptions.Bytes(result, start) ?? 0,
                Write = writes,
                Pattern = result.GetValue(pattern),
                FlushInterval = result.GetValue(flush),
                Drain = !result.GetValue(noDrain),
            };
            plan.Check();
            await using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: !writes);
            double seconds = await plan.RunAsync(image, cancellation).ConfigureAwait(false);
            if (result.GetValue(json))
                ImgJson.Write(writer, Facts(plan, seconds));
            else if (!result.GetValue(quiet))
                Write(writer, plan, seconds);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Dictionary<string, object> Facts(BenchPlan plan, double seconds) => new()
    {
        ["requests"] = plan.Count,
        ["request-size"] = plan.Size,
        ["depth"] = plan.Depth,
        ["offset"] = plan.Start,
        ["step"] = plan.Step,
        ["write"] = plan.Write,
        ["flush-interval"] = plan.FlushInterval,
        ["seconds"] = seconds,
        ["requests-per-second"] = seconds > 0 ? plan.Count / seconds : 0,
    };

    private static void Write(TextWriter writer, BenchPlan plan, double seconds)
    {
        writer.WriteLine($"{plan.Count} {(plan.Write ? "writes" : "reads")} of {plan.Size} bytes, {plan.Depth} at once, from byte {plan.Start} in steps of {plan.Step}");
        if (plan.FlushInterval > 0)
            writer.WriteLine($"a flush after every {plan.FlushInterval}");
        string rate = seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $", {plan.Count / seconds:0} requests and {plan.Count * (double)plan.Size / seconds / (1 << 20):0.#} MiB per second") : "";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done in {seconds:0.000} seconds{rate}"));
    }
}
