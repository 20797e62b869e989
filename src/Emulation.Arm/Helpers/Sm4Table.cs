namespace Emulation.Arm;

/// <summary>The SM4 substitution: a reciprocal in GF(2^8) between two affine maps. GB/T 32907-2016, 6.2.</summary>
internal static class Sm4Table
{
    private const int Polynomial = 0x1f5, Constant = 0xd3;

    private static readonly byte[] s_values = Make();

    public static ReadOnlySpan<byte> Values => s_values;

    private static byte[] Make()
    {
        var table = new byte[256];
        for (int i = 0; i < 256; i++)
        {
            // the reciprocal is the 254th power
            byte value = Affine((byte)i), reciprocal = 1;
            for (int k = 0; k < 254; k++)
                reciprocal = AesTables.Multiply(reciprocal, value, Polynomial);
            table[i] = Affine(reciprocal);
        }

        return table;
    }

    private static byte Affine(byte value)
        => (byte)(value ^ byte.RotateLeft(value, 1) ^ byte.RotateLeft(value, 3) ^ byte.RotateLeft(value, 6) ^ byte.RotateLeft(value, 7) ^ Constant);
}
