using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img amend.</summary>
internal static class AmendCommand
{
    private static readonly (string Name, string Takes, string What)[] s_options =
    [
        ("size", "SIZE", "size of the disk, which can grow only"),
        ("backing_file", "FILE", "name of the image below; both must hold the same"),
        ("backing_fmt", "FORMAT", "format of the image below"),
        ("lazy_refcounts", "on or off", "reference counts are written late"),
        ("compat", "0.10 or 1.1", "the version the image has: a change is not supported"),
        ("refcount_bits", "1 to 64", "the width that is there: a change is not supported"),
    ];

    public static Command Create(CliHost host)
    {
        Argument<string?> file = ImgOptions.MaybeFile();
        Option<string?> format = ImgOptions.Format();
        Option<string[]?> options = ImgOptions.FormatOptions();
        options.Required = true;
        var force = new Option<bool>("--force") { Description = "Accepted, and does nothing." };
        Option<bool> progress = ImgOptions.Progress();
        Option<bool> quiet = ImgOptions.Quiet();
        var command = new Command("amend", "Changes options of a qcow2 image.") { file, format, options, force, ImgOptions.Cache(), progress, quiet };
        command.Require(options, file);
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            if (FormatOptions.AsksForHelp(result.GetValue(options)))
            {
                FormatOptions.WriteHelp(writer, s_options);
                return ExitCodes.Success;
            }

            string path = open.Path(result, result.GetValue(file)!);
            var given = FormatOptions.Split(result.GetValue(options)).Select(o => Value(o.Name, o.Value)).ToList();
            bool rename = given.Any(static g => g.Name is "backing_file" or "backing_fmt");
            await using BlockDevice disk = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: false, alone: rename);
            if (disk is not Qcow2Image image)
                throw new UsageException($"'{path}' is no qcow2 image; the options of others do not change");
            foreach (OptionValue value in given)
                Check(image, value);
            foreach (OptionValue value in given)
            {
                if (value.Name == "size")
                    await image.ResizeAsync(NewImage.Length(value.Text, "-o size"), cancellation).ConfigureAwait(false);
                else if (value.Name == "lazy_refcounts")
                    await image.SetLazyRefcountsAsync(value.Switch()).ConfigureAwait(false);
            }

            if (rename)
            {
                string? name = given.FindLast(static g => g.Name == "backing_file")?.Text ?? image.BackingFile;
                string? kind = given.FindLast(static g => g.Name == "backing_fmt")?.Text ?? image.BackingFormat;
                name = name is "" or "on" ? null : name;
                await image.ChangeBackingFileAsync(name, name is null || kind is null ? null : FormatTables.Name(kind)).ConfigureAwait(false);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static OptionValue Value(string name, string text)
    {
        (string Name, string Takes, string What) option = Array.Find(s_options, o => o.Name == name);
        return option.Name is null
            ? throw new UsageException($"-o {name}: this does not change; {string.Join(", ", s_options.Select(static o => o.Name))} do")
            : new OptionValue(name, text, option.Takes, Secrets.None);
    }

    // everything before anything is changed
    private static void Check(Qcow2Image image, OptionValue value)
    {
        switch (value.Name)
        {
            case "compat":
                if (value.Choice(("0.10", 2), ("v2", 2), ("1.1", 3), ("v3", 3)) != image.Version)
                    throw new UsageException($"-o compat: an image of version {image.Version} stays one; convert it to another");
                break;
            case "refcount_bits":
                if (value.Number() != image.RefcountBits)
                    throw new UsageException($"-o refcount_bits: an image with counts of {image.RefcountBits} bits stays one; convert it to another");
                break;
            case "lazy_refcounts":
                value.Switch();
                break;
            case "backing_fmt":
                ImgCommand.CheckFormat(value.Text);
                break;
            case "size":
                long length = NewImage.Length(value.Text, "-o size");
                if (length < image.Length)
                    throw new UsageException($"-o size: the disk would shrink from {image.Length} to {length} bytes; 'emu img resize --shrink' does that");
                if ((length & 511) != 0)
                    throw new UsageException($"-o size: {length} bytes are not a multiple of 512");
                break;
        }
    }
}
