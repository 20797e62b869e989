using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img compare.</summary>
internal static class CompareCommand
{
    public const string Name = "compare";

    public static Command Create(CliHost host)
    {
        Argument<string> first = ImgOptions.File("FIRST", "One image.");
        Argument<string> second = ImgOptions.File("SECOND", "The other.");
        Option<string?> firstFormat = ImgOptions.Format(description: "Format of the first image; by default its content shows it.");
        Option<string?> secondFormat = ImgOptions.Format("-F", "Format of the second image; by default its content shows it.");
        var strict = new Option<bool>("-s") { Description = "Sizes and what the images hold themselves must be the same too." };
        Option<bool> progress = ImgOptions.Progress();
        Option<bool> quiet = ImgOptions.Quiet();
        Option<bool> json = ImgOptions.Json();
        var command = new Command(Name, "Compares what two images hold. Ends with 0 when it is the same, 1 when it is not, 2 when that cannot be found out.")
        {
            first, second, firstFormat, secondFormat, strict, progress, quiet, json,
        };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            using BlockDevice one = open.Open(result, result.GetValue(first)!, result.GetValue(firstFormat), readOnly: true);
            using BlockDevice other = open.Open(result, result.GetValue(second)!, result.GetValue(secondFormat), readOnly: true);
            DiskDifference? found = null;
            await ImgProgress.RunAsync(
                host,
                result.GetValue(progress),
                result.GetValue(quiet),
                "comparing",
                async report => found = await DiskJobs.CompareAsync(one, other, result.GetValue(strict), report, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            if (result.GetValue(json))
                ImgJson.Write(writer, Facts(found));
            else if (!result.GetValue(quiet))
                Write(writer, found, one.Length, other.Length);
            return found is null ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command;
    }

    private static Dictionary<string, object> Facts(DiskDifference? found)
    {
        var facts = new Dictionary<string, object> { ["identical"] = found is null };
        if (found is { } difference)
        {
            facts["difference"] = difference.Kind.ToString().ToLowerInvariant();
            facts["offset"] = difference.Offset;
        }

        return facts;
    }

    private static void Write(TextWriter writer, DiskDifference? found, long first, long second)
    {
        if (first != second)
            writer.WriteLine($"the sizes differ: {first} and {second} bytes");
        if (found is null)
            writer.WriteLine("the images hold the same");
        else if (found is { Kind: not DiskDifferenceKind.Length } difference)
            writer.WriteLine(difference.Kind == DiskDifferenceKind.Content ? $"the content differs from byte {difference.Offset} on" : $"at byte {difference.Offset} one image holds what the other does not");
    }
}
