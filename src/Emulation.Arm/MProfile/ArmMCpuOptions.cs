using Emulation.Core;

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

    /// <summary>Where the CPU's memory has what Secure accesses see: added to their addresses, a multiple of 4 GiB. Boards with protection controllers map memory there as these let it through.</summary>
    public ulong SecureMemory { get; init; }

    /// <summary>The same for Non-secure accesses, which Secure code makes, too: what counts is the attribution of the address.</summary>
    public ulong NonSecureMemory { get; init; }

    /// <summary>Added besides to the addresses of unprivileged accesses.</summary>
    public ulong UnprivilegedMemory { get; init; }

    /// <summary>The processor clock, which SysTick counts; null for a constant one of 1 GHz.</summary>
    public ClockSignal? ProcessorClock { get; init; }

    /// <summary>SysTick's external reference clock; null for none.</summary>
    public ClockSignal? ReferenceClock { get; init; }

    /// <summary>What says which memory may be Non-secure besides the SAU; null for none: all of it.</summary>
    public IArmIdau? Idau { get; init; }

    /// <summary>SYST_CALIB.TENMS and SKEW; NOREF follows from <see cref="ReferenceClock"/>.</summary>
    public uint SysTickCalibration { get; init; }

    /// <summary>Whether the CPU waits after reset until the board starts it.</summary>
    public bool StartsHalted { get; init; }
}
