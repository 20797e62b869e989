using System.CommandLine;
using Emulation.Cli.Options;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img create.</summary>
internal static class CreateCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File(description: "The new image; a file of that name is replaced.");
        var size = new Argument<string?>("SIZE") { Description = "Size of the disk: bytes, or a number with K, M, G or T; by default that of the backing file.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> format = ImgOptions.Format(description: "Format of the new image; raw by default.");
        Option<string?> options = ImgOptions.FormatOptions();
        var backing = new Option<string?>("-b") { Description = "The image below; a relative name counts from the new image's folder.", HelpName = "FILE" };
        var backingFormat = new Option<string?>("-F") { Description = "Format of the image below.", HelpName = "FORMAT" };
        Option<bool> quiet = ImgOptions.Quiet();
        Option<bool> json = ImgOptions.Json();
        var command = new Command("create", "Creates an image.") { file, size, format, options, backing, backingFormat, quiet, json };
        command.Do(host, async (result, writer, _) =>
        {
            string path = result.GetValue(file)!;
            string name = result.GetValue(format) ?? "raw";
            DiskCreateOptions create = FormatOptions.Parse(name, result.GetValue(options), out string? sizeOption);
            create = WithBacking(create, result.GetValue(backing), result.GetValue(backingFormat));
            string? text = result.GetValue(size) ?? sizeOption;
            long length;
            using (var target = new OutputFile(path))
            {
                length = text is null ? BackingLength(path, create) : Length(text);
                if (create.Format != "raw")
                    length = (length + 511) & -512;
                await target.WriteAsync(async to => await DiskImage.Create(to, length, create).DisposeAsync().ConfigureAwait(false)).ConfigureAwait(false);
            }

            if (result.GetValue(json))
                ImgJson.Write(writer, new Dictionary<string, object> { ["filename"] = path, ["format"] = name, ["virtual-size"] = length });
            else if (!result.GetValue(quiet))
                await writer.WriteLineAsync($"created {name} image '{path}' of {ImgText.Size(length)}").ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }

    private static DiskCreateOptions WithBacking(DiskCreateOptions options, string? file, string? format)
    {
        if (file is null && format is null)
            return options;
        if (options is not Qcow2CreateOptions qcow2)
            throw new UsageException($"{options.Format} images have no backing file");
        return qcow2 with { BackingFile = file ?? qcow2.BackingFile, BackingFormat = format ?? qcow2.BackingFormat };
    }

    private static long BackingLength(string path, DiskCreateOptions options)
    {
        if (options is not Qcow2CreateOptions { BackingFile: { } backing } qcow2)
            throw new UsageException("there is no SIZE, and no backing file to take it from");
        using BlockDevice below = ImgCommand.Open(BackingChain.Resolve(path, backing), qcow2.BackingFormat ?? throw new UsageException("the format of the backing file must be given with -F"), readOnly: true);
        return below.Length;
    }

    private static long Length(string text)
    {
        ulong size = SizeText.ParseSize(text, "SIZE");
        return size <= long.MaxValue - 512 ? (long)size : throw new UsageException($"SIZE: {text} is too large");
    }
}
