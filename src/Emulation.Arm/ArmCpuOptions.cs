namespace Emulation.Arm;

/// <summary>Choices that the architecture leaves to a CPU or a board.</summary>
public sealed record ArmCpuOptions
{
    /// <summary>Which CPU it is: identification and implementation-defined registers. What it implements is the frontend's <see cref="ArmFrontend.Isa"/>.</summary>
    public ArmCpuModel Model { get; init; } = ArmCpuModel.Max;

    /// <summary>Whether there is an EL2.</summary>
    public bool HasEl2 { get; init; }

    /// <summary>Whether there is an EL3, and with it a Secure state.</summary>
    public bool HasEl3 { get; init; }

    /// <summary>
    /// Where the CPU's memory has the Secure physical address space, with an EL3: a Secure access goes to this address and the physical address, added. A power of two
    /// above all physical addresses; 0 where Security states share one space.
    /// </summary>
    public ulong SecureMemory { get; init; }

    /// <summary>PC after reset, RVBAR.</summary>
    public ulong ResetVector { get; init; }

    /// <summary>Exception level after reset; null for the highest there is, as hardware does. Of a CPU that starts in AArch32 with an EL3, 3 is the Secure state and 1 the Non-secure one, as firmware leaves it.</summary>
    public int? ResetLevel { get; init; }

    /// <summary>MPIDR_EL1.Aff3, Aff2, Aff1, Aff0 at their places (bits 39:32 and 23:0); null for the CPU's index in Aff0, 16 CPUs to an Aff1.</summary>
    public ulong? Affinity { get; init; }

    /// <summary>Which pointer authentication it has.</summary>
    public PointerAuthentication PointerAuthentication { get; init; } = new();

    /// <summary>What the random numbers of RNDR follow from, with the number of the CPU.</summary>
    public ulong EntropySeed { get; init; } = 0x9e37_79b9_7f4a_7c15;

    /// <summary>
    /// Resets into AArch32, Supervisor mode, with interrupts masked, and takes exceptions in AArch32. With <see cref="HasEl3"/> there is Monitor mode. There is no Hyp mode:
    /// <see cref="HasEl2"/> must be false.
    /// </summary>
    public bool StartsInAArch32 { get; init; }

    /// <summary>Hertz of the generic timer's counter, and the reset value of CNTFRQ_EL0.</summary>
    public ulong TimerFrequency { get; init; } = 62_500_000;

    /// <summary>Whether the CPU waits after reset until it is powered on, as all but the first of a machine do.</summary>
    public bool StartsPoweredOff { get; init; }

    /// <summary>
    /// For code that runs without an operating system's help: floating point, caches and counters are enabled for all levels at reset, memory is Normal
    /// where the MMU is off, and an exception whose vector base is 0 ends the run.
    /// </summary>
    public bool IsHosted { get; init; }
}
