using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img info.</summary>
internal static class InfoCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        Option<string?> format = ImgOptions.Format();
        var chain = new Option<bool>("--backing-chain") { Description = "Shows the images below too." };
        Option<bool> json = ImgOptions.Json();
        Option<string?> output = ImgOptions.Output();
        var command = new Command("info", "Shows what an image is.") { file, format, chain, json, output };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, (result, writer, _) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            using BlockDevice image = open.Open(result, result.GetValue(file)!, result.GetValue(format), readOnly: true, alone: !result.GetValue(chain));
            var images = BackingChain.Of(path, image).ToList();
            if (!result.GetValue(chain))
                images = images[..1];
            if (result.GetValue(json) || result.GetValue(output) == "json")
            {
                var facts = images.ConvertAll(static i => InfoReport.Facts(i.Path, i.Image, i.Info));
                ImgJson.Write(writer, result.GetValue(chain) ? facts : facts[0]);
                return Task.FromResult(ExitCodes.Success);
            }

            for (int i = 0; i < images.Count; i++)
            {
                if (i > 0)
                    writer.WriteLine();
                InfoReport.Write(writer, images[i].Path, images[i].Image, images[i].Info);
            }

            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
