using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img convert.</summary>
internal static class ConvertCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> source = ImgOptions.File("SOURCE");
        Argument<string> target = ImgOptions.File("TARGET", "The new image; a file of that name is replaced when the new one is complete.");
        Option<string?> format = ImgOptions.Format();
        Option<string?> targetFormat = ImgOptions.Format("-O", "Format of the new image; raw by default.");
        Option<string[]?> options = ImgOptions.FormatOptions();
        var compress = new Option<bool>("-c") { Description = "Compresses the new image (qcow2)." };
        var cache = new Option<string?>("-t") { Description = "writeback (default): the new image is on the disk at the end; unsafe: the host writes it when it likes.", HelpName = "CACHE" };
        cache.AcceptOnlyFromAmong("writeback", "unsafe");
        Option<bool> progress = ImgOptions.Progress();
        Option<bool> quiet = ImgOptions.Quiet();
        var command = new Command("convert", "Copies a disk to a new image.") { source, target, format, targetFormat, options, compress, cache, progress, quiet };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, _, cancellation) =>
        {
            var convert = new DiskConvertOptions
            {
                Target = FormatOptions.Parse(result.GetValue(targetFormat) ?? "raw", result.GetValue(options), open.Secrets(result), out string? size),
                Compress = result.GetValue(compress),
                Flush = result.GetValue(cache) != "unsafe",
            };
            if (size is not null)
                throw new UsageException("-o size: the new image is as large as its source");
            using BlockDevice disk = open.Open(result, result.GetValue(source)!, result.GetValue(format), readOnly: true);
            using var file = new OutputFile(result.GetValue(target)!);
            await file.WriteAsync(path => ImgProgress.RunAsync(
                host,
                result.GetValue(progress),
                result.GetValue(quiet),
                "converting",
                report => DiskJobs.ConvertAsync(disk, path, convert, report, cancellation))).ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}
