using System.CommandLine;
using Emulation.Cli.Images;
using Emulation.Storage;

namespace Emulation.Cli.Nbd;

/// <summary>emu nbd connect: what a server offers. To copy a disk, its URI stands for a file in emu img.</summary>
internal static class ConnectCommand
{
    public static Command Create(CliHost host)
    {
        var uri = new Argument<string>("URI") { Description = "nbd://HOST[:PORT]/EXPORT, nbds:// with TLS, nbd+unix:///EXPORT?socket=PATH, nbds+unix://." };
        var list = new Option<bool>("--list", "-L") { Description = "Shows all exports of the server, whatever export the URI names." };
        var certificates = new Option<string?>("--tls-certificates") { Description = "Uses TLS and trusts ca-cert.pem of a directory; client-cert.pem and client-key.pem for servers that want them.", HelpName = "DIR" };
        Option<bool> json = ImgOptions.Json();
        var command = new Command("connect", "Shows what an NBD export is: size, abilities, block sizes, metadata contexts. 'emu img convert URI FILE' copies it.") { uri, list, certificates, json };
        command.Do(host, async (result, writer, cancellation) =>
        {
            NbdUri where = Parse(result.GetValue(uri)!);
            var options = new NbdClientOptions { Tls = result.GetValue(certificates) is { } directory ? NbdClientTls.FromDirectory(directory) : null };
            if (!result.GetValue(list))
            {
                NbdExportInfo info = await NbdClient.GetInfoAsync(where, options, cancellation).ConfigureAwait(false);
                if (result.GetValue(json))
                    ImgJson.Write(writer, Facts(info));
                else
                    Write(writer, info);
                return ExitCodes.Success;
            }

            IReadOnlyList<NbdExportInfo> names = await NbdClient.ListAsync(where, options, cancellation).ConfigureAwait(false);
            var exports = new List<NbdExportInfo>();
            foreach (NbdExportInfo export in names)
                exports.Add(await NbdClient.GetInfoAsync(where with { ExportName = export.Name }, options, cancellation).ConfigureAwait(false));
            if (result.GetValue(json))
                ImgJson.Write(writer, new Dictionary<string, object> { ["exports"] = exports.ConvertAll(Facts) });
            else
                exports.ForEach(e => Write(writer, e));
            return ExitCodes.Success;
        });
        return command;
    }

    private static NbdUri Parse(string text)
    {
        try
        {
            return NbdUri.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static Dictionary<string, object> Facts(NbdExportInfo info)
    {
        var facts = new Dictionary<string, object>
        {
            ["name"] = info.Name,
            ["size"] = info.Length,
            ["flags"] = Flags(info),
            ["min-block"] = info.MinimumBlockSize,
            ["opt-block"] = info.PreferredBlockSize,
            ["max-block"] = info.MaximumPayload,
            ["contexts"] = info.Contexts,
        };
        if (info.Description is { } description)
            facts["description"] = description;
        return facts;
    }

    private static void Write(TextWriter writer, NbdExportInfo info)
    {
        writer.WriteLine($"export           '{Printable(info.Name)}'");
        if (info.Description is { } description)
            writer.WriteLine($"description      {description}");
        writer.WriteLine($"size             {ImgText.Size(info.Length)}");
        writer.WriteLine($"flags            {string.Join(", ", Flags(info))}");
        writer.WriteLine($"block sizes      {info.MinimumBlockSize} smallest, {info.PreferredBlockSize} preferred, {info.MaximumPayload} largest");
        writer.WriteLine($"contexts         {string.Join(", ", info.Contexts.Select(Printable))}");
    }

    // a server's text must not move the cursor
    private static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));

    private static string[] Flags(NbdExportInfo info)
        => [.. Names.Where(f => (info.Flags & f.Flag) != 0).Select(static f => f.Name)];

    // as the protocol writes them
    private static IEnumerable<(NbdExportFlags Flag, string Name)> Names =>
    [
        (NbdExportFlags.ReadOnly, "read-only"),
        (NbdExportFlags.Flush, "flush"),
        (NbdExportFlags.ForceUnitAccess, "fua"),
        (NbdExportFlags.Rotational, "rotational"),
        (NbdExportFlags.Trim, "trim"),
        (NbdExportFlags.WriteZeroes, "zeroes"),
        (NbdExportFlags.DoNotFragment, "df"),
        (NbdExportFlags.MultipleConnections, "multi-conn"),
        (NbdExportFlags.Resize, "resize"),
        (NbdExportFlags.Cache, "cache"),
        (NbdExportFlags.FastZero, "fast-zero"),
    ];
}
