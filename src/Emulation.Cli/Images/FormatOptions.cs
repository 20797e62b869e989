using Emulation.Cli.Options;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The value of -o.</summary>
internal static class FormatOptions
{
    /// <summary>The options of a new image.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="text">NAME=VALUE,...; null without any.</param>
    /// <param name="size">The value of size, if it is among them.</param>
    public static DiskCreateOptions Parse(string format, string? text, out string? size)
    {
        ImgCommand.CheckFormat(format);
        size = null;
        var qcow2 = new Qcow2CreateOptions();
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            (string name, string value) = equals < 0 ? (part, "on") : (part[..equals], part[(equals + 1)..]);
            if (name == "size")
                size = value;
            else if ((name, value) is ("preallocation", "off"))
                continue;
            else if (format == "qcow2")
                qcow2 = Set(qcow2, name, value);
            else
                throw new UsageException($"-o: {format} images have no option '{name}'; there is size");
        }

        return format == "qcow2" ? qcow2 : new RawCreateOptions();
    }

    private static Qcow2CreateOptions Set(Qcow2CreateOptions options, string name, string value) => name switch
    {
        "compat" => options with { Version = value switch { "0.10" or "v2" => 2, "1.1" or "v3" => 3, _ => throw Wrong(name, value, "0.10 or 1.1") } },
        "cluster_size" => options with { ClusterSize = (int)Math.Min(SizeText.ParseSize(value, "-o cluster_size"), int.MaxValue) },
        "refcount_bits" => options with { RefcountBits = int.TryParse(value, out int bits) ? bits : throw Wrong(name, value, "1 to 64") },
        "extended_l2" => options with { ExtendedL2 = Switch(name, value) },
        "lazy_refcounts" => options with { LazyRefcounts = Switch(name, value) },
        "compression_type" => options with { Compression = value switch { "zlib" => Qcow2Compression.Zlib, "zstd" => Qcow2Compression.Zstd, _ => throw Wrong(name, value, "zlib or zstd") } },
        "backing_file" => options with { BackingFile = value },
        "backing_fmt" => options with { BackingFormat = value },
        "data_file" => options with { DataFile = value },
        "data_file_raw" => options with { DataFileIsRaw = Switch(name, value) },
        _ => throw new UsageException(
            $"-o: qcow2 images have no option '{name}'; there are size, compat, cluster_size, refcount_bits, extended_l2, lazy_refcounts, "
            + "compression_type, backing_file, backing_fmt, data_file, data_file_raw"),
    };

    private static bool Switch(string name, string value) => value switch { "on" => true, "off" => false, _ => throw Wrong(name, value, "on or off") };

    private static UsageException Wrong(string name, string value, string right) => new($"-o {name}: '{value}' is not possible; {right}");
}
