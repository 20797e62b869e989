using System.Globalization;

namespace Emulation.Storage.Tests;

/// <summary>One combination of options, ours and qemu-img's.</summary>
public sealed record Qcow2Case(string Name, Qcow2CreateOptions Options, bool Backing = false, bool DataFile = false, int Filled = 0)
{
    /// <summary>Every option, and every size at both ends and in the middle.</summary>
    public static IEnumerable<Qcow2Case> All { get; } =
    [
        new("default", new()),
        new("v2", new() { Version = 2 }),
        new("v2 4K backing", new() { Version = 2, ClusterSize = 4096 }, Backing: true),
        new("512 refcount 1", new() { ClusterSize = 512, RefcountBits = 1 }),
        new("512 refcount 64", new() { ClusterSize = 512, RefcountBits = 64 }, Backing: true),
        new("1K refcount 2", new() { ClusterSize = 1024, RefcountBits = 2 }),
        new("4K refcount 4 zstd", new() { ClusterSize = 4096, RefcountBits = 4, Compression = Qcow2Compression.Zstd }),
        new("64K refcount 8 backing", new() { RefcountBits = 8 }, Backing: true),
        new("2M refcount 32", new() { ClusterSize = 2 << 20, RefcountBits = 32 }),
        new("2M zstd backing", new() { ClusterSize = 2 << 20, Compression = Qcow2Compression.Zstd }, Backing: true),
        new("extended 16K", new() { ClusterSize = 16384, ExtendedL2 = true }),
        new("extended 64K backing", new() { ExtendedL2 = true, RefcountBits = 64 }, Backing: true),
        new("extended 2M zstd", new() { ClusterSize = 2 << 20, ExtendedL2 = true, Compression = Qcow2Compression.Zstd }),
        new("lazy", new() { LazyRefcounts = true, ClusterSize = 4096 }),
        new("lazy extended backing", new() { LazyRefcounts = true, ExtendedL2 = true, ClusterSize = 32768 }, Backing: true),
        new("data file", new(), DataFile: true),
        new("data file extended backing", new() { ExtendedL2 = true }, Backing: true, DataFile: true),
        new("raw data file", new() { DataFileIsRaw = true }, DataFile: true),
    ];

    // two bits and less leave no room for snapshots of packed compressed clusters
    public static IEnumerable<Qcow2Case> WithSnapshots => All.Where(c => c is { DataFile: false, Options.RefcountBits: > 2 });

    public override string ToString() => Name;

    /// <summary>The options with the names of the files beside the image. QEMU takes a relative data file from its own folder, so that is absolute.</summary>
    internal Qcow2CreateOptions In(TempFolder folder) => Options with
    {
        BackingFile = Backing ? "base.raw" : null,
        BackingFormat = Backing ? "raw" : null,
        DataFile = DataFile ? folder["data.raw"] : null,
    };

    /// <summary>The same for qemu-img create.</summary>
    internal string[] ArgumentsIn(TempFolder folder)
    {
        var options = new List<string>
        {
            $"cluster_size={Options.ClusterSize}",
            $"compat={(Options.Version == 2 ? "0.10" : "1.1")}",
            $"refcount_bits={Options.RefcountBits}",
        };
        if (Options.Version > 2)
        {
            options.Add($"extended_l2={(Options.ExtendedL2 ? "on" : "off")}");
            options.Add($"lazy_refcounts={(Options.LazyRefcounts ? "on" : "off")}");
            options.Add($"compression_type={Options.Compression.ToString().ToLower(CultureInfo.InvariantCulture)}");
        }

        if (DataFile)
            options.Add($"data_file={folder["data.raw"]}");
        if (Options.DataFileIsRaw)
            options.Add("data_file_raw=on");
        return ["-o", string.Join(',', options), .. Backing ? (string[])["-b", "base.raw", "-F", "raw"] : []];
    }
}
