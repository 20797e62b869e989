using System.CommandLine;
using System.Globalization;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img check.</summary>
internal static class CheckCommand
{
    private const int Corrupt = 2;
    private const int Leaking = 3;
    private const int NothingToCheck = 63;

    public static Command Create(CliHost host)
    {
        Argument<string> file = ImgOptions.File();
        Option<string?> format = ImgOptions.Format();
        var repair = new Option<string?>("-r") { Description = "Repairs lost clusters (leaks) or all that can be repaired (all).", HelpName = "WHAT" };
        repair.AcceptOnlyFromAmong("leaks", "all");
        Option<bool> quiet = ImgOptions.Quiet();
        Option<bool> json = ImgOptions.Json();
        Option<string?> output = ImgOptions.Output();
        var command = new Command("check", "Checks an image's structures. Ends with 0 when they are sound, 2 when they are not, 3 when space is lost, 63 when the format has none.")
        {
            file, format, repair, quiet, json, output,
        };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, _) =>
        {
            string path = open.Path(result, result.GetValue(file)!);
            string name = open.Read(result, result.GetValue(file)!, result.GetValue(format), readOnly: true).Format ?? DiskImage.DetectFormat(path);
            if (name == "raw")
            {
                await host.Error.WriteLineAsync($"emu: '{path}' is a raw image, which has no structures that could be checked").ConfigureAwait(false);
                return NothingToCheck;
            }

            DiskRepair what = result.GetValue(repair) switch { "leaks" => DiskRepair.Leaks, "all" => DiskRepair.All, _ => DiskRepair.None };
            DiskCheckResult check = DiskImage.Check(path, what, name);
            if (result.GetValue(json) || result.GetValue(output) == "json")
                ImgJson.Write(writer, Facts(path, name, check));
            else if (!result.GetValue(quiet))
                Write(writer, check);
            return check.Corruptions > 0 ? Corrupt : check.Leaks > 0 ? Leaking : ExitCodes.Success;
        });
        return command;
    }

    private static Dictionary<string, object> Facts(string path, string format, DiskCheckResult check)
    {
        var facts = new Dictionary<string, object>
        {
            ["filename"] = path,
            ["format"] = format,
            ["check-errors"] = 0,
            ["image-end-offset"] = check.ImageEnd,
            ["total-clusters"] = check.TotalClusters,
            ["allocated-clusters"] = check.AllocatedClusters,
            ["compressed-clusters"] = check.CompressedClusters,
        };
        foreach ((string name, long count) in ((string, long)[])[
            ("corruptions", check.Corruptions), ("leaks", check.Leaks), ("corruptions-fixed", check.RepairedCorruptions), ("leaks-fixed", check.RepairedLeaks)])
        {
            if (count > 0)
                facts[name] = count;
        }

        return facts;
    }

    private static void Write(TextWriter writer, DiskCheckResult check)
    {
        foreach (string message in check.Messages)
            writer.WriteLine(message);
        if (check.RepairedCorruptions + check.RepairedLeaks > 0)
            writer.WriteLine($"repaired: {check.RepairedCorruptions} errors, {check.RepairedLeaks} lost clusters");
        writer.WriteLine(check.IsClean ? "the image is sound" : $"{check.Corruptions} errors, {check.Leaks} lost clusters");
        double allocated = check.TotalClusters == 0 ? 0 : 100.0 * check.AllocatedClusters / check.TotalClusters;
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"clusters: {check.AllocatedClusters} of {check.TotalClusters} allocated ({allocated:0.##} %), {check.CompressedClusters} compressed; the image ends at byte {check.ImageEnd}"));
    }
}
