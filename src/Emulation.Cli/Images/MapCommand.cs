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
        Option<bool> json = ImgOptions.Json();
        Option<string?> output = ImgOptions.Output();
        var command = new Command("map", "Shows where the bytes of a disk lie in its chain of images.") { file, format, json, output };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: true);
            string[] names = [.. BackingChain.Of(path, image).Select(static i => (i.Image as Qcow2Image)?.DataFile is { } data ? BackingChain.Resolve(i.Path, data) : i.Path)];
            bool asJson = result.GetValue(json) || result.GetValue(output) == "json";
            await writer.WriteAsync(asJson ? "[" : $"{"start",-16} {"length",-16} {"in the file at",-16} file{Environment.NewLine}").ConfigureAwait(false);
            bool first = true;
            await foreach (DiskExtent extent in DiskJobs.MapAsync(image, cancellation).ConfigureAwait(false))
            {
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

    private static string Place(DiskExtent extent) => extent.Offset is { } offset ? $"0x{offset:x}" : extent.Compressed ? "compressed" : "encrypted";

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
