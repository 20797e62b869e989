using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Emulation.Cpu;

/// <summary>The second level of a CPU's software TLBs: what the first level misses is looked up here before tables are walked.</summary>
/// <remarks>
/// <para>Large, because a look here is many times cheaper than a walk; forgotten in one step, because guests flush often; and grown only for guests that
/// use many pages between two flushes.</para>
/// <para>It holds everything that the first level holds. So whether an access walks depends on the walks before it and on nothing else, and engines
/// may look at either level, or remember what they found, without making a difference that a guest could see.</para>
/// <para>A tag is the page with a key and the regime in its low bits. An address space has a key as long as nothing makes it void, so that a guest
/// that comes back to one finds its pages; what is the same in every address space has a key of its own. Bit 0 is set where the right is missing: that
/// is no tag of anything, neither here nor, less those low bits, in the first level.</para>
/// </remarks>
internal sealed unsafe class SecondLevelTlb
{
    /// <summary>Most translation regimes that a tag can tell apart.</summary>
    public const int MaxRegimes = 16;

    private const ulong NoRight = 1;
    private const int RegimeShift = 1;
    private const ulong FlushUnit = MaxRegimes << RegimeShift;
    private const int FirstCount = 1 << 12;
    private const int LastCount = 1 << 15;

    private readonly CpuHeader* _header;
    private readonly int _foldShift;
    private TlbEntry[] _memory;
    private readonly ulong[] _live = new ulong[2];
    private int _replaced;
    private bool _used;

    // Keys that no entry has, dead or alive.
    private readonly ulong[] _fresh = new ulong[2];

    /// <summary>Creates an empty one.</summary>
    /// <param name="header">Where compiled code finds it.</param>
    /// <param name="foldShift"><see cref="TlbIndex.ShiftOf"/>.</param>
    public SecondLevelTlb(CpuHeader* header, int foldShift)
    {
        _header = header;
        _foldShift = foldShift;
        Reset();
    }

    /// <summary>Forgets all, and how large it had become; the header is written anew.</summary>
    [MemberNotNull(nameof(_memory))]
    public void Reset()
    {
        Allocate(1);
        _used = false;
        RestartKeys();
    }

    /// <summary>Counts removals, of pages and of all.</summary>
    public int Losses { get; private set; }

    /// <summary>What the regime adds to a tag.</summary>
    /// <param name="mmuIndex">Translation regime.</param>
    public static int TagOf(int mmuIndex) => mmuIndex << RegimeShift;

    /// <summary>What is exclusive-ored to a page's number, times the bytes of an entry, to find its place: regimes share pages, but seldom contend.</summary>
    /// <param name="mmuIndex">Translation regime.</param>
    public static int PlaceOf(int mmuIndex) => (mmuIndex * 0x155) << StateLayout.TlbEntryShift;

    /// <summary>Looks for a translation.</summary>
    /// <param name="page">Virtual address of a page.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <returns>The entry, until one is added; null for none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TlbEntry* Find(ulong page, int mmuIndex)
    {
        TlbEntry* entry = Place(page, mmuIndex);
        ulong tag = (entry->Read & ~NoRight) - (page + (ulong)TagOf(mmuIndex));
        return tag == _header->SecondLevelKey || tag == _header->SecondLevelGlobalKey ? entry : null;
    }

    /// <summary>Copies an entry to the first level.</summary>
    /// <param name="entry">From <see cref="Find"/>.</param>
    /// <param name="to">Entry of the first level.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(TlbEntry* entry, TlbEntry* to)
    {
        const ulong Kept = ~(StateLayout.PageSize - 1) | NoRight;
        to->Read = entry->Read & Kept;
        to->Write = entry->Write & Kept;
        to->Addend = entry->Addend;
        to->Physical = entry->Physical & ~(StateLayout.PageSize - 1);
    }

    /// <summary>The translation that an entry was made from.</summary>
    /// <param name="entry">From <see cref="Find"/>.</param>
    public static PageTranslation TranslationOf(TlbEntry* entry)
        => new(entry->Physical & ~(StateLayout.PageSize - 1), (PageRights)entry->Physical & PageRights.All);

    /// <summary>Whether an entry holds a pointer for an access.</summary>
    /// <param name="entry">From <see cref="Find"/>.</param>
    /// <param name="kind">Read or write.</param>
    public static bool HasPointer(TlbEntry* entry, MemoryAccessKind kind)
        => ((kind == MemoryAccessKind.Write ? entry->Write : entry->Read) & NoRight) == 0;

    /// <summary>Keeps a translation, instead of a different one that was known for the page and regime. What is new has no pointer.</summary>
    /// <param name="page">Virtual address of a page.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="translation">Where the page lies.</param>
    /// <param name="lost">The page whose translation had to go.</param>
    /// <param name="lostIndex">Its regime; negative if none had to go. The first level must forget it too.</param>
    public void Add(ulong page, int mmuIndex, in PageTranslation translation, out ulong lost, out int lostIndex)
    {
        (lost, lostIndex) = (0, -1);
        ulong physical = translation.Physical | (uint)translation.Rights;
        ulong tag = page + (ulong)TagOf(mmuIndex) + (translation.Global ? _header->SecondLevelGlobalKey : _header->SecondLevelKey);
        TlbEntry* entry = Place(page, mmuIndex);
        if ((entry->Read & ~NoRight) == tag)
        {
            if (entry->Physical == physical)
                return;
            (lost, lostIndex) = (page, mmuIndex);
        }
        else if (IsValid(entry))
        {
            if (++_replaced > _memory.Length / 4 && _memory.Length < LastCount)
            {
                GrowAndAdd(page, mmuIndex, translation, out lost, out lostIndex);
                return;
            }

            (lost, lostIndex) = (PageOf(entry), RegimeOf(entry));
        }
        else if (_memory.Length < FirstCount)
        {
            GrowAndAdd(page, mmuIndex, translation, out lost, out lostIndex);
            return;
        }

        _used = true;
        entry->Read = entry->Write = tag | NoRight;
        entry->Addend = 0;
        entry->Physical = physical;
    }

    /// <summary>Gives an entry a pointer, for what its translation allows.</summary>
    /// <param name="entry">From <see cref="Find"/>.</param>
    /// <param name="host">The page's bytes.</param>
    /// <param name="writable">Whether they may be written with nothing else to do.</param>
    public void Point(TlbEntry* entry, byte* host, bool writable)
    {
        ulong tag = entry->Read & ~NoRight;
        var rights = (PageRights)entry->Physical;
        entry->Read = (rights & PageRights.Read) != 0 ? tag : tag | NoRight;
        entry->Write = writable && (rights & PageRights.Write) != 0 ? tag : tag | NoRight;
        entry->Addend = (ulong)host - PageOf(entry);
    }

    /// <summary>Forgets a page, in every address space.</summary>
    /// <param name="page">Virtual address of the page.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    public void Remove(ulong page, int mmuIndex)
    {
        Losses++;
        TlbEntry* entry = Place(page, mmuIndex);
        if (PageOf(entry) == page && RegimeOf(entry) == mmuIndex)
            (entry->Read, entry->Write) = (0, 0);
    }

    /// <summary>Forgets all, also of other address spaces.</summary>
    public void Clear()
    {
        Losses++;
        if (!_used)
            return;
        _used = false;
        _replaced = 0;
        _live.AsSpan().Clear();
        if (BitOperations.PopCount(_fresh[0]) + BitOperations.PopCount(_fresh[1]) < 2)
        {
            Array.Clear(_memory);
            RestartKeys();
            return;
        }

        _header->SecondLevelKey = NextKey();
        _header->SecondLevelGlobalKey = NextKey();
    }

    /// <summary>The key of the present address space.</summary>
    public ulong Key => _header->SecondLevelKey;

    /// <summary>Goes to an address space with nothing known of it.</summary>
    public void GoToNew()
    {
        Losses++;
        if ((_fresh[0] | _fresh[1]) == 0)
            Sweep();
        _header->SecondLevelKey = NextKey();
    }

    /// <summary>Goes back to an address space.</summary>
    /// <param name="key">Its key.</param>
    public void GoTo(ulong key)
    {
        Losses++;
        _header->SecondLevelKey = key;
    }

    /// <summary>Forgets an address space.</summary>
    /// <param name="key">Its key.</param>
    public void Forget(ulong key) => _live[key / FlushUnit / 64] &= ~(1UL << (int)(key / FlushUnit % 64));

    /// <summary>Takes the leave to write through their pointer from the entries of a page. The translations stay.</summary>
    /// <param name="host">The page's bytes.</param>
    public void Protect(byte* host)
    {
        if (!_used)
            return;
        foreach (ref TlbEntry entry in _memory.AsSpan())
        {
            if ((entry.Write & ~(StateLayout.PageSize - 1)) + entry.Addend == (ulong)host)
                entry.Write |= NoRight;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TlbEntry* Place(ulong page, int mmuIndex)
        => (TlbEntry*)(_header->SecondLevel + (nint)((TlbIndex.Place(page, _foldShift) ^ (ulong)PlaceOf(mmuIndex)) & _header->SecondLevelMask));

    private bool IsValid(TlbEntry* entry) => IsLive(entry->Read);

    private bool IsLive(ulong tag)
    {
        ulong number = (tag & (StateLayout.PageSize - 1)) / FlushUnit;
        return (_live[number / 64] & (1UL << (int)(number % 64))) != 0;
    }

    // Keys that were given up can be given anew once no entry has them.
    private void Sweep()
    {
        foreach (ref TlbEntry entry in _memory.AsSpan())
        {
            if (!IsLive(entry.Read))
                (entry.Read, entry.Write) = (0, 0);
        }

        (_fresh[0], _fresh[1]) = (~_live[0] & ~1UL, ~_live[1]);
    }

    private ulong NextKey()
    {
        int word = _fresh[0] != 0 ? 0 : 1, bit = BitOperations.TrailingZeroCount(_fresh[word]);
        _fresh[word] &= ~(1UL << bit);
        _live[word] |= 1UL << bit;
        return (ulong)((64 * word) + bit) * FlushUnit;
    }

    private void RestartKeys()
    {
        _live.AsSpan().Clear();
        (_fresh[0], _fresh[1]) = (~1UL, ulong.MaxValue);
        _header->SecondLevelKey = NextKey();
        _header->SecondLevelGlobalKey = NextKey();
    }

    private static ulong PageOf(TlbEntry* entry) => entry->Read & ~(StateLayout.PageSize - 1);

    private static int RegimeOf(TlbEntry* entry) => (int)(entry->Read & (FlushUnit - 1)) >> RegimeShift;

    // What was apart stays apart.
    private void GrowAndAdd(ulong page, int mmuIndex, in PageTranslation translation, out ulong lost, out int lostIndex)
    {
        TlbEntry[] old = _memory;
        Allocate(Math.Max(old.Length * 2, FirstCount));
        fixed (TlbEntry* first = old)
        {
            for (TlbEntry* entry = first; entry < first + old.Length; entry++)
            {
                if (IsValid(entry))
                    *Place(PageOf(entry), RegimeOf(entry)) = *entry;
            }
        }

        Add(page, mmuIndex, translation, out lost, out lostIndex);
    }

    [MemberNotNull(nameof(_memory))]
    private void Allocate(int count)
    {
        _memory = GC.AllocateArray<TlbEntry>(count, pinned: true);
        _header->SecondLevel = (nint)Unsafe.AsPointer(ref _memory[0]);
        _header->SecondLevelMask = (ulong)(count - 1) << StateLayout.TlbEntryShift;
        _replaced = 0;
    }
}
