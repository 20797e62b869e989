using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The values of -o.</summary>
internal static class FormatOptions
{
    /// <summary>The options of a new image.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="texts">NAME=VALUE,...; null without any.</param>
    /// <param name="secrets">Passphrases by their names.</param>
    /// <param name="size">The value of size, if it is among them.</param>
    public static DiskCreateOptions Parse(string format, IEnumerable<string>? texts, Secrets secrets, out string? size)
    {
        ImgCommand.CheckFormat(format);
        IFormatTable table = FormatTables.Find(format);
        List<NamedValue> given = Split(texts);
        size = given.FindLast(static g => g.Name == "size")?.Value;
        foreach ((string name, string value) in given.Where(static g => g.Name == "nocow"))
            new OptionValue(name, value, "on or off", secrets).Switch();
        given.RemoveAll(static g => FormatTables.Common.Any(c => c.Name == g.Name));
        return table.Read(given, secrets);
    }

    /// <summary>NAME=VALUE pairs; a name alone is on.</summary>
    public static List<NamedValue> Split(IEnumerable<string>? texts)
        => [.. (texts ?? []).SelectMany(OptionList.Split).Select(static p => p.Value.Length == 0 ? p with { Value = "on" } : p)];

    /// <summary>Whether -o asks what there is.</summary>
    public static bool AsksForHelp(IEnumerable<string>? texts) => texts is not null && texts.SelectMany(OptionList.Split).Any(static p => p.Name is "help" or "?");

    /// <summary>Writes what there is.</summary>
    public static void WriteHelp(TextWriter writer, string format)
    {
        ImgCommand.CheckFormat(format);
        IFormatTable table = FormatTables.Find(format);
        writer.WriteLine($"options of {table.Format} images:");
        WriteHelp(writer, FormatTables.Common.Concat(table.Help));
    }

    /// <summary>Writes a line for each option, or two where one would be too long.</summary>
    public static void WriteHelp(TextWriter writer, IEnumerable<(string Name, string Takes, string What)> options)
    {
        foreach ((string name, string takes, string what) in options)
        {
            string line = $"  {$"{name}=<{takes}>",-40} {what}";
            if (line.Length <= ImgText.Width)
            {
                writer.WriteLine(line);
                continue;
            }

            ImgText.WriteWrapped(writer, $"  {name}=<{takes}>");
            ImgText.WriteWrapped(writer, $"      {what}");
        }
    }

    /// <summary>An argument that is not needed where -o asks for help.</summary>
    public static void Require(this Command command, Option<string[]?> options, params Argument<string?>[] arguments)
        => command.Validators.Add(result =>
        {
            if (!AsksForHelp(result.GetValue(options)) && arguments.Any(a => result.GetValue(a) is null))
                result.AddError($"Required argument missing for command: '{command.Name}'.");
        });
}
