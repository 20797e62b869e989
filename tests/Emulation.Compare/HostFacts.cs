using System.Runtime.InteropServices;

namespace Emulation.Compare;

/// <summary>What a reader must know to judge the figures.</summary>
internal sealed record HostFacts(string Machine, string System, string Kernel, string Emu, string Qemu, string Date)
{
    public string Title => $"{Machine}; {Qemu}; {Date}";

    public static HostFacts Collect(Options options, Contender ours, Contender reference)
    {
        string release = Path.Combine(options.GuestsDirectory, options.Guest.Name, "release");
        return new HostFacts(
            options.MachineName ?? $"{ProcessorName()}, {Environment.ProcessorCount} processors",
            RuntimeInformation.OSDescription,
            File.Exists(release) ? $"Linux {File.ReadAllText(release).Trim()}" : "unknown",
            ours.Version(),
            reference.Version(),
            DateTime.UtcNow.ToString("yyyy-MM-dd"));
    }

    private static string ProcessorName()
    {
        const string Key = "model name";
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
