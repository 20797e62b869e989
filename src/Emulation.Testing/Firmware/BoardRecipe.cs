using Emulation.Core;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>What the kit has to know of a board to test firmware on it.</summary>
/// <param name="Name">The board's name.</param>
/// <param name="Architecture">What its CPU executes.</param>
/// <param name="Describe">Chooses the board on a builder. It must not load the firmware: the kit does.</param>
public sealed record BoardRecipe(string Name, FirmwareArchitecture Architecture, Action<MachineBuilder, FirmwareOptions> Describe)
{
    /// <summary>Address of the vector table that an M-profile CPU starts from; null for other CPUs.</summary>
    public ulong? VectorTable { get; init; }

    /// <summary>Whether the CPU starts at the firmware's entry, where the board itself does not know it.</summary>
    public bool StartsAtEntry { get; init; }
}
