namespace Emulation.Cpu;

/// <summary>What accesses found that the first level of the TLBs cannot hold: parts of pages with rights of their own, and pages of devices.</summary>
/// <remarks>It holds what an access found until anything makes translations void; the TLBs' owner clears it then. Of whole pages it holds nothing that the second level does not hold.</remarks>
internal sealed unsafe class PagePartCache
{
    // regions of a protection unit begin at multiples of 32 bytes at least; most are larger
    private const int GranuleShift = 7;
    private const int Bits = 8;
    private readonly Entry[] _entries = new Entry[1 << Bits];
    private uint _generation = 1;

    /// <summary>Whether it holds anything.</summary>
    public bool Any { get; private set; }

    /// <summary>Looks for an access.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="right">What is to be done.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="physical">Physical address on return.</param>
    /// <param name="pointer">Host address on return, or null: the access goes through the bus.</param>
    /// <returns>Whether the access is known to be allowed.</returns>
    public bool TryFind(ulong address, int size, PageRights right, int mmuIndex, out ulong physical, out byte* pointer)
    {
        ref readonly Entry entry = ref Place(address, mmuIndex);
        if (entry.Generation == _generation && entry.MmuIndex == mmuIndex && (entry.Rights & right) != 0
            && address >= entry.First && address + (ulong)size - 1 <= entry.Last)
        {
            ulong offset = address & (StateLayout.PageSize - 1);
            physical = entry.Physical + offset;
            pointer = entry.Host == null ? null : entry.Host + offset;
            return true;
        }

        physical = 0;
        pointer = null;
        return false;
    }

    /// <summary>Keeps a part.</summary>
    /// <param name="address">The address that was accessed.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="part">The part around it, as far as it lies in the page.</param>
    /// <param name="physical">Physical address of the page.</param>
    /// <param name="host">The page's bytes; null for a device.</param>
    public void Add(ulong address, int mmuIndex, in PagePart part, ulong physical, byte* host)
    {
        ulong page = address & ~(StateLayout.PageSize - 1);
        Place(address, mmuIndex) = new Entry
        {
            First = Math.Max(part.First, page),
            Last = Math.Min(part.Last, page | (StateLayout.PageSize - 1)),
            Physical = physical,
            Host = host,
            Generation = _generation,
            MmuIndex = (ushort)mmuIndex,
            Rights = part.Rights,
        };
        Any = true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (!Any)
            return;
        Any = false;
        if (++_generation != 0)
            return;
        Array.Clear(_entries);
        _generation = 1;
    }

    private ref Entry Place(ulong address, int mmuIndex)
    {
        ulong granule = address >> GranuleShift;
        return ref _entries[(int)((granule ^ (granule >> Bits) ^ (granule >> (2 * Bits)) ^ ((ulong)mmuIndex << (Bits - 3))) & ((1 << Bits) - 1))];
    }

    private struct Entry
    {
        public ulong First;
        public ulong Last;
        public ulong Physical;
        public byte* Host;
        public uint Generation;
        public ushort MmuIndex;
        public PageRights Rights;
    }
}
