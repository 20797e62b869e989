using System.Globalization;

namespace Emulation.Compare;

/// <summary>One thing to boot: an initramfs, its kernel arguments, whether it needs the disk.</summary>
internal sealed record Scenario(string Name, string Kernel, string Initrd, string Append, string? Disk)
{
    /// <summary>The file in which emu keeps what it compiled; null when every run starts cold.</summary>
    public string? Profile { get; init; }

    /// <summary>The firmware that runs instead of a kernel; null for none.</summary>
    public string? Firmware { get; init; }

    /// <summary>The scenarios that <paramref name="options"/> ask for.</summary>
    /// <exception cref="MissingPartException">A guest file is not there.</exception>
    /// <param name="options">What to measure.</param>
    /// <param name="firmware">The file of <see cref="StartFirmware"/>.</param>
    public static IEnumerable<Scenario> Of(Options options, string? firmware)
    {
        if (options.Start)
            yield return new Scenario("start", "", "", "", null) { Firmware = firmware };
        if (!options.Boot && options.Programs is null)
            yield break;
        string guest = Path.Combine(options.GuestsDirectory, options.Guest.Name);
        string kernel = Present(Path.Combine(guest, "kernel"), $"build/guests.sh {options.Guest.Name}");
        if (options.Boot)
        {
            string initrd = Present(Path.Combine(guest, "initramfs.cpio.gz"), $"build/guests.sh {options.Guest.Name}");
            yield return new Scenario("boot", kernel, initrd, $"console={options.Guest.Console}", null);
        }

        if (options.Programs is { } programs)
        {
            string initrd = Present(Path.Combine(guest, "initramfs-bench.cpio.gz"), "build/bench-guests.sh");
            string list = programs.Count == 0 ? "all" : string.Join(',', programs);
            string scale = options.Scale.ToString(CultureInfo.InvariantCulture);
            string? disk = programs.Count == 0 || programs.Contains("blkread")
                ? Present(Path.Combine(options.GuestsDirectory, "disk.img"), $"build/guests.sh {options.Guest.Name}")
                : null;
            yield return new Scenario("bench", kernel, initrd,
                $"console={options.Guest.Console} quiet run=/extra/bench.sh bench={list} scale={scale}", disk);
        }
    }

    private static string Present(string path, string maker) =>
        File.Exists(path) ? path : throw new MissingPartException($"there is no {path}; {maker} makes it");
}
