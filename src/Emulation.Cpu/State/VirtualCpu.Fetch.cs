using System.Diagnostics.CodeAnalysis;
using Emulation.Core;

namespace Emulation.Cpu;

// Where instructions come from: pages that code was fetched from, and what makes them and the jumps to them void.
public abstract unsafe partial class VirtualCpu
{
    private const int FetchBits = 10;

    private readonly FetchEntry[] _fetches = new FetchEntry[1 << FetchBits];
    private readonly FetchEntry _noFetch;
    private readonly FetchFilter _fetched = new(), _fetchedGlobal = new();

    // What entries of pages of one address space and of global pages hold while they are valid: odd and even numbers.
    private uint _mapping = 1;
    private uint _lastMapping = 1;
    private uint _globalMapping = 2;

    // By translation regime: what the keys of valid jumps hold, and whether any of them leads to a page that is not global.
    private readonly uint[] _generations;
    private readonly uint[] _lastGenerations;
    private readonly bool[] _jumpsLocally;

    /// <summary>Finds the memory that holds an instruction.</summary>
    /// <param name="pc">Virtual address.</param>
    /// <param name="ram">Memory.</param>
    /// <param name="offset">Byte offset of the instruction in it.</param>
    /// <returns>False when an exception was recorded.</returns>
    internal bool TryFetchPage(ulong pc, [NotNullWhen(true)] out RamBlock? ram, out ulong offset)
    {
        ulong page = pc & ~(StateLayout.PageSize - 1);
        int mmuIndex = FetchMmuIndex;
        FetchesFromSplitPage = false;
        while (true)
        {
            ref readonly FetchEntry known = ref FindFetch(page, mmuIndex);
            if (known.Ram is not null)
            {
                ram = known.Ram;
                offset = known.Offset + (pc - page);
                return true;
            }

            int fences = _fences;
            if (!TryTranslate(pc, 2, MemoryAccessKind.Fetch, mmuIndex, out PageTranslation translation))
            {
                (ram, offset) = (null, 0);
                return false;
            }

            if (fences != _fences)
                continue;                                     // accessed bits waited for other CPUs
            if (!TryFindRam(translation.Physical, out RamRegion? memory, out ulong first))
            {
                RecordBusFault(pc, MemoryAccessKind.Fetch);
                (ram, offset) = (null, 0);
                return false;
            }

            FetchesFromSplitPage = !translation.Cacheable;
            Watch(memory.Ram);
            RememberFetch(page, mmuIndex, translation.Global);
            uint mapping = translation.Global ? _globalMapping : _mapping;
            FetchAt(page, mapping, mmuIndex) = new FetchEntry { Page = page, Mapping = mapping, MmuIndex = mmuIndex, Ram = translation.Cacheable ? memory.Ram : null, Offset = first };
            (ram, offset) = (memory.Ram, first + (pc - page));
            return true;
        }
    }

    /// <summary>Whether protection differs inside the page of the last fetch (PMP, MPU): then every instruction is checked each time, and nothing is linked or cached.</summary>
    internal bool FetchesFromSplitPage { get; private set; }

    // Finding the page checked the first two bytes of the instruction, and its bytes on a second page; here are those between.
    private bool TryFetchRest(TranslationBlock block)
    {
        ulong page = block.Pc & ~(StateLayout.PageSize - 1);
        if (FindFetch(page, FetchMmuIndex).Ram is not null)
            return true;                                      // allowed as a whole: split pages are not remembered
        int bytes = (int)Math.Min((ulong)block.Bytes, page + StateLayout.PageSize - block.Pc);
        for (int i = 2; i < bytes; i += 2)
        {
            if (!TryTranslate(block.Pc + (ulong)i, 2, MemoryAccessKind.Fetch, FetchMmuIndex, out _))
                return false;
        }

        return true;
    }

    // The mapping of addresses to memory changed: pages have to be looked up again.
    private void ForgetPages()
    {
        _fetchedGlobal.Clear();
        _globalMapping += 2;
        if (_globalMapping == 0)
            ForgetFetches();
        ForgetLocalPages();
        ForgetJumps();
    }

    // The same but for global pages, and jumps where there are no others: a kernel that switches between processes goes on in its own code.
    private void ForgetLocalPages()
    {
        ForgetOtherSpaces();
        _fetched.Clear();
        ForgetLocalJumps();
        UseGeneration();
    }

    private void ForgetLocalJumps()
    {
        NewMapping();
        for (int i = 0; i < _generations.Length; i++)
        {
            if (_jumpsLocally[i])
                ForgetJumps(i);
            _jumpsLocally[i] = false;                         // no local page is remembered that a jump could lead to
        }
    }

    private void UseGeneration()
    {
        Header.Generation = _generations[FetchMmuIndex];
        Header.LinkSource = 0;
    }

    private void NewMapping()
    {
        _lastMapping += 2;
        _mapping = _lastMapping;
        if (_mapping == 1)
            ForgetFetches();
    }

    private void ForgetFetches()
    {
        ForgetOtherSpaces();
        (_mapping, _lastMapping, _globalMapping) = (1, 1, 2);
        Array.Clear(_fetches);
    }

    private void ForgetJumps()
    {
        ForgetOtherSpaces();
        for (int i = 0; i < _generations.Length; i++)
            ForgetJumps(i);
        UseGeneration();
    }

    // A generation is valid for at most every cached jump target made under it; 0 is never used.
    private void ForgetJumps(int mmuIndex)
    {
        _generations[mmuIndex] = ++_lastGenerations[mmuIndex];
        if (_generations[mmuIndex] != 0)
            return;
        ForgetOtherSpaces();
        _generations[mmuIndex] = _lastGenerations[mmuIndex] = 1;
        new Span<byte>(State + StateLayout.FrameBytes, StateLayout.JumpCacheBytes).Clear();
        Array.Clear(_jumps);
    }

    private void RememberFetch(ulong page, int mmuIndex, bool isGlobal)
    {
        (isGlobal ? _fetchedGlobal : _fetched).Add(page);
        if (isGlobal || _jumpsLocally[mmuIndex])
            return;

        // address spaces share generations of which all jumps lead to global pages
        _jumpsLocally[mmuIndex] = true;
        ForgetJumps(mmuIndex);
        UseGeneration();
    }

    // What is remembered of a page; without memory when nothing is.
    private ref readonly FetchEntry FindFetch(ulong page, int mmuIndex)
    {
        ref FetchEntry own = ref FetchAt(page, _mapping, mmuIndex);
        if (own.Page == page && own.Mapping == _mapping && own.MmuIndex == mmuIndex)
            return ref own;
        ref FetchEntry shared = ref FetchAt(page, _globalMapping, mmuIndex);
        if (shared.Page == page && shared.Mapping == _globalMapping && shared.MmuIndex == mmuIndex)
            return ref shared;
        return ref _noFetch;
    }

    // Pages of several address spaces, and of several regimes, seldom contend for a place.
    private ref FetchEntry FetchAt(ulong page, uint mapping, int mmuIndex)
        => ref _fetches[(int)((page >> StateLayout.PageShift) ^ (mapping * 0x9e37_79b1u >> (32 - FetchBits)) ^ ((uint)mmuIndex * 0x155u)) & ((1 << FetchBits) - 1)];

    private struct FetchEntry
    {
        public ulong Page;
        public uint Mapping;
        public int MmuIndex;
        public RamBlock? Ram;
        public ulong Offset;
    }

    /// <summary>Pages that code was fetched from, and few others: pages that are not in here can be mapped anew without a new generation.</summary>
    private sealed class FetchFilter
    {
        private readonly ulong[] _bits = new ulong[64];

        public void Clear() => Array.Clear(_bits);

        public void Add(ulong page) => _bits[Hash(page) >> 58] |= Bit(page);

        public bool MayContain(ulong page) => (_bits[Hash(page) >> 58] & Bit(page)) != 0;

        private static ulong Hash(ulong page) => (page >> StateLayout.PageShift) * 0x9e3779b97f4a7c15;

        private static ulong Bit(ulong page) => 1UL << (int)((Hash(page) >> 52) & 63);
    }
}
