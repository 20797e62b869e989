namespace Emulation.Arm;

/// <summary>Choices that the architecture leaves to a CPU's integrator.</summary>
public sealed record ArmMCpuOptions
{
    /// <summary>The CPU.</summary>
    public ArmMCpuModel Model { get; init; } = ArmMCpuModel.CortexM4F;

    /// <summary>External interrupts, 1 to 496; null for the model's number.</summary>
    public int? Interrupts { get; init; }

    /// <summary>Bits of priorities that are implemented; null for the model's number.</summary>
    public int? PriorityBits { get; init; }

    /// <summary>Reset value of VTOR; of CPUs with the Security Extension that of the Secure one.</summary>
    public uint VectorTable { get; init; }

    /// <summary>Reset value of the Non-secure VTOR.</summary>
    public uint NonSecureVectorTable { get; init; }

    /// <summary>Where the CPU's private peripheral bus is in its memory. Several CPUs with one memory have it at different physical addresses above 4 GiB.</summary>
    public ulong PrivateBus { get; init; } = 0xe000_0000;

    /// <summary>Hertz of the processor clock, for SysTick; a board that has clock signals sets <see cref="ArmMCpu.SysTick"/> up instead.</summary>
    public ulong ClockFrequency { get; init; } = 1_000_000_000;

    /// <summary>Hertz of SysTick's external reference clock; 0 for none.</summary>
    public ulong ReferenceFrequency { get; init; }

    /// <summary>SYST_CALIB.TENMS and SKEW; NOREF follows from <see cref="ReferenceFrequency"/>.</summary>
    public uint SysTickCalibration { get; init; }

    /// <summary>The attribution unit of a board with TrustZone-M; null for none.</summary>
    public IArmIdau? Idau { get; init; }

    /// <summary>Whether the CPU waits after reset until the board starts it.</summary>
    public bool StartsHalted { get; init; }
}
