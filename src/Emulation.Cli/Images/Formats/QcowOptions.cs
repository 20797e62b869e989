using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The options of a new qcow image.</summary>
internal static class QcowOptions
{
    public static readonly FormatTable<QcowCreateOptions> Table = new(new(),
    [
        new("backing_file", "FILE", "the image below", static (o, v) => o with { BackingFile = v.Text }),
        new("backing_fmt", "FORMAT", "format of the image below, which is not recorded", static (o, v) => o with { BackingFormat = FormatTables.Name(v.Text) }),
        new("encrypt.format", "aes", "encrypts the guest's data, insecurely", static (o, v) => v.Only(o, "aes")),
        new("encrypt.key-secret", "ID", "the secret that holds the passphrase: see --object", static (o, v) => o with { Passphrase = v.Secrets.Find(v.Text) }),
        new("encryption", "on or off", "the same as encrypt.format=aes", static (o, v) => v.Switch() ? o : o),
    ], finish: Finish);

    private static QcowCreateOptions Finish(QcowCreateOptions options, IReadOnlyList<NamedValue> given, Secrets secrets)
    {
        bool encrypted = given.Any(static g => g.Name == "encrypt.format" || g is ("encryption", "on" or "yes" or "true"));
        if (!encrypted && options.Passphrase is not null)
            throw new UsageException("-o encrypt.key-secret needs encrypt.format");
        return !encrypted ? options
            : options with { Passphrase = options.Passphrase ?? secrets.Passphrase ?? throw new UsageException("-o encrypt.format needs a passphrase: encrypt.key-secret=ID and --object secret,id=ID,file=F, or --passphrase-file F") };
    }
}
