using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The options of a new qcow2 image.</summary>
internal static class Qcow2Options
{
    public static readonly FormatTable<Qcow2CreateOptions> Table = new(new(),
    [
        new("compat", "0.10, v2, 1.1 or v3", "version of the format", static (o, v) => o with { Version = v.Choice(("0.10", 2), ("v2", 2), ("1.1", 3), ("v3", 3)) }),
        new("cluster_size", "SIZE", "bytes of a cluster: 512 to 2M", static (o, v) => o with { ClusterSize = v.Size() }),
        new("refcount_bits", "1 to 64", "width of a reference count", static (o, v) => o with { RefcountBits = v.Number() }),
        new("extended_l2", "on or off", "subclusters, allocated one by one", static (o, v) => o with { ExtendedL2 = v.Switch() }),
        new("lazy_refcounts", "on or off", "reference counts are written late", static (o, v) => o with { LazyRefcounts = v.Switch() }),
        new("compression_type", "zlib or zstd", "how clusters are compressed",
            static (o, v) => o with { Compression = v.Choice(("zlib", Qcow2Compression.Zlib), ("zstd", Qcow2Compression.Zstd)) }),
        new("preallocation", "off, metadata, falloc or full", "what of the file's space is taken at once", static (o, v) => o with
        {
            Preallocation = v.Choice(
                ("off", DiskPreallocation.Off), ("metadata", DiskPreallocation.Metadata), ("falloc", DiskPreallocation.Falloc), ("full", DiskPreallocation.Full)),
        }),
        new("backing_file", "FILE", "the image below", static (o, v) => o with { BackingFile = v.Text }),
        new("backing_fmt", "FORMAT", "format of the image below", static (o, v) => o with { BackingFormat = FormatTables.Name(v.Text) }),
        new("data_file", "FILE", "a file that holds the guest's data", static (o, v) => o with { DataFile = v.Text }),
        new("data_file_raw", "on or off", "the data file is a raw image by itself", static (o, v) => o with { DataFileIsRaw = v.Switch() }),
        new("encrypt.format", "luks", "encrypts the guest's data", static (o, v) => v.Text == "aes" ? throw Aes(v.Name) : v.Only(o, "luks")),
        new("encrypt.key-secret", "ID", "the secret that holds the passphrase: see --object", static (o, v) => o with { Passphrase = v.Secrets.Find(v.Text) }),
        new("encrypt.cipher-alg", "aes-256", "cipher", static (o, v) => v.Only(o, "aes-256")),
        new("encrypt.cipher-mode", "xts", "mode of the cipher", static (o, v) => v.Only(o, "xts")),
        new("encrypt.hash-alg", "sha256", "hash", static (o, v) => v.Only(o, "sha256")),
        new("encrypt.ivgen-alg", "plain64", "numbering of sectors", static (o, v) => v.Only(o, "plain64")),
        new("encrypt.iter-time", "MILLISECONDS", "ignored: the passphrase is hashed 600000 times", static (o, v) => v.Number() > 0 ? o : throw v.Wrong()),
        new("encryption", "off", "the old AES encryption, which is not created", static (o, v) => v.Switch() ? throw Aes(v.Name) : o),
    ], finish: Finish);

    private static Qcow2CreateOptions Finish(Qcow2CreateOptions options, IReadOnlyList<NamedValue> given, Secrets secrets)
    {
        bool encrypted = given.Any(static g => g.Name == "encrypt.format");
        if (!encrypted)
            return given.FirstOrDefault(static g => g.Name.StartsWith("encrypt.", StringComparison.Ordinal)) is { Name: { } name } ? throw new UsageException($"-o {name} needs encrypt.format") : options;
        return options with { Passphrase = options.Passphrase ?? secrets.Passphrase ?? throw new UsageException("-o encrypt.format needs a passphrase: encrypt.key-secret=ID and --object secret,id=ID,file=F, or --passphrase-file F") };
    }

    private static UsageException Aes(string name) => new($"-o {name}: images with the old AES encryption are read, but not created; encrypt.format=luks is");
}
