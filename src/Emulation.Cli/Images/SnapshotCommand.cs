using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img snapshot.</summary>
internal static class SnapshotCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        Option<string?> format = ImgOptions.Format();
        var list = new Option<bool>("-l") { Description = "Lists the snapshots (default)." };
        var create = new Option<string?>("-c") { Description = "Keeps the disk as it is now under a name.", HelpName = "NAME" };
        var apply = new Option<string?>("-a") { Description = "Makes the disk what it was; later changes that no snapshot holds are lost.", HelpName = "SNAPSHOT" };
        var delete = new Option<string?>("-d") { Description = "Deletes a snapshot; the disk stays as it is.", HelpName = "SNAPSHOT" };
        Option<bool> quiet = ImgOptions.Quiet();
        Option<bool> json = ImgOptions.Json();
        var command = new Command("snapshot", "Lists, creates, applies and deletes the snapshots inside an image. SNAPSHOT is an id or a name.") { file, format, list, create, apply, delete, quiet, json };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, _) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            string? name = result.GetValue(create);
            string? applied = result.GetValue(apply);
            string? deleted = result.GetValue(delete);
            int actions = (result.GetValue(list) ? 1 : 0) + ((string?[])[name, applied, deleted]).Count(static a => a is not null);
            if (actions > 1)
                throw new UsageException("-l, -c, -a and -d exclude each other");
            bool listing = actions == 0 || result.GetValue(list);
            await using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: listing, alone: listing);
            if (image is not Qcow2Image qcow2)
                throw new UsageException($"'{path}' is no qcow2 image; others have no snapshots");
            if (name is "")
                throw new UsageException("-c: a snapshot needs a name");
            if (name is not null)
                await qcow2.CreateSnapshotAsync(name).ConfigureAwait(false);
            else if (applied is not null)
                await qcow2.ApplySnapshotAsync(applied).ConfigureAwait(false);
            else if (deleted is not null)
                await qcow2.DeleteSnapshotAsync(deleted).ConfigureAwait(false);
            if (result.GetValue(json))
                ImgJson.Write(writer, qcow2.Snapshots.Select(ImgJson.Of));
            else if (listing)
                ImgText.Write(writer, qcow2.Snapshots);
            return ExitCodes.Success;
        });
        return command;
    }
}
