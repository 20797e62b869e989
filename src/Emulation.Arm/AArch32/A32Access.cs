namespace Emulation.Arm;

/// <summary>What a hypervisor is told of a load or store of one register without write-back: ISV, SAS, SSE, SRT of a data abort. Arm DDI 0487, D17.2.37.</summary>
/// <remarks>The register is by its number in the instruction.</remarks>
internal static class A32Access
{
    private const int Valid = 1 << 24, Byte = 0, Half = 1, Word = 2;

    /// <summary>Of an A32 instruction; 0 for others than those.</summary>
    public static int OfA32(uint word)
    {
        const uint WithoutWriteBack = (1 << 24) | (0 << 21);
        if (word >> 28 == 15 || (word & ((1 << 24) | (1 << 21))) != WithoutWriteBack)
            return 0;
        int rt = (int)(word >> 12) & 15;
        bool loads = (word & (1 << 20)) != 0;
        if ((word & 0x0c00_0000) == 0x0400_0000 && (word & 0x0200_0010) != 0x0200_0010)
            return Of(rt, (word & (1 << 22)) != 0 ? Byte : Word, false);
        if ((word & 0x0e00_0090) != 0x90)
            return 0;
        return ((word >> 5) & 3, loads) switch
        {
            (1, _) => Of(rt, Half, false),
            (2, true) => Of(rt, Byte, true),
            (3, true) => Of(rt, Half, true),
            _ => 0,
        };
    }

    /// <summary>Of a T32 instruction of 32 bits.</summary>
    public static int OfT32(uint word)
    {
        int size = (int)(word >> 21) & 3, rt = (int)(word >> 12) & 15;
        bool wide = (word & (1 << 23)) != 0, indexed = (word & 0x0fc0) == 0, negative = (word & 0x0f00) == 0x0c00;
        return (word & 0xfe00_0000) == 0xf800_0000 && size != 3 && (wide || indexed || negative) ? Of(rt, size, (word & (1 << 24)) != 0) : 0;
    }

    /// <summary>Of a T32 instruction of 16 bits.</summary>
    public static int OfT16(uint word)
    {
        int rt = (int)word & 7;
        return (word >> 11) switch
        {
            0b01010 => ((word >> 9) & 7) switch { 0 => Of(rt, Word, false), 1 => Of(rt, Half, false), 2 => Of(rt, Byte, false), _ => Of(rt, Byte, true) },
            0b01011 => ((word >> 9) & 7) switch { 4 => Of(rt, Word, false), 5 => Of(rt, Half, false), 6 => Of(rt, Byte, false), _ => Of(rt, Half, true) },
            0b01100 or 0b01101 => Of(rt, Word, false),
            0b01110 or 0b01111 => Of(rt, Byte, false),
            0b10000 or 0b10001 => Of(rt, Half, false),
            0b10010 or 0b10011 => Of((int)(word >> 8) & 7, Word, false),
            _ => 0,
        };
    }

    private static int Of(int register, int size, bool signed) => Valid | (size << 22) | (signed ? 1 << 21 : 0) | (register << 16);
}
