namespace Emulation.RiscV;

/// <summary>Shape of a page-table format. RISC-V Privileged, "Sv32" to "Sv57".</summary>
/// <param name="Levels">Levels of the tree.</param>
/// <param name="IndexBits">Virtual page number bits per level.</param>
/// <param name="EntryBytes">Bytes of a page-table entry.</param>
internal sealed record PageTableFormat(int Levels, int IndexBits, int EntryBytes)
{
    public static readonly PageTableFormat Sv32 = new(2, 10, 4);
    public static readonly PageTableFormat Sv39 = new(3, 9, 8);
    public static readonly PageTableFormat Sv48 = new(4, 9, 8);
    public static readonly PageTableFormat Sv57 = new(5, 9, 8);

    /// <summary>Bits of a virtual address that are translated; those above repeat the highest of them (not in Sv32, where there are none).</summary>
    public int AddressBits => 12 + (Levels * IndexBits);

    /// <summary>Whether an address can be translated at all.</summary>
    public bool IsCanonical(ulong address)
    {
        if (EntryBytes == 4)
            return true;
        int unused = 64 - AddressBits;
        return (ulong)(((long)address << unused) >> unused) == address;
    }
}
