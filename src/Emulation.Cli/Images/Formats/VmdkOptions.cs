using System.Globalization;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The options of a new vmdk image.</summary>
internal static class VmdkOptions
{
    private const int Compatible6 = 6;

    public static readonly FormatTable<VmdkCreateOptions> Table = new(new(),
    [
        new("subformat", "monolithicSparse, monolithicFlat, twoGbMaxExtentSparse, twoGbMaxExtentFlat or streamOptimized", "how the image is laid out", static (o, v) => o with
        {
            Subformat = v.Choice(
                ("monolithicSparse", VmdkSubformat.MonolithicSparse),
                ("monolithicFlat", VmdkSubformat.MonolithicFlat),
                ("twoGbMaxExtentSparse", VmdkSubformat.TwoGbMaxExtentSparse),
                ("twoGbMaxExtentFlat", VmdkSubformat.TwoGbMaxExtentFlat),
                ("streamOptimized", VmdkSubformat.StreamOptimized)),
        }),
        new("zeroed_grain", "on or off", "grains that are zero can be marked so", static (o, v) => o with { ZeroedGrain = v.Switch() }),
        new("adapter_type", "ide, lsilogic, buslogic or legacyESX", "the controller that the disk is for", static (o, v) => o with
        {
            AdapterType = v.Choice(
                ("ide", VmdkAdapterType.Ide), ("lsilogic", VmdkAdapterType.LsiLogic), ("buslogic", VmdkAdapterType.BusLogic), ("legacyESX", VmdkAdapterType.LegacyEsx)),
        }),
        new("hwversion", "NUMBER", "version of the virtual hardware", static (o, v) => o with { HardwareVersion = v.Number() }),
        new("compat6", "on or off", "the same as hwversion=6", static (o, v) => v.Switch() ? o with { HardwareVersion = Compatible6 } : o),
        new("toolsversion", "NUMBER", "version of VMware's tools", static (o, v) => o with { ToolsVersion = Tools(v) }),
        new("sequential", "on or off", "streamOptimized, written from start to end as in OVF packages", static (o, v) => o with { Sequential = v.Switch() }),
        new("backing_file", "FILE", "the image below, a vmdk image", static (o, v) => o with { BackingFile = v.Text }),
        new("backing_fmt", "vmdk", "format of the image below", static (o, v) => o with { BackingFormat = FormatTables.Name(v.Text) }),
    ], finish: Finish);

    private static uint Tools(OptionValue value) => uint.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : throw value.Wrong();

    private static VmdkCreateOptions Finish(VmdkCreateOptions options, IReadOnlyList<NamedValue> given, Secrets secrets)
        => given.Any(static g => g.Name == "compat6") && given.Any(static g => g.Name == "hwversion") ? throw new UsageException("-o compat6 and -o hwversion exclude each other") : options;
}
