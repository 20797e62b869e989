using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The options of a new vhdx image.</summary>
internal static class VhdxOptions
{
    private const string Differencing = "differencing";

    public static readonly FormatTable<VhdxCreateOptions> Table = new(new(),
    [
        new("subformat", "dynamic, fixed or differencing", "whether the file grows with what is written; differencing: over backing_file",
            static (o, v) => o with { Fixed = v.Choice(("dynamic", false), ("fixed", true), (Differencing, false)) }),
        new("block_size", "SIZE", "bytes of a block: 1M to 256M; 0 chooses", static (o, v) => o with { BlockSize = v.Text == "0" ? 0 : v.Size() }),
        new("log_size", "SIZE", "bytes of the log: whole MiB", static (o, v) => o with { LogSize = v.Size() }),
        new("block_state_zero", "on", "blocks that are zero are marked so", static (o, v) => v.Switch() ? o : throw new UsageException($"-o {v.Name}: off is not supported; on is")),
        new("logical_sector_size", "512 or 4096", "the smallest unit of a guest", static (o, v) => o with { LogicalSectorSize = v.Choice(("512", 512), ("4096", 4096)) }),
        new("physical_sector_size", "512 or 4096", "what a guest is told the medium has", static (o, v) => o with { PhysicalSectorSize = v.Choice(("512", 512), ("4096", 4096)) }),
        new("backing_file", "FILE", "the image below, a vhdx image", static (o, v) => o with { BackingFile = v.Text }),
    ], finish: Finish);

    private static VhdxCreateOptions Finish(VhdxCreateOptions options, IReadOnlyList<NamedValue> given, Secrets secrets)
        => options.BackingFile is null && given.Any(static g => g is ("subformat", Differencing)) ? throw new UsageException($"-o subformat={Differencing} needs backing_file") : options;
}
