using Emulation.Boards;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Cli.Options;

/// <summary>What to print when the machine has stopped.</summary>
internal enum StatisticsFormat
{
    None,
    Text,
    Json,
}

/// <summary>What emu run was asked to do.</summary>
internal sealed record RunSettings
{
    public required BoardDescription Board { get; init; }

    public required IReadOnlyDictionary<string, string> BoardOptions { get; init; }

    public required int Cpus { get; init; }

    public required ulong? Memory { get; init; }

    public required string? Cpu { get; init; }

    public required string? Kernel { get; init; }

    public required string? Initrd { get; init; }

    public required string CommandLine { get; init; }

    public required string? Firmware { get; init; }

    public required IReadOnlyList<(string Path, ulong? Address)> Files { get; init; }

    public required string? DeviceTree { get; init; }

    public required IReadOnlyList<DiskOption> Disks { get; init; }

    public required SerialOption Serial { get; init; }

    public required SemihostingOption? Semihosting { get; init; }

    public required EngineKind Engine { get; init; }

    public required TimeMode Time { get; init; }

    public required bool NoReboot { get; init; }

    public required string? Until { get; init; }

    public required TimeSpan? Timeout { get; init; }

    public required StatisticsFormat Statistics { get; init; }

    public required string? SaveState { get; init; }

    public required string? LoadState { get; init; }

    public required string? Profile { get; init; }
}
