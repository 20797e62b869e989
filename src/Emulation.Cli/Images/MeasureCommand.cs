using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img measure.</summary>
internal static class MeasureCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string?> file = ImgOptions.MaybeFile();
        var size = new Option<string?>("--size") { Description = "Size of an empty disk, in place of an image.", HelpName = "SIZE" };
        Option<string?> format = ImgOptions.Format();
        Option<string?> targetFormat = ImgOptions.Format("-O", "Format that is asked about; raw by default.");
        Option<string[]?> options = ImgOptions.FormatOptions();
        Option<string?> snapshot = SnapshotName.Option();
        Option<bool> json = ImgOptions.Json();
        Option<string?> output = ImgOptions.Output();
        var command = new Command("measure", "Tells what room a disk would take as an image of a format.") { file, size, format, targetFormat, options, snapshot, json, output };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            string name = result.GetValue(targetFormat) ?? "raw";
            if (FormatOptions.AsksForHelp(result.GetValue(options)))
            {
                FormatOptions.WriteHelp(writer, name);
                return ExitCodes.Success;
            }

            DiskCreateOptions target = FormatOptions.Parse(name, result.GetValue(options), open.Secrets(result), out string? sizeOption);
            string? length = result.GetValue(size);
            if (length is not null == result.GetValue(file) is not null)
                throw new UsageException("either --size or one FILE is needed");
            if (length is not null && result.GetValue(snapshot) is not null)
                throw new UsageException("--size and -l exclude each other");
            if (sizeOption is not null)
                throw new UsageException("-o size: --size gives it");
            DiskMeasurement measured;
            if (length is not null)
            {
                measured = DiskJobs.Measure(length == "0" ? 0 : NewImage.Length(length, "--size"), target);
            }
            else
            {
                using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: true);
                await using IBlockDevice disk = await SnapshotName.OpenAsync(image, result.GetValue(snapshot)).ConfigureAwait(false);
                measured = await DiskJobs.MeasureAsync(disk, target, cancellation).ConfigureAwait(false);
                // bitmaps are the image's, not the snapshot's
                if (disk != image)
                    measured = measured with { Bitmaps = (await DiskJobs.MeasureAsync(image, target, cancellation).ConfigureAwait(false)).Bitmaps };
            }

            if (result.GetValue(json) || result.GetValue(output) == "json")
                ImgJson.Write(writer, Facts(measured));
            else
                Write(writer, measured);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Dictionary<string, object> Facts(DiskMeasurement measured)
    {
        var facts = new Dictionary<string, object> { ["required"] = measured.Required, ["fully-allocated"] = measured.FullyAllocated };
        if (measured.Bitmaps is { } bitmaps)
            facts["bitmaps"] = bitmaps;
        return facts;
    }

    private static void Write(TextWriter writer, DiskMeasurement measured)
    {
        writer.WriteLine($"required         {ImgText.Size(measured.Required)}");
        writer.WriteLine($"fully allocated  {ImgText.Size(measured.FullyAllocated)}");
        if (measured.Bitmaps is { } bitmaps)
            writer.WriteLine($"bitmaps          {ImgText.Size(bitmaps)}");
    }
}
