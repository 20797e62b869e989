using System.Runtime.CompilerServices;

namespace Emulation.Cpu;

/// <summary>The second level behind a CPU's software TLBs, which the slow path asks before it walks tables.</summary>
/// <remarks>
/// Large, because a look here is many times cheaper than a walk; forgotten in one step, because guests flush often; and grown only for guests that use
/// many pages between two flushes. What it holds depends on nothing but the accesses that miss the first level, which are the same on every engine.
/// </remarks>
internal sealed unsafe class SecondLevelTlb
{
    private const int FirstBits = 8;
    private const int LastBits = 14;
    private Set[] _memory = [];
    private Set* _sets;
    private ulong _mask;
    private ulong _crowded;
    private uint _generation = 1;
    private uint _hostEpoch;

    /// <summary>Looks for a translation.</summary>
    /// <param name="page">Virtual address of a page.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <returns>The entry, until the next is added; null for none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SecondLevelEntry* Find(ulong page, int mmuIndex)
    {
        if (_sets is null)
            return null;
        Set* set = SetOf(page);
        ulong tag = page | (uint)mmuIndex;
        if (set->New.Tag == tag && set->New.Generation == _generation)
            return &set->New;
        return set->Old.Tag == tag && set->Old.Generation == _generation ? &set->Old : null;
    }

    /// <summary>Whether the host pointer of an entry, and the leave to write through it, still hold.</summary>
    /// <param name="entry">From <see cref="Find"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsHostCurrent(SecondLevelEntry* entry) => entry->HostEpoch == _hostEpoch;

    /// <summary>Keeps a translation, instead of the one that was known for the page and regime.</summary>
    /// <param name="page">Virtual address of a page.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="translation">Where the page lies.</param>
    /// <param name="host">Its bytes.</param>
    /// <param name="hostWritable">Whether they may be written with nothing else to do.</param>
    public void Add(ulong page, int mmuIndex, in PageTranslation translation, byte* host, bool hostWritable)
    {
        var added = new SecondLevelEntry
        {
            Tag = page | (uint)mmuIndex,
            Physical = translation.Physical | (uint)translation.Rights | (hostWritable ? SecondLevelEntry.HostWritable : 0),
            Host = host,
            Generation = _generation,
            HostEpoch = _hostEpoch,
        };
        if (Find(page, mmuIndex) is var known && known is not null)
        {
            *known = added;
            return;
        }

        if (_sets is null)
            Allocate(1 << FirstBits);
        Set* set = SetOf(page);
        if (set->New.Generation == _generation && set->Old.Generation == _generation && ++_crowded > _mask / 2 && _mask < (1 << LastBits) - 1)
        {
            Grow();
            set = SetOf(page);
        }

        (set->Old, set->New) = (set->New, added);
    }

    /// <summary>Forgets what is known about a page in every regime.</summary>
    /// <param name="page">Virtual address of the page.</param>
    public void Remove(ulong page)
    {
        if (_sets is null)
            return;
        Set* set = SetOf(page);
        if (set->New.Page == page)
            set->New.Generation = 0;
        if (set->Old.Page == page)
            set->Old.Generation = 0;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _crowded = 0;
        if (++_generation != 0)
            return;
        _generation = 1;
        Array.Clear(_memory);
    }

    /// <summary>Forgets what is known about the host's memory, but not the translations.</summary>
    public void ForgetHost()
    {
        if (++_hostEpoch == 0)
            Clear();
    }

    private Set* SetOf(ulong page) => _sets + ((page >> StateLayout.PageShift) & _mask);

    private void Grow()
    {
        Set[] memory = _memory;
        Set* old = _sets;
        ulong count = _mask + 1;
        Allocate((int)count * 2);
        for (Set* set = old; set < old + count; set++)
        {
            Keep(set->Old);
            Keep(set->New);
        }

        GC.KeepAlive(memory);
    }

    private void Keep(in SecondLevelEntry entry)
    {
        if (entry.Generation != _generation)
            return;
        Set* set = SetOf(entry.Page);
        (set->Old, set->New) = (set->New, entry);
    }

    // On a multiple of a set's size, so that a set is one line of the host's cache.
    private void Allocate(int count)
    {
        _memory = GC.AllocateArray<Set>(count + 1, pinned: true);
        ulong first = (ulong)Unsafe.AsPointer(ref _memory[0]);
        _sets = (Set*)((first + (ulong)sizeof(Set) - 1) & ~((ulong)sizeof(Set) - 1));
        _mask = (ulong)count - 1;
        _crowded = 0;
    }

    private struct Set
    {
        public SecondLevelEntry New;
        public SecondLevelEntry Old;
    }
}
