using System.CommandLine;
using Emulation.Cli.Options;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img create.</summary>
internal static class CreateCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string?> file = ImgOptions.MaybeFile(description: "The new image; a file of that name is replaced.");
        var size = new Argument<string?>("SIZE") { Description = "Size of the disk: bytes, or a number with K, M, G, T, P or E; by default that of the backing file.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> format = ImgOptions.Format(description: "Format of the new image; raw by default.");
        Option<string[]?> options = ImgOptions.FormatOptions();
        var backing = new Option<string?>("-b") { Description = "The image below; a relative name counts from the new image's folder.", HelpName = "FILE" };
        var backingFormat = new Option<string?>("-F") { Description = "Format of the image below.", HelpName = "FORMAT" };
        var unsafely = new Option<bool>("-u") { Description = "Does not open the image below, which need not be there." };
        Option<bool> quiet = ImgOptions.Quiet();
        Option<bool> json = ImgOptions.Json();
        var command = new Command("create", "Creates an image.") { file, size, format, options, backing, backingFormat, unsafely, quiet, json };
        command.Require(options, file);
        OpenOptions open = OpenOptions.AddTo(command, images: false);
        command.Do(host, async (result, writer, _) =>
        {
            string name = result.GetValue(format) ?? "raw";
            if (FormatOptions.AsksForHelp(result.GetValue(options)))
            {
                FormatOptions.WriteHelp(writer, name);
                return ExitCodes.Success;
            }

            string path = result.GetValue(file)!;
            Secrets secrets = open.Secrets(result);
            DiskCreateOptions create = FormatOptions.Parse(name, result.GetValue(options), secrets, out string? sizeOption);
            create = NewImage.WithBacking(create, result.GetValue(backing), result.GetValue(backingFormat));
            string? text = result.GetValue(size) ?? sizeOption;
            long length;
            using (var target = new OutputFile(path))
            {
                length = text is null ? NewImage.BackingLength(path, create, secrets) : NewImage.Length(text);
                if (create is not RawCreateOptions)
                    length = (length + 511) & -512;
                await target.WriteAsync(async to => length = await NewImage.CreateAsync(to, target.FinalPath, length, create, result.GetValue(unsafely)).ConfigureAwait(false)).ConfigureAwait(false);
            }

            if (result.GetValue(json))
                ImgJson.Write(writer, new Dictionary<string, object> { ["filename"] = path, ["format"] = create.Format, ["virtual-size"] = length });
            else if (!result.GetValue(quiet))
                await writer.WriteLineAsync($"created {create.Format} image '{path}' of {ImgText.Size(length)}").ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}
