namespace Emulation.Compare;

/// <summary>What one run of one contender took.</summary>
internal sealed record Sample
{
    public required GuestConsole Console { get; init; }

    /// <summary>From before the process was started until it had ended.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>User and system time of the process and its children; null where the host cannot tell.</summary>
    public required double? CpuSeconds { get; init; }

    /// <summary>Highest resident set; null where the host cannot tell.</summary>
    public required double? PeakMebibytes { get; init; }

    public required int ExitCode { get; init; }

    public required bool TimedOut { get; init; }

    public required string StandardError { get; init; }

    public bool Completed => ExitCode == 0 && !TimedOut && Console is { BootOk: not null, PoweredOff: true };
}
