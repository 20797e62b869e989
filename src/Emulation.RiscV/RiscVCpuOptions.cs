namespace Emulation.RiscV;

/// <summary>Choices that the architecture leaves to a hart and that are no part of its ISA string.</summary>
public sealed record RiscVCpuOptions
{
    /// <summary>Number in <c>mhartid</c>; null for the CPU's index.</summary>
    public ulong? HartId { get; init; }

    /// <summary>PC after reset.</summary>
    public ulong ResetVector { get; init; } = 0x1000;

    /// <summary>Value of <c>mvendorid</c>; 0 means not assigned.</summary>
    public uint VendorId { get; init; }

    /// <summary>Value of <c>marchid</c>; 0 means not assigned.</summary>
    public ulong ArchitectureId { get; init; }

    /// <summary>Value of <c>mimpid</c>; 0 means not assigned.</summary>
    public ulong ImplementationId { get; init; }

    /// <summary>Hertz of the <c>time</c> counter.</summary>
    public ulong TimebaseFrequency { get; init; } = 10_000_000;

    /// <summary>Start of the generator behind the <c>seed</c> CSR: equal seeds give equal entropy, so that runs repeat.</summary>
    public ulong EntropySeed { get; init; } = 0x9e37_79b9_7f4a_7c15;

    /// <summary>Whether an exception whose vector base is 0 ends the run instead of entering a handler at address 0: for code that runs without firmware.</summary>
    public bool StopOnTrap { get; init; }
}
