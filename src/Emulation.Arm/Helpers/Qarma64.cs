using System.Numerics;

namespace Emulation.Arm;

/// <summary>The block cipher QARMA-64 by R. Avanzi (IACR Transactions on Symmetric Cryptology 2017, 1), with as many rounds as asked for. Cell 0 is the most significant.</summary>
internal static class Qarma64
{
    private const ulong Alpha = 0xc0ac_29b7_c97c_50dd;

    private static readonly ulong[] s_constants =
    [
        0, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89, 0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c, 0x3f84_d5b5_b547_0917,
    ];

    // which cell comes to each place
    private static readonly byte[] s_shuffle = [0, 11, 6, 13, 10, 1, 12, 7, 5, 14, 3, 8, 15, 4, 9, 2];
    private static readonly byte[] s_tweakShuffle = [6, 5, 14, 15, 0, 1, 2, 3, 7, 12, 13, 4, 8, 9, 10, 11];
    private static readonly byte[] s_shuffleBack = Inverse(s_shuffle), s_tweakShuffleBack = Inverse(s_tweakShuffle);

    // the substitutions sigma 1, which is its own inverse, and sigma 2
    private static readonly byte[] s_sigma1 = [10, 13, 14, 6, 15, 7, 3, 5, 9, 8, 0, 12, 11, 1, 2, 4];
    private static readonly byte[] s_sigma2 = [11, 6, 8, 15, 12, 0, 9, 14, 3, 7, 4, 5, 13, 2, 1, 10], s_sigma2Back = Inverse(s_sigma2);

    /// <summary>Encrypts one block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="tweak">The tweak.</param>
    /// <param name="whitening">The key's first half, w0.</param>
    /// <param name="core">The key's second half, k0.</param>
    /// <param name="rounds">3 to 7 before the reflector, and after.</param>
    /// <param name="light">Sigma 1 rather than sigma 2.</param>
    public static ulong Encrypt(ulong block, ulong tweak, ulong whitening, ulong core, int rounds, bool light)
    {
        byte[] substitution = light ? s_sigma1 : s_sigma2, back = light ? s_sigma1 : s_sigma2Back;
        ulong second = BitOperations.RotateRight(whitening, 1) ^ (whitening >> 63), state = block ^ whitening;
        for (int i = 0; i < rounds; i++)
        {
            state ^= core ^ tweak ^ s_constants[i];
            if (i > 0)
                state = Mix(Permute(state, s_shuffle));
            state = Substitute(state, substitution);
            tweak = Update(tweak);
        }

        // one more round with the other whitening key, the reflector, and the same back
        state = Substitute(Mix(Permute(state ^ second ^ tweak, s_shuffle)), substitution);
        state = Permute(Mix(Permute(state, s_shuffle)) ^ core, s_shuffleBack);
        state = Permute(Mix(Substitute(state, back)), s_shuffleBack) ^ whitening ^ tweak;
        for (int i = rounds - 1; i >= 0; i--)
        {
            state = Substitute(state, back);
            if (i > 0)
                state = Permute(Mix(state), s_shuffleBack);
            tweak = Downdate(tweak);
            state ^= core ^ tweak ^ s_constants[i] ^ Alpha;
        }

        return state ^ second;
    }

    private static ulong Permute(ulong state, byte[] order)
    {
        ulong result = 0;
        for (int i = 0; i < 16; i++)
            result |= Cell(state, order[i]) << (60 - (4 * i));
        return result;
    }

    private static ulong Substitute(ulong state, byte[] table)
    {
        ulong result = 0;
        for (int shift = 0; shift < 64; shift += 4)
            result |= (ulong)table[(int)(state >> shift) & 15] << shift;
        return result;
    }

    // the circulant matrix (0, rho, rho^2, rho), rho a rotation of a cell: on four columns at once
    private static ulong Mix(ulong state)
        => Rotate1(BitOperations.RotateLeft(state, 16)) ^ Rotate1(BitOperations.RotateLeft(state, 48)) ^ Rotate1(Rotate1(BitOperations.RotateLeft(state, 32)));

    private static ulong Rotate1(ulong state) => ((state << 1) & 0xeeee_eeee_eeee_eeee) | ((state >> 3) & 0x1111_1111_1111_1111);

    private static ulong Update(ulong tweak) => Stepped(Permute(tweak, s_tweakShuffle), false);

    private static ulong Downdate(ulong tweak) => Permute(Stepped(tweak, true), s_tweakShuffleBack);

    // a shift register in seven of the cells
    private static ulong Stepped(ulong tweak, bool back)
    {
        foreach (int cell in (ReadOnlySpan<int>)[0, 1, 3, 4, 8, 11, 13])
        {
            ulong a = Cell(tweak, cell);
            ulong next = back ? ((a << 1) & 15) | (((a >> 3) ^ a) & 1) : (a >> 1) | (((a ^ (a >> 1)) & 1) << 3);
            tweak ^= (a ^ next) << (60 - (4 * cell));
        }

        return tweak;
    }

    private static ulong Cell(ulong state, int cell) => (state >> (60 - (4 * cell))) & 15;

    private static byte[] Inverse(byte[] order)
    {
        var result = new byte[order.Length];
        for (int i = 0; i < order.Length; i++)
            result[order[i]] = (byte)i;
        return result;
    }
}
