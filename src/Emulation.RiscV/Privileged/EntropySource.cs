using Emulation.Cpu;

namespace Emulation.RiscV;

/// <summary>Deterministic entropy for the <c>seed</c> CSR: a sequence, so that runs repeat and snapshots continue it.</summary>
internal sealed class EntropySource(ulong state)
{
    private ulong _state = state;

    /// <summary>All there is to save.</summary>
    public ulong State => _state;

    /// <summary>16 fresh bits.</summary>
    public ushort Next() => (ushort)(SplitMix.Next(ref _state) >> 48);
}
