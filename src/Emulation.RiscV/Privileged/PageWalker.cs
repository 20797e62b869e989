using System.Runtime.CompilerServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.RiscV;

/// <summary>What a walk depends on besides the address.</summary>
/// <param name="Format">Shape of the tables.</param>
/// <param name="Root">Physical address of the root table.</param>
/// <param name="Privilege">Effective privilege, U or S.</param>
/// <param name="SupervisorUserMemory"><c>SUM</c>: S-mode may load from and store to user pages.</param>
/// <param name="MakeExecutableReadable"><c>MXR</c>: loads from executable pages succeed.</param>
/// <param name="UpdateBits">Svadu: accessed and dirty bits are set in hardware instead of faulting.</param>
/// <param name="MemoryTypes">Svpbmt is enabled, else its bits are reserved.</param>
/// <param name="Napot">Svnapot is implemented, else its bit is reserved.</param>
internal readonly record struct WalkRegime(
    PageTableFormat Format,
    ulong Root,
    PrivilegeLevel Privilege,
    bool SupervisorUserMemory,
    bool MakeExecutableReadable,
    bool UpdateBits,
    bool MemoryTypes,
    bool Napot);

/// <summary>How a walk ended.</summary>
internal enum WalkResult
{
    Done,
    PageFault,
    AccessFault,
}

/// <summary>Walks page tables in guest memory. RISC-V Privileged, "Virtual Address Translation Process"; Svadu, Svnapot, Svpbmt.</summary>
/// <param name="memory">Physical memory. Tables outside RAM and ROM are an access fault.</param>
/// <param name="pmp">Checks each access to a table, as one of S-mode.</param>
internal sealed unsafe class PageWalker(AddressSpace memory, PmpUnit pmp)
{
    private const ulong Valid = 1;
    private const ulong Read = 2;
    private const ulong Write = 4;
    private const ulong Execute = 8;
    private const ulong User = 16;
    private const ulong Global = 32;
    private const ulong Accessed = 64;
    private const ulong Dirty = 128;
    private const int NumberShift = 10;
    private const ulong NumberMask64 = (1UL << 44) - 1;
    private const ulong NumberMask32 = (1UL << 22) - 1;
    private const ulong Reserved64 = 0x7fUL << 54;
    private const int TypeShift = 61;
    private const ulong TypeMask = 3UL << TypeShift;
    private const ulong NapotBit = 1UL << 63;

    private FlatView? _view;
    private int _pmpChanges;
    private RamBlock? _ram;
    private ulong _first;
    private ulong _count;
    private ulong _offset;

    /// <summary>Translates an address.</summary>
    /// <param name="regime">What the walk depends on.</param>
    /// <param name="address">Virtual address, zero-extended.</param>
    /// <param name="kind">What the access does.</param>
    /// <param name="physical">Physical address of the 4 KiB granule.</param>
    /// <param name="rights">What the tables allow there now: no write while the page is not dirty.</param>
    /// <param name="reach">log2 of the bytes that the leaf entry maps.</param>
    /// <param name="isGlobal">Whether an entry on the way says that the mapping is in all address spaces.</param>
    public WalkResult Walk(in WalkRegime regime, ulong address, MemoryAccessKind kind, out ulong physical, out PageRights rights, out int reach, out bool isGlobal)
    {
        isGlobal = false;
        physical = 0;
        rights = PageRights.None;
        reach = 12;
        PageTableFormat format = regime.Format;
        if (!format.IsCanonical(address))
            return WalkResult.PageFault;
        ulong table = regime.Root;
        for (int level = format.Levels - 1; ; level--)
        {
            int shift = 12 + (level * format.IndexBits);
            ulong place = table + (((address >> shift) & ((1UL << format.IndexBits) - 1)) * (ulong)format.EntryBytes);
            ulong entry;
            do
            {
                if (!TryRead(place, format.EntryBytes, out entry))
                    return WalkResult.AccessFault;
                if ((entry & Valid) == 0 || (entry & (Read | Write)) == Write)
                    return WalkResult.PageFault;
                isGlobal |= (entry & Global) != 0;
                if ((entry & (Read | Execute)) == 0)
                    break;
                WalkResult result = Leaf(in regime, entry, level, kind, ref rights, ref reach);
                if (result != WalkResult.Done)
                    return result;
                ulong updated = entry | Accessed | (kind == MemoryAccessKind.Write ? Dirty : 0);
                if (updated == entry)
                    return Finish(format, entry, address, shift, reach, out physical);
                if (!regime.UpdateBits)
                    return WalkResult.PageFault;
                result = TryUpdate(place, format.EntryBytes, entry, updated, out bool stored);
                if (result != WalkResult.Done)
                    return result;
                if (stored)
                {
                    Leaf(in regime, updated, level, kind, ref rights, ref reach);
                    return Finish(format, updated, address, shift, reach, out physical);
                }
            }
            while (true);

            // A, D, U and, in 64-bit entries, the upper bits are reserved in pointers to the next level
            ulong reserved = Accessed | Dirty | User | (format.EntryBytes == 8 ? Reserved64 | TypeMask | NapotBit : 0);
            if ((entry & reserved) != 0 || level == 0)
                return WalkResult.PageFault;
            table = Number(format, entry) << 12;
        }
    }

    private static ulong Number(PageTableFormat format, ulong entry)
        => (entry >> NumberShift) & (format.EntryBytes == 8 ? NumberMask64 : NumberMask32);

    private static WalkResult Finish(PageTableFormat format, ulong entry, ulong address, int shift, int reach, out ulong physical)
    {
        ulong within = (1UL << Math.Max(shift, reach)) - 1;
        physical = (((Number(format, entry) << 12) & ~within) | (address & within)) & ~(StateLayout.PageSize - 1);
        return WalkResult.Done;
    }

    private static WalkResult Leaf(in WalkRegime regime, ulong entry, int level, MemoryAccessKind kind, ref PageRights rights, ref int reach)
    {
        PageTableFormat format = regime.Format;
        ulong number = Number(format, entry);
        reach = 12 + (level * format.IndexBits);
        if ((number & ((1UL << (level * format.IndexBits)) - 1)) != 0)
            return WalkResult.PageFault;
        if (format.EntryBytes == 8)
        {
            ulong type = entry & TypeMask;
            if ((entry & Reserved64) != 0 || (type != 0 && !regime.MemoryTypes) || type == TypeMask)
                return WalkResult.PageFault;
            if ((entry & NapotBit) != 0)
            {
                // Svnapot has one encoding so far: 64 KiB at the lowest level
                if (!regime.Napot || level != 0 || (number & 15) != 8)
                    return WalkResult.PageFault;
                reach = 16;
            }
        }

        rights = Rights(in regime, entry);
        PageRights needed = kind switch
        {
            MemoryAccessKind.Read => PageRights.Read,
            MemoryAccessKind.Write => PageRights.Write,
            _ => PageRights.Execute,
        };
        if ((rights & needed) == 0)
            return WalkResult.PageFault;
        if ((entry & Dirty) == 0)
            rights &= ~PageRights.Write;
        return WalkResult.Done;
    }

    private static PageRights Rights(in WalkRegime regime, ulong entry)
    {
        bool user = (entry & User) != 0;
        bool own = user == (regime.Privilege == PrivilegeLevel.User);
        bool data = own || (user && regime.SupervisorUserMemory);
        PageRights rights = PageRights.None;
        if (data && ((entry & Read) != 0 || (regime.MakeExecutableReadable && (entry & Execute) != 0)))
            rights |= PageRights.Read;
        if (data && (entry & Write) != 0)
            rights |= PageRights.Write;
        if (own && (entry & Execute) != 0)
            rights |= PageRights.Execute;
        return rights;
    }

    private bool TryRead(ulong place, int size, out ulong entry)
    {
        if (place - _first < _count && ReferenceEquals(_view, memory.View) && _pmpChanges == pmp.Changes)
        {
            entry = _ram!.Read(place + _offset, size);
            return true;
        }

        entry = 0;
        if (!pmp.Allows(place, size, MemoryAccessKind.Read, PrivilegeLevel.Supervisor) || !TryFind(place, size, out RamRegion? region, out ulong offset))
            return false;
        entry = region.Ram.Read(offset, size);
        RememberTables(place);
        return true;
    }

    // Nearly all tables lie in one piece of memory that is protected alike.
    private void RememberTables(ulong place)
    {
        FlatView view = memory.View;
        if (view.IndexOf(place) is not (>= 0 and int index) || !pmp.TryGetUniform(place & ~(StateLayout.PageSize - 1), PrivilegeLevel.Supervisor, out PmpUnit.Uniform range))
            return;
        FlatRange found = view.Ranges[index];
        if (found.Region is not RamRegion region || (range.Rights & PageRights.Read) == 0)
            return;
        (_view, _pmpChanges, _ram) = (view, pmp.Changes, region.Ram);
        _first = Math.Max(found.Start, range.First);
        _count = Math.Min(found.Last, range.Last) - _first;
        _count -= Math.Min(_count, 7);                        // less than an entry at the end
        _offset = found.Offset - found.Start;
    }

    private WalkResult TryUpdate(ulong place, int size, ulong expected, ulong updated, out bool stored)
    {
        stored = false;
        if (!pmp.Allows(place, size, MemoryAccessKind.Write, PrivilegeLevel.Supervisor)
            || !TryFind(place, size, out RamRegion? region, out ulong offset)
            || region.ReadOnly)
        {
            return WalkResult.AccessFault;
        }

        byte* p = region.Ram.PrepareWrite(offset);
        if (p == null)
        {
            // The table shares its page with translated code, so the store has to be reported to the code's owner.
            // Not one atomic step against other harts, like two device accesses in a row: the re-read narrows the window.
            stored = region.Ram.Read(offset, size) == expected;
            if (stored)
                region.Ram.Write(offset, size, updated);
        }
        else if (size == 8)
        {
            stored = Interlocked.CompareExchange(ref Unsafe.AsRef<ulong>(p), updated, expected) == expected;
        }
        else
        {
            stored = Interlocked.CompareExchange(ref Unsafe.AsRef<uint>(p), (uint)updated, (uint)expected) == (uint)expected;
        }

        return WalkResult.Done;
    }

    private bool TryFind(ulong place, int size, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RamRegion? region, out ulong offset)
    {
        region = null;
        offset = 0;
        if (!memory.TryFind(place, out FlatRange range) || range.Region is not RamRegion ram || range.Last - place < (ulong)(size - 1))
            return false;
        region = ram;
        offset = range.Offset + (place - range.Start);
        return true;
    }
}
