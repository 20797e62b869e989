namespace Emulation.Arm;

/// <summary>The AES substitution, both ways, made from its definition. FIPS 197, 5.1.1.</summary>
internal static class AesTables
{
    private static readonly byte[] s_forward = MakeForward();
    private static readonly byte[] s_inverse = MakeInverse();

    public static ReadOnlySpan<byte> Forward => s_forward;

    public static ReadOnlySpan<byte> Inverse => s_inverse;

    /// <summary>A product in GF(2^8).</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="polynomial">The field's.</param>
    public static byte Multiply(byte a, byte b, int polynomial = 0x11b)
    {
        int product = 0;
        for (int x = a; b != 0; b >>= 1)
        {
            if ((b & 1) != 0)
                product ^= x;
            x = (x << 1) ^ ((x & 0x80) != 0 ? polynomial : 0);
        }

        return (byte)product;
    }

    private static byte[] MakeForward()
    {
        var table = new byte[256];
        for (int i = 0; i < 256; i++)
        {
            // the reciprocal is the 254th power
            byte reciprocal = 1;
            for (int k = 0; k < 254; k++)
                reciprocal = Multiply(reciprocal, (byte)i);
            int value = reciprocal;
            table[i] = (byte)(value ^ Rotate(value, 1) ^ Rotate(value, 2) ^ Rotate(value, 3) ^ Rotate(value, 4) ^ 0x63);
        }

        return table;

        static int Rotate(int value, int amount) => ((value << amount) | (value >> (8 - amount))) & 0xff;
    }

    private static byte[] MakeInverse()
    {
        var table = new byte[256];
        for (int i = 0; i < 256; i++)
            table[s_forward[i]] = (byte)i;
        return table;
    }
}
