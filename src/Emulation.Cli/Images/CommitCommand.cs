using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img commit.</summary>
internal static class CommitCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        Option<string?> format = ImgOptions.Format();
        var to = new Option<string?>("-b") { Description = "The image to commit to, by default the one right below; implies -d.", HelpName = "FILE" };
        var keep = new Option<bool>("-d") { Description = "Leaves the image as it is; otherwise it is empty afterwards." };
        var rate = new Option<string?>("-r") { Description = "Most bytes per second.", HelpName = "RATE" };
        Option<bool> progress = ImgOptions.Progress();
        Option<bool> quiet = ImgOptions.Quiet();
        var command = new Command("commit", "Writes what an image holds into the image below it.") { file, format, to, keep, rate, ImgOptions.Cache(), progress, quiet };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            DiskImageOptions image = open.Read(result, result.GetValue(file)!, result.GetValue(format), readOnly: false);
            var options = new DiskCommitOptions
            {
                Base = result.GetValue(to),
                KeepTop = result.GetValue(keep) || result.GetValue(to) is not null,
                Format = image.Format,
                BackingFormat = image.BackingFormat,
                Passphrase = image.Passphrase,
                BytesPerSecond = ImgOptions.Bytes(result, rate) ?? 0,
            };
            await ImgProgress.RunAsync(
                host, result.GetValue(progress), result.GetValue(quiet), "committing", report => DiskJobs.CommitAsync(path, options, report, cancellation)).ConfigureAwait(false);
            if (!result.GetValue(quiet))
                await writer.WriteLineAsync($"'{path}' is committed").ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}
