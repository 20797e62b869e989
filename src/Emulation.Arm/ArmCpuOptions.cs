namespace Emulation.Arm;

/// <summary>Choices that the architecture leaves to a CPU.</summary>
public sealed record ArmCpuOptions
{
    /// <summary>PC after reset.</summary>
    public ulong ResetVector { get; init; }

    /// <summary>Exception level after reset: 0 or 1.</summary>
    public int ResetLevel { get; init; }

    /// <summary>Which pointer authentication it has.</summary>
    public PointerAuthentication PointerAuthentication { get; init; } = new();

    /// <summary>What the random numbers of RNDR follow from, with the number of the CPU.</summary>
    public ulong EntropySeed { get; init; } = 0x9e37_79b9_7f4a_7c15;

    /// <summary>Hertz of the generic timer.</summary>
    public ulong TimerFrequency { get; init; } = 62_500_000;
}
