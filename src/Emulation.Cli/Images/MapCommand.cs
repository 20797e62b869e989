using System.CommandLine;
using System.Text.Json;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img map.</summary>
internal static class MapCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        Option<string?> format = ImgOptions.Format();
        var start = new Option<string?>("-s", "--start-offset") { Description = "First byte of interest.", HelpName = "OFFSET" };
        var most = new Option<string?>("-l", "--max-length") { Description = "Bytes of interest.", HelpName = "SIZE" };
        Option<bool> json = ImgOptions.Json();
        Option<string?> output = ImgOptions.Output();
        var command = new Command("map", "Shows where the bytes of a disk lie in its chain of images.") { file, format, start, most, json, output };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: true);
            string[] names = [.. BackingChain.Of(path, image).Select(static i => (i.Image as Qcow2Image)?.DataFile is { } data ? BackingChain.Resolve(i.Path, data) : i.Path)];
            bool asJson = result.GetValue(json) || result.GetValue(output) == "json";
            await writer.WriteAsync(asJson ? "[" : $"{"start",-16} {"length",-16} {"in the file at",-16} file{Environment.NewLine}").ConfigureAwait(false);
            bool first = true;
            long from = ImgOptions.Bytes(result, start) ?? 0;
            long to = ImgOptions.Bytes(result, most) is { } bytes && bytes < long.MaxValue - from ? from + bytes : long.MaxValue;
            await foreach (DiskExtent whole in DiskJobs.MapAsync(image, cancellation).ConfigureAwait(false))
            {
                if (whole.Start + whole.Length <= from || whole.Start >= to)
                    continue;
                long begin = Math.Max(whole.Start, from);
                DiskExtent extent = whole with { Start = begin, Length = Math.Min(whole.Start + whole.Length, to) - begin, Offset = whole.Offset + (begin - whole.Start) };
                if (asJson)
                    await writer.WriteAsync((first ? "" : "," + Environment.NewLine) + JsonSerializer.Serialize(Facts(extent))).ConfigureAwait(false);
                else if (extent.Data)
                    await writer.WriteLineAsync($"{$"0x{extent.Start:x}",-16} {$"0x{extent.Length:x}",-16} {Place(extent),-16} {names[extent.Depth]}").ConfigureAwait(false);
                first = false;
            }

            if (asJson)
                await writer.WriteLineAsync("]").ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Place(DiskExtent extent) => extent.Offset is { } offset ? $"0x{offset:x}" : extent.Compressed ? "compressed" : "elsewhere";

    private static Dictionary<string, object> Facts(DiskExtent extent)
    {
        var facts = new Dictionary<string, object>
        {
            ["start"] = extent.Start,
            ["length"] = extent.Length,
            ["depth"] = extent.Depth,
            ["present"] = extent.Present,
            ["zero"] = extent.Zero,
            ["data"] = extent.Data,
            ["compressed"] = extent.Compressed,
        };
        if (extent.Offset is { } offset)
            facts["offset"] = offset;
        return facts;
    }
}
