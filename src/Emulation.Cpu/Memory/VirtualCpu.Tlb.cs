using System.Numerics;
using System.Runtime.CompilerServices;
using Emulation.Core;

namespace Emulation.Cpu;

// Software TLBs: direct mapped, one per translation regime, filled by the slow path.
public abstract unsafe partial class VirtualCpu
{
    private readonly HashSet<RamBlock> _watchedRam = [];
    private RamBlock? _lastWatched;

    // All that a guest can notice of caching translations is in here: the other levels hold nothing that it does not hold.
    private readonly SecondLevelTlb _secondLevel;

    private readonly int _foldShift;
    private readonly PagePartCache _parts = new();

    // One bit per entry that was filled since the last flush: guests flush often, and then mostly a few entries.
    private readonly ulong[] _filled;

    // Counts what makes translations void. A look-up may wait for other CPUs in its middle, and what they void then is not to be cached after all.
    private int _fences;

    /// <summary>Slow-path fills since power-on.</summary>
    public ulong TlbMisses { get; private set; }

    /// <summary>Walks of the guest's tables for loads and stores since power-on.</summary>
    public ulong PageWalks { get; private set; }

    /// <summary>Forgets every cached translation of this CPU: the mapping changed as a whole.</summary>
    public void FlushTlb()
    {
        _fences++;
        ClearTlbs();
        ForgetPages();
    }

    /// <summary>Forgets every cached translation but those of global pages, in all address spaces.</summary>
    public void FlushLocalTlb()
    {
        _fences++;
        ClearFirstLevel();
        ForgetOtherSpaces();
        _secondLevel.Forget(_secondLevel.Key);
        _secondLevel.GoToNew();
        ForgetLocalPages();
    }

    /// <summary>Forgets what is cached about one page.</summary>
    /// <param name="address">Any virtual address in the page.</param>
    public void FlushTlbPage(ulong address)
    {
        _fences++;
        _parts.Clear();
        ulong page = address & ~(StateLayout.PageSize - 1);
        for (int i = 0; i < Frontend.MmuIndexCount; i++)
        {
            Forget(page, i);
            _secondLevel.Remove(page, i);
        }

        if (_fetchedGlobal.MayContain(page))
            ForgetPages();
        else if (_fetched.MayContain(page))
            ForgetLocalPages();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TlbEntry* Entry(ulong address, int mmuIndex)
        => TlbIndex.Entry(State, address, mmuIndex, _foldShift);

    /// <summary>A pointer for an access inside one page, through the TLB where possible.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="size">Bytes; the access does not cross a page.</param>
    /// <param name="kind">Read or write.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="physical">Physical address on return, also where there is no pointer.</param>
    /// <param name="pointer">Host address, or null: the access goes through the bus.</param>
    /// <returns>False when an exception was recorded.</returns>
    internal bool TryGetPointer(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out ulong physical, out byte* pointer)
    {
        ulong page = address & ~(StateLayout.PageSize - 1);
        TlbEntry* entry = Entry(address, mmuIndex);
        if ((kind == MemoryAccessKind.Write ? entry->Write : entry->Read) == page)
        {
            physical = entry->Physical | (address & (StateLayout.PageSize - 1));
            pointer = (byte*)(address + entry->Addend);
            return true;
        }

        if (_parts.Any && _parts.TryFind(address, size, RightOf(kind), mmuIndex, out physical, out pointer))
            return true;
        CpuActivity before = Header.Activity;
        Header.Activity = CpuActivity.TlbMiss;
        int fences = _fences;
        bool allowed = TryFill(address, size, kind, mmuIndex, entry, out physical, out pointer);
        while (allowed && fences != _fences)
        {
            (entry->Read, entry->Write) = (TlbEntry.Invalid, TlbEntry.Invalid);
            fences = _fences;
            allowed = TryFill(address, size, kind, mmuIndex, entry, out physical, out pointer);
        }

        Header.Activity = before;
        return allowed;
    }

    private bool TryFill(ulong address, int size, MemoryAccessKind kind, int mmuIndex, TlbEntry* entry, out ulong physical, out byte* pointer)
    {
        ulong page = address & ~(StateLayout.PageSize - 1);
        TlbMisses++;
        TlbEntry* known = _secondLevel.Find(page, mmuIndex);
        if (known is not null && SecondLevelTlb.HasPointer(known, kind))
        {
            MarkFilled(entry);
            SecondLevelTlb.Copy(known, entry);
            physical = entry->Physical | (address & (StateLayout.PageSize - 1));
            pointer = (byte*)(address + entry->Addend);
            return true;
        }

        pointer = null;
        int fences = _fences;
        if (!TryTranslateOnce(address, size, kind, mmuIndex, known, out PageTranslation translation))
        {
            physical = 0;
            return false;
        }

        physical = translation.Physical + (address & (StateLayout.PageSize - 1));
        PagePart part = (translation.Rights & RightOf(kind)) != 0 && translation.Cacheable ? default : translation.Part;
        if (!TryFindRam(translation.Physical, out RamRegion? memory, out ulong offset))
        {
            KeepDevice(address, mmuIndex, translation, part, fences);
            return true;
        }

        RamBlock ram = memory.Ram;
        bool write = kind == MemoryAccessKind.Write;
        if (write)
        {
            if (memory.ReadOnly)
                return true;
            byte* page0 = PrepareWrite(ram, offset);
            if (page0 is null)
                return true;                                  // translated code: every store goes through the block
        }

        if (HooksTouch(page))
            return true;
        byte* host = ram.ReadPointer(offset);
        pointer = host + (address & (StateLayout.PageSize - 1));
        bool writable = !memory.ReadOnly && (write || ram.IsWritable(offset));
        if (part.Rights != 0 && fences == _fences)
        {
            Watch(ram);
            _parts.Add(address, mmuIndex, writable ? part : part with { Rights = part.Rights & ~PageRights.Write }, translation.Physical, host);
        }

        if (_secondLevel.Find(page, mmuIndex) is var kept && kept is null)
            return true;                                      // not to be cached, or void since memory was made private
        Watch(ram);
        _secondLevel.Point(kept, host, writable);
        MarkFilled(entry);
        SecondLevelTlb.Copy(kept, entry);
        return true;
    }

    // Walks unless the second level knows the result, whether the page is memory or not.
    private bool TryTranslateOnce(ulong address, int size, MemoryAccessKind kind, int mmuIndex, TlbEntry* known, out PageTranslation translation)
    {
        translation = known is null ? default : SecondLevelTlb.TranslationOf(known);
        if ((translation.Rights & RightOf(kind)) != 0)
            return true;
        PageWalks++;
        int losses = _secondLevel.Losses;
        if (!TryTranslate(address, size, kind, mmuIndex, out translation))
            return false;
        ulong page = address & ~(StateLayout.PageSize - 1);
        if (!translation.Cacheable || losses != _secondLevel.Losses)
        {
            // A walk may wait for other CPUs: what they made void then is not kept.
            _secondLevel.Remove(page, mmuIndex);
            Forget(page, mmuIndex);
            return true;
        }

        _secondLevel.Add(page, mmuIndex, translation, out ulong lost, out int lostIndex);
        if (lostIndex >= 0)
        {
            Forget(lost, lostIndex);
            _parts.Clear();
        }

        return true;
    }

    // A page without memory has no pointer that the first level could hold: guests that poll a register shall find what is known in one look.
    private void KeepDevice(ulong address, int mmuIndex, in PageTranslation translation, PagePart part, int fences)
    {
        if (fences != _fences)
            return;
        ulong page = address & ~(StateLayout.PageSize - 1);
        if (part.Rights == 0 && translation.Cacheable && _secondLevel.Find(page, mmuIndex) is not null)
            part = new PagePart(page, page | (StateLayout.PageSize - 1), translation.Rights);
        if (part.Rights != 0)
            _parts.Add(address, mmuIndex, part, translation.Physical, null);
    }

    private static PageRights RightOf(MemoryAccessKind kind) => kind == MemoryAccessKind.Write ? PageRights.Write : PageRights.Read;

    private void Forget(ulong page, int mmuIndex)
    {
        TlbEntry* entry = Entry(page, mmuIndex);
        if (entry->Read == page || entry->Write == page)
            (entry->Read, entry->Write) = (TlbEntry.Invalid, TlbEntry.Invalid);
    }

    /// <summary>Memory that covers the whole page at a physical address.</summary>
    internal bool TryFindRam(ulong physicalPage, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RamRegion? memory, out ulong offset)
    {
        if (Context.Memory.TryFind(physicalPage, out FlatRange range) && range.Region is RamRegion ram && range.Last - physicalPage >= StateLayout.PageSize - 1)
        {
            memory = ram;
            offset = range.Offset + (physicalPage - range.Start);
            if ((offset & (StateLayout.PageSize - 1)) == 0)
                return true;
        }

        memory = null;
        offset = 0;
        return false;
    }

    // A shared chunk is copied on the first write: other CPUs must not read the old one meanwhile.
    private byte* PrepareWrite(RamBlock ram, ulong offset)
    {
        if (!ram.IsShared(offset))
            return ram.PrepareWrite(offset);
        byte* result = null;
        Context.Exclusive(() => result = ram.PrepareWrite(offset));
        return result;
    }

    private void OnMapChanged()
        => Context.Exclusive(() =>
        {
            FlushTlb();
            RequestAttention();                               // the next instruction may lie in other memory
        });

    private void Watch(RamBlock ram)
    {
        if (ReferenceEquals(ram, _lastWatched))
            return;
        _lastWatched = ram;
        if (_watchedRam.Add(ram))
            ram.Remapped += OnRemapped;
    }

    private void UnwatchAll()
    {
        foreach (RamBlock ram in _watchedRam)
            ram.Remapped -= OnRemapped;
        _watchedRam.Clear();
        _lastWatched = null;
    }

    private void OnRemapped(RamBlock ram, ulong offset, ulong count)
    {
        if (count > StateLayout.PageSize)
        {
            ClearTlbs();
            return;
        }

        _parts.Clear();
        ulong host = (ulong)ram.ReadPointer(offset);
        _secondLevel.Protect((byte*)host);
        var first = (TlbEntry*)_allocation;
        for (int i = 0; i < _filled.Length; i++, first += 64)
        {
            for (ulong bits = _filled[i]; bits != 0; bits &= bits - 1)
            {
                TlbEntry* entry = first + BitOperations.TrailingZeroCount(bits);
                if (entry->Write != TlbEntry.Invalid && entry->Write + entry->Addend == host)
                    entry->Write = TlbEntry.Invalid;
            }
        }
    }

    // Entries are numbered from the lowest address on: all TLBs are one array.
    private void MarkFilled(TlbEntry* entry)
    {
        long number = entry - (TlbEntry*)_allocation;
        _filled[number >> 6] |= 1UL << (int)(number & 63);
    }

    private void ClearTlbs()
    {
        ForgetOtherSpaces();                                  // before keys are given anew
        _secondLevel.Clear();
        ClearFirstLevel();
    }

    private void ClearFirstLevel()
    {
        _parts.Clear();
        var first = (TlbEntry*)_allocation;
        for (int i = 0; i < _filled.Length; i++, first += 64)
        {
            for (ulong bits = _filled[i]; bits != 0; bits &= bits - 1)
            {
                TlbEntry* entry = first + BitOperations.TrailingZeroCount(bits);
                (entry->Read, entry->Write) = (TlbEntry.Invalid, TlbEntry.Invalid);
            }

            _filled[i] = 0;
        }
    }
}
