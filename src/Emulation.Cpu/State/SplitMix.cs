namespace Emulation.Cpu;

/// <summary>The SplitMix64 sequence: random numbers that repeat from the same 64 bits of state, for entropy instructions. Not for secrets.</summary>
public static class SplitMix
{
    /// <summary>The next 64 bits.</summary>
    /// <param name="state">All there is to save.</param>
    public static ulong Next(ref ulong state)
    {
        state += 0x9e37_79b9_7f4a_7c15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }
}
