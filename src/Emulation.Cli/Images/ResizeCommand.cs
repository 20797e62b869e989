using System.CommandLine;
using Emulation.Cli.Options;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img resize.</summary>
internal static class ResizeCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        var size = new Argument<string>("SIZE") { Description = "The new size; with + or - in front, by how much it changes." };
        Option<string?> format = ImgOptions.Format();
        var shrink = new Option<bool>("--shrink") { Description = "Allows the disk to become smaller; what lies behind its new end is lost." };
        var preallocation = new Option<string?>("--preallocation") { Description = "What of the new space is taken at once: off (default), metadata, falloc or full.", HelpName = "HOW" };
        preallocation.AcceptOnlyFromAmong("off", "metadata", "falloc", "full");
        Option<bool> quiet = ImgOptions.Quiet();
        Option<bool> json = ImgOptions.Json();
        var command = new Command("resize", "Changes the size of a disk.") { file, size, format, shrink, preallocation, quiet, json };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            await using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: false);
            long old = image.Length;
            long length = NewLength(result.GetValue(size)!, old);
            if (image is Qcow2Image && (length & 511) != 0)
                throw new UsageException($"SIZE: {length} bytes are not a multiple of 512");
            if (length < old && !result.GetValue(shrink))
                throw new UsageException($"'{path}' would shrink from {old} to {length} bytes and lose what lies behind; --shrink allows that");
            if (!image.CanResize)
                throw new UsageException($"'{path}' is a {DiskImage.Describe(image).Format} image, whose size cannot be changed");
            DiskPreallocation space = result.GetValue(preallocation) switch
            {
                "metadata" => DiskPreallocation.Metadata,
                "falloc" => DiskPreallocation.Falloc,
                "full" => DiskPreallocation.Full,
                _ => DiskPreallocation.Off,
            };
            await DiskJobs.ResizeAsync(image, length, space, cancellation).ConfigureAwait(false);
            await image.FlushAsync(cancellation).ConfigureAwait(false);
            if (result.GetValue(json))
                ImgJson.Write(writer, new Dictionary<string, object> { ["filename"] = path, ["virtual-size"] = length });
            else if (!result.GetValue(quiet))
                await writer.WriteLineAsync($"'{path}' now has {ImgText.Size(length)}").ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }

    private static long NewLength(string text, long old)
    {
        bool relative = text.StartsWith('+') || text.StartsWith('-');
        ulong size = SizeText.ParseSize(relative ? text[1..] : text, "SIZE");
        Int128 length = !relative ? size : text[0] == '+' ? (Int128)old + size : (Int128)old - size;
        if (length <= 0 || length > long.MaxValue)
            throw new UsageException($"SIZE: {text} is not possible for a disk of {old} bytes");
        return (long)length;
    }
}
