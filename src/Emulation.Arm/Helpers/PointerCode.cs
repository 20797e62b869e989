using System.Numerics;

namespace Emulation.Arm;

/// <summary>ComputePAC: the code of a value, before it is cut to the bits there are. Arm DDI 0487, J1.1 "aarch64/functions/pac".</summary>
internal static class PointerCode
{
    // of XXH64
    private const ulong Prime1 = 0x9e37_79b1_85eb_ca87, Prime2 = 0xc2b2_ae3d_27d4_eb4f, Prime3 = 0x1656_67b1_9e37_79f9, Prime4 = 0x85eb_ca77_c2b2_ae63;

    /// <summary>Computes a code.</summary>
    /// <param name="algorithm">How.</param>
    /// <param name="value">The pointer.</param>
    /// <param name="modifier">The modifier.</param>
    /// <param name="low">Bits 0 to 63 of the key.</param>
    /// <param name="high">Bits 64 to 127 of the key.</param>
    public static ulong Compute(PointerAlgorithm algorithm, ulong value, ulong modifier, ulong low, ulong high) => algorithm switch
    {
        PointerAlgorithm.Qarma5 => Qarma64.Encrypt(value, modifier, high, low, 5, light: false),
        PointerAlgorithm.Qarma3 => Qarma64.Encrypt(value, modifier, high, low, 3, light: true),
        _ => Hash(value, modifier, low, high),
    };

    // the stripes and the finish of XXH64 with seed 1, without the length
    private static ulong Hash(ulong a, ulong b, ulong c, ulong d)
    {
        const ulong Seed = 1;
        ulong v1 = Round(unchecked(Seed + Prime1 + Prime2), a), v2 = Round(Seed + Prime2, b), v3 = Round(Seed, c), v4 = Round(unchecked(Seed - Prime1), d);
        ulong hash = BitOperations.RotateLeft(v1, 1) + BitOperations.RotateLeft(v2, 7) + BitOperations.RotateLeft(v3, 12) + BitOperations.RotateLeft(v4, 18);
        hash = Merge(Merge(Merge(Merge(hash, v1), v2), v3), v4);
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong sum, ulong input) => BitOperations.RotateLeft(sum + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong value) => ((hash ^ Round(0, value)) * Prime1) + Prime4;
}
