namespace Emulation.Arm;

/// <summary>Sizes of a set of translation tables, and how descriptors hold addresses. Arm DDI 0487, D8.2, D8.3.</summary>
internal readonly struct TableShape
{
    /// <summary>log2 of the bytes of a page: 12, 14 or 16.</summary>
    public int Granule { get; init; }

    /// <summary>Bits of an input address.</summary>
    public int InputBits { get; init; }

    /// <summary>Level of the first table.</summary>
    public int FirstLevel { get; init; }

    /// <summary>Bits of an output address.</summary>
    public int OutputBits { get; init; }

    /// <summary>TCR.DS: descriptors of 4 and 16 KiB granules hold 52-bit addresses.</summary>
    public bool Wide { get; init; }

    /// <summary>64 KiB granules with 52-bit addresses (LPA).</summary>
    public bool Wide64 { get; init; }

    /// <summary>Address bits that one level resolves.</summary>
    public int Stride => Granule - 3;

    /// <summary>Level at which tables of stage 1 begin.</summary>
    /// <param name="inputBits">Bits of an input address.</param>
    /// <param name="granule">log2 of the bytes of a page.</param>
    public static int StartOf(int inputBits, int granule) => 4 - ((inputBits - granule + granule - 4) / (granule - 3));

    /// <summary>log2 of the bytes that an entry of a level maps.</summary>
    /// <param name="level">-1 to 3.</param>
    public int Reach(int level) => Granule + (Stride * (3 - level));

    /// <summary>The first table's address as a TTBR holds it.</summary>
    /// <param name="register">TTBR.</param>
    public ulong TableBase(ulong register)
    {
        int bits = InputBits - Reach(FirstLevel) + 3;    // log2 of the table's bytes
        ulong address = register & 0x0000_ffff_ffff_fffe;
        if (Wide || Wide64)
        {
            address = (register & 0x0000_ffff_ffff_ffc0) | (((register >> 2) & 15) << 48);
            bits = Math.Max(bits, 6);
        }

        return address >> bits << bits;
    }

    /// <summary>The address in a descriptor.</summary>
    /// <param name="entry">Descriptor.</param>
    /// <param name="low">log2 of what it is a multiple of.</param>
    public ulong AddressIn(ulong entry, int low)
    {
        ulong address = entry & 0x0000_ffff_ffff_f000;
        if (Wide)
            address = (entry & 0x0003_ffff_ffff_f000) | (((entry >> 8) & 3) << 50);
        else if (Wide64)
            address |= ((entry >> 12) & 15) << 48;
        return address >> low << low;
    }

    /// <summary>Whether a descriptor at a level may map a block.</summary>
    /// <param name="level">Below 3.</param>
    public bool MayBlock(int level) => Granule switch
    {
        12 => level is 1 or 2 || (level == 0 && Wide),
        14 => level == 2 || (level == 1 && Wide),
        _ => level == 2 || (level == 1 && Wide64),
    };

    /// <summary>Whether an address is too large.</summary>
    /// <param name="address">A physical address.</param>
    public bool IsTooLarge(ulong address) => address >> OutputBits != 0;
}
