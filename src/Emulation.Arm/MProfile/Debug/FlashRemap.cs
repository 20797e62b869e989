using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>Words of the code region that the Flash Patch and Breakpoint unit takes from its table in SRAM. DDI 0403E, C1.11; DDI 0337I, 7.3.1.</summary>
/// <remarks>
/// <para>Instructions of pages with such words are fetched from copies that are brought up to date around each of them: nothing of these pages is kept, as where protection differs
/// inside a page, so a change of the table or of the code is seen by the next fetch. Copies are no state; other pages cost nothing.</para>
/// <para>Loads are led to the table. One that is not aligned, which may be part of several words, is not remapped; one of eight bytes is two of words.</para>
/// </remarks>
/// <param name="host">The CPU.</param>
internal sealed class FlashRemap(IMDebugHost host) : IDisposable
{
    private const uint InPage = (uint)StateLayout.PageSize - 1, WordBytes = 4;

    // an instruction, and what a listing reads at once
    private const uint Window = 20;

    // nothing else is there: boards map memory below 2^56
    private const ulong Place = 1UL << 60;

    private RemappedWord[] _code = [];
    private RemappedWord[] _literals = [];
    private uint[] _pages = [];
    private RamBlock? _copies;

    /// <summary>Whether any word is remapped.</summary>
    public bool IsActive { get; private set; }

    // behind the copies: two words that one load reads
    private ulong Scratch => _copies!.Size - StateLayout.PageSize;

    private ulong Base => Place + host.PrivateBus;

    /// <summary>Sets what is remapped; of several words with one address the first counts.</summary>
    /// <param name="code">Words that instructions are fetched from.</param>
    /// <param name="literals">Words that are loaded.</param>
    public void Set(List<RemappedWord> code, List<RemappedWord> literals)
    {
        RemappedWord[] before = [.. _code, default, .. _literals];
        (_code, _literals) = ([.. code.DistinctBy(static w => w.Address)], [.. literals.DistinctBy(static w => w.Address)]);
        if (before.AsSpan().SequenceEqual([.. _code, default, .. _literals]))
            return;
        _pages = [.. _code.Select(static w => w.Address & ~InPage).Distinct()];
        IsActive = _code.Length + _literals.Length > 0;
        if (IsActive && _copies is null)
        {
            const int MostPages = 9;
            _copies = new RamBlock($"{host.Cpu.Name} flash patch", MostPages * StateLayout.PageSize);
            host.Memory.Root.Add(Base, new RamRegion(_copies));
        }

        host.OnRemapped();
    }

    /// <summary>Leads a fetch to the copy of its page.</summary>
    /// <param name="address">Of a halfword.</param>
    /// <param name="at">Where its page lies; that of the copy on return.</param>
    /// <returns>False when there is no memory to fetch from.</returns>
    public bool TryFetch(uint address, ref PageTranslation at)
    {
        int own = Array.IndexOf(_pages, address & ~InPage);
        uint next = (address | InPage) + 1;
        int second = Find(_code, next) >= 0 ? Array.IndexOf(_pages, next) : -1;
        if (own < 0 && second < 0)
            return true;
        ulong space = at.Physical - (address & ~InPage);
        if (second >= 0 && next - address < WordBytes)
            TryCopy(next, space, second);                     // an instruction may go on there; its second half is fetched, and fails, later
        if (own >= 0 && !TryCopy(address & ~(WordBytes - 1), space, own))
            return false;
        ulong page = own >= 0 ? Base + ((ulong)own * StateLayout.PageSize) : at.Physical;
        at = new PageTranslation(page, PageRights.None, false);
        return true;
    }

    /// <summary>Leads a load to the table.</summary>
    /// <param name="address">Of the load, or of a part of one that crosses into another page.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="whole">Address of the load that crosses into another page; null for one that does not.</param>
    /// <param name="at">Where its page lies; where one would lie that has the table's entry at the address, on return.</param>
    public void Read(uint address, int size, uint? whole, ref PageTranslation at)
    {
        if (!KeepOut(address, ref at))
            return;
        ulong space = at.Physical - (address & ~InPage);
        uint alignment = whole is null ? Math.Min((uint)size, WordBytes) : WordBytes;
        if (((whole ?? address) & (alignment - 1)) != 0)
            return;
        if (size > WordBytes)
        {
            ReadTwo(address, space, ref at);
            return;
        }

        uint inWord = address & (WordBytes - 1);
        if (Find(_literals, address - inWord) is var found and >= 0)
            Point(space + _literals[found].Entry + inWord, address, ref at);
    }

    /// <summary>Lets nothing be kept of a page with literals.</summary>
    /// <param name="address">In the page.</param>
    /// <param name="at">Where the page lies.</param>
    /// <returns>Whether it is one.</returns>
    public bool KeepOut(uint address, ref PageTranslation at)
    {
        foreach (RemappedWord word in _literals)
        {
            if ((word.Address & ~InPage) != (address & ~InPage))
                continue;
            at = new PageTranslation(at.Physical, PageRights.None, false);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _copies?.Dispose();

    private static void Point(ulong physical, uint address, ref PageTranslation at) => at = at with { Physical = physical - (address & InPage) };

    private static int Find(RemappedWord[] words, uint address)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].Address == address)
                return i;
        }

        return -1;
    }

    // where one of the words cannot be read, the load fails there
    private void ReadTwo(uint address, ulong space, ref PageTranslation at)
    {
        int low = Find(_literals, address), high = Find(_literals, address + WordBytes);
        if (low < 0 && high < 0)
            return;
        ulong first = space + (low < 0 ? address : _literals[low].Entry);
        ulong last = space + (high < 0 ? address + WordBytes : _literals[high].Entry);
        if (host.Memory.Read(first, (int)WordBytes, out ulong value) != BusResult.Ok)
        {
            Point(first, address, ref at);
            return;
        }

        if (host.Memory.Read(last, (int)WordBytes, out ulong above) != BusResult.Ok)
        {
            Point(last, address, ref at);
            return;
        }

        _copies!.Write(Scratch, 8, value | (above << 32));
        Point(Base + Scratch, address, ref at);
    }

    // Brings a few words of a copy up to date; writing to it drops what was translated from others.
    private bool TryCopy(uint first, ulong space, int index)
    {
        int count = (int)Math.Min(Window, (first | InPage) + 1 - first);
        Span<byte> wanted = stackalloc byte[count], present = stackalloc byte[count];
        wanted.Clear();
        bool ok = IsMemory(space + (first & ~InPage)) && host.Memory.TryRead(space + first, wanted);
        foreach (RemappedWord word in _code)
        {
            uint offset = word.Address - first;
            if (offset >= count)
                continue;
            bool read = host.Memory.TryRead(space + word.Entry, wanted.Slice((int)offset, (int)WordBytes));
            if (offset == 0)
                ok = read;
        }

        ulong place = ((ulong)index * StateLayout.PageSize) + (first & InPage);
        _copies!.Read(place, present);
        if (!present.SequenceEqual(wanted))
            _copies.Write(place, wanted);
        return ok;
    }

    private bool IsMemory(ulong page)
        => host.Memory.TryFind(page, out FlatRange range) && range.Region is RamRegion && range.Last - page >= StateLayout.PageSize - 1;
}
