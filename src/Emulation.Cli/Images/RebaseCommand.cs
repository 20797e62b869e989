using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img rebase.</summary>
internal static class RebaseCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        Option<string?> format = ImgOptions.Format();
        var backing = new Option<string>("-b") { Description = "The image that comes below; an empty name: none. A relative name counts from the image's folder.", HelpName = "FILE", Required = true };
        var backingFormat = new Option<string?>("-F") { Description = "Format of the image below.", HelpName = "FORMAT" };
        var unsafely = new Option<bool>("-u") { Description = "Changes the name only: both images below must hold the same." };
        Option<bool> progress = ImgOptions.Progress();
        Option<bool> quiet = ImgOptions.Quiet();
        var command = new Command("rebase", "Puts an image on another one, or on none, without a change of what it holds.")
        {
            file, format, backing, backingFormat, unsafely, ImgOptions.Cache(), ImgOptions.SourceCache(), progress, quiet,
        };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, _, cancellation) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            DiskImageOptions image = open.Read(result, result.GetValue(file)!, result.GetValue(format), readOnly: false);
            string? name = result.GetValue(backing) is { Length: > 0 } given ? given : null;
            string? kind = result.GetValue(backingFormat);
            if (kind is not null)
                ImgCommand.CheckFormat(kind);
            if (name is not null && kind is null)
                throw new UsageException("the format of the backing file must be given with -F");
            var options = new DiskRebaseOptions
            {
                BackingFile = name,
                BackingFormat = name is null ? null : FormatTables.Name(kind!),
                Unsafe = result.GetValue(unsafely),
                Format = image.Format,
                OldBackingFormat = image.BackingFormat,
                Passphrase = image.Passphrase,
            };
            await ImgProgress.RunAsync(
                host, result.GetValue(progress), result.GetValue(quiet), "rebasing", report => DiskJobs.RebaseAsync(path, options, report, cancellation)).ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}
