using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The options of every format that can be created. A new format is a table here.</summary>
internal static class FormatTables
{
    /// <summary>What every format has: name, values and purpose.</summary>
    public static readonly (string Name, string Takes, string What)[] Common =
    [
        ("size", "SIZE", "size of the disk, in place of the argument"),
        ("nocow", "on or off", "ignored: no file gets such an attribute"),
    ];

    private static readonly (string, DiskPreallocation)[] s_preallocation =
        [("off", DiskPreallocation.Off), ("falloc", DiskPreallocation.Falloc), ("full", DiskPreallocation.Full)];

    private static readonly IFormatTable[] s_tables =
    [
        new FormatTable<RawCreateOptions>(new(),
        [
            new("preallocation", "off, falloc or full", "what of the file's space is taken at once", static (o, v) => o with { Preallocation = v.Choice(s_preallocation) }),
        ]),
        Qcow2Options.Table,
        QcowOptions.Table,
        new FormatTable<VdiCreateOptions>(new(),
        [
            new("static", "on or off", "all blocks exist from the start", static (o, v) => o with { Fixed = v.Switch() }),
        ]),
        new FormatTable<VhdCreateOptions>(new() { RoundToGeometry = true },
        [
            new("subformat", "dynamic or fixed", "whether the file grows with what is written", static (o, v) => o with { Fixed = v.Choice(("dynamic", false), ("fixed", true)) }),
            new("force_size", "on or off", "the size as it is, not rounded up to whole cylinders", static (o, v) => o with { RoundToGeometry = !v.Switch() }),
            new("backing_file", "FILE", "the image below, a vhd image of the same size", static (o, v) => o with { ParentFile = v.Text }),
        ], ["vpc"]),
        VhdxOptions.Table,
        VmdkOptions.Table,
        new FormatTable<QedCreateOptions>(new(),
        [
            new("cluster_size", "SIZE", "bytes of a cluster: 4K to 64M", static (o, v) => o with { ClusterSize = v.Size() }),
            new("table_size", "1, 2, 4, 8 or 16", "clusters of a table", static (o, v) => o with { TableSize = v.Number() }),
            new("backing_file", "FILE", "the image below", static (o, v) => o with { BackingFile = v.Text }),
            new("backing_fmt", "FORMAT", "format of the image below", static (o, v) => o with { BackingFormat = Name(v.Text) }),
        ]),
        new FormatTable<ParallelsCreateOptions>(new(),
        [
            new("cluster_size", "SIZE", "bytes of a cluster: 4K to 256M", static (o, v) => o with { ClusterSize = v.Size() }),
        ]),
    ];

    /// <summary>Names of the formats that can be created.</summary>
    public static IEnumerable<string> Creatable => s_tables.Select(static t => t.Format);

    /// <summary>Names that users may give formats, those first by which they are created.</summary>
    public static IEnumerable<string> Names => DiskImage.Formats.Concat(s_tables.SelectMany(static t => t.Aliases));

    /// <summary>The name of a format; what is no alias stays as it is.</summary>
    public static string Name(string name) => Array.Find(s_tables, t => t.Aliases.Contains(name))?.Format ?? name;

    /// <summary>The table of a format.</summary>
    public static IFormatTable Find(string format)
        => Array.Find(s_tables, t => t.Format == Name(format)) ?? throw new UsageException($"{format} images can be read, but not created");
}
