namespace Emulation.Arm;

/// <summary>Choices that the architecture leaves to a CPU.</summary>
public sealed record ArmCpuOptions
{
    /// <summary>PC after reset.</summary>
    public ulong ResetVector { get; init; }

    /// <summary>Exception level after reset: 0 or 1.</summary>
    public int ResetLevel { get; init; }

    /// <summary>Resets into AArch32, Supervisor mode, with interrupts masked, and takes exceptions in AArch32.</summary>
    public bool StartsInAArch32 { get; init; }

    /// <summary>Hertz of the generic timer.</summary>
    public ulong TimerFrequency { get; init; } = 62_500_000;
}
