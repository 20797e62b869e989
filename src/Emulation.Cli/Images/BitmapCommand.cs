using System.CommandLine;
using System.CommandLine.Parsing;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img bitmap.</summary>
internal static class BitmapCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        var bitmap = new Argument<string>("BITMAP") { Description = "Name of the bitmap." };
        Option<string?> format = ImgOptions.Format();
        var add = new Option<bool>("--add") { Description = "Adds it, with no bit set." };
        var remove = new Option<bool>("--remove") { Description = "Removes it." };
        var clear = new Option<bool>("--clear") { Description = "Clears all its bits." };
        var enable = new Option<bool>("--enable") { Description = "Records writes in it from now on." };
        var disable = new Option<bool>("--disable") { Description = "Records no writes in it from now on." };
        var merge = new Option<string[]?>("--merge") { Description = "Sets the bits that are set in another bitmap.", HelpName = "BITMAP", Arity = ArgumentArity.OneOrMore };
        var granularity = new Option<string?>("-g", "--granularity") { Description = "Bytes that a bit of a new bitmap stands for; 64K by default.", HelpName = "SIZE" };
        var source = new Option<string?>("-b", "--source-file") { Description = "The image that has the bitmaps to merge; by default the same.", HelpName = "FILE" };
        Option<string?> sourceFormat = ImgOptions.Format("-F", "Format of that image.");
        var command = new Command("bitmap", "Changes a persistent bitmap of an image. Several changes are made one after the other.")
        {
            file, bitmap, format, add, remove, clear, enable, disable, merge, granularity, source, sourceFormat,
        };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, _, _) =>
        {
            var actions = Actions(result).ToList();
            if (actions.Count == 0)
                throw new UsageException("at least one of --add, --remove, --clear, --enable, --disable and --merge is needed");
            if (result.GetValue(granularity) is not null && actions.All(static a => a.Name != "--add"))
                throw new UsageException("-g goes with --add only");
            if (result.GetValue(source) is not null && actions.All(static a => a.Name != "--merge"))
                throw new UsageException("-b goes with --merge only");
            string name = result.GetValue(bitmap)!;
            await using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: false, alone: true);
            Qcow2Image target = image as Qcow2Image ?? throw new UsageException($"'{open.Path(result, result.GetValue(file)!)}' is no qcow2 image; others have no bitmaps");
            long bytes = ImgOptions.Bytes(result, granularity) ?? 1 << 16;
            if (!long.IsPow2(bytes) || bytes is < 512 or > 1L << 31)
                throw new UsageException("-g: the granularity is a power of two from 512 to 2G");
            using BlockDevice? other = result.GetValue(source) is { } path
                ? DiskImage.Open(path, open.Read(result, path, result.GetValue(sourceFormat), readOnly: true) with { IgnoreBacking = true })
                : null;
            Qcow2Image from = other is null ? target : other as Qcow2Image ?? throw new UsageException($"'{result.GetValue(source)}' is no qcow2 image; others have no bitmaps");
            foreach ((string action, string value) in actions)
                await ChangeAsync(target, name, action, value, bytes, from).ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ChangeAsync(Qcow2Image target, string name, string action, string value, long granularity, Qcow2Image from)
    {
        switch (action)
        {
            case "--add":
                await target.AddBitmapAsync(name, granularity, enabled: true).ConfigureAwait(false);
                break;
            case "--remove":
                await target.RemoveBitmapAsync(name).ConfigureAwait(false);
                break;
            case "--clear":
                await target.ClearBitmapAsync(name).ConfigureAwait(false);
                break;
            case "--merge":
                await target.MergeBitmapAsync(name, value, from).ConfigureAwait(false);
                break;
            default:
                await target.EnableBitmapAsync(name, action == "--enable").ConfigureAwait(false);
                break;
        }
    }

    // in the order in which they are written
    private static IEnumerable<(string Name, string Value)> Actions(ParseResult result)
    {
        for (int i = 0; i < result.Tokens.Count; i++)
        {
            Token token = result.Tokens[i];
            if (token.Type == TokenType.Option && token.Value is "--add" or "--remove" or "--clear" or "--enable" or "--disable")
                yield return (token.Value, "");
            else if (token is { Type: TokenType.Option, Value: "--merge" })
                yield return (token.Value, result.Tokens[i + 1].Value);
        }
    }
}
