namespace Emulation.RiscV;

/// <summary>Deterministic entropy for the <c>seed</c> CSR: a SplitMix64 sequence, so that runs repeat and snapshots continue it.</summary>
internal sealed class EntropySource(ulong state)
{
    /// <summary>All there is to save.</summary>
    public ulong State { get; private set; } = state;

    /// <summary>16 fresh bits.</summary>
    public ushort Next()
    {
        State += 0x9e37_79b9_7f4a_7c15;
        ulong z = State;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return (ushort)((z ^ (z >> 31)) >> 48);
    }
}
