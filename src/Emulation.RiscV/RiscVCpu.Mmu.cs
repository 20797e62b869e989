using Emulation.Cpu;

namespace Emulation.RiscV;

// Address translation and protection of every access.
public sealed partial class RiscVCpu
{
    private readonly PageWalker _walker;

    // A fence on an address inside a large page concerns the whole page, of which the TLB may hold many granules.
    private readonly LargePages _largePages = new(), _largeGlobalPages = new();

    internal PageTableFormat? TranslationFormat
    {
        get
        {
            if (Xlen == 32)
                return (Satp >> 31) != 0 ? PageTableFormat.Sv32 : null;
            return (SatpMode)(Satp >> 60) switch
            {
                SatpMode.Sv39 => PageTableFormat.Sv39,
                SatpMode.Sv48 => PageTableFormat.Sv48,
                SatpMode.Sv57 => PageTableFormat.Sv57,
                _ => null,
            };
        }
    }

    private ulong RootTable => (Satp & (Xlen == 32 ? (1UL << 22) - 1 : (1UL << 44) - 1)) << 12;

    /// <inheritdoc/>
    protected override bool TryTranslate(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation)
        => Translate(address, size, kind, mmuIndex, out translation);

    internal bool Translate(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation)
    {
        address &= XlenMask;
        PrivilegeLevel privilege = PrivilegeOf(mmuIndex);
        ulong granule = address & ~(StateLayout.PageSize - 1);
        PageRights rights = PageRights.All;
        bool isGlobal = true;
        if (privilege != PrivilegeLevel.Machine && TranslationFormat is { } format)
        {
            var regime = new WalkRegime(
                format,
                RootTable,
                privilege,
                mmuIndex is RiscVMode.MmuSupervisorSum or RiscVMode.MmuSupervisorSumMxr,
                mmuIndex is RiscVMode.MmuUserMxr or RiscVMode.MmuSupervisorMxr or RiscVMode.MmuSupervisorSumMxr,
                Features.Svadu && (Menvcfg & EnvironmentConfig.Adue) != 0,
                (Menvcfg & EnvironmentConfig.Pbmte) != 0,
                Features.Svnapot);
            WalkResult result = _walker.Walk(in regime, address, kind, out granule, out rights, out int reach, out isGlobal);
            if (result != WalkResult.Done)
            {
                RecordException(result == WalkResult.PageFault ? PageFault(kind) : AccessFault(kind), address);
                translation = default;
                return false;
            }

            if (reach > StateLayout.PageShift)
                (isGlobal ? _largeGlobalPages : _largePages).Add(address, reach);
        }

        ulong physical = granule | (address & (StateLayout.PageSize - 1));
        if (!Pmp.Allows(physical, size, kind, privilege))
        {
            RecordException(AccessFault(kind), address);
            translation = default;
            return false;
        }

        if (Pmp.TryGetRights(granule, privilege, out PageRights allowed))
            translation = new PageTranslation(granule, rights & allowed, Global: isGlobal);
        else if (kind == MemoryAccessKind.Fetch && Pmp.MayExecuteAll(granule, privilege))
            translation = new PageTranslation(granule, rights & PageRights.Execute, Global: isGlobal);
        else
            translation = new PageTranslation(granule, rights, Cacheable: false);
        return true;
    }

    /// <inheritdoc/>
    protected override void RecordBusFault(ulong address, MemoryAccessKind kind) => RecordException(AccessFault(kind), address & XlenMask);

    /// <inheritdoc/>
    protected override void RecordMisaligned(ulong address, MemoryAccessKind kind)
        => RecordException(
            kind switch
            {
                MemoryAccessKind.Read => Cause.LoadMisaligned,
                MemoryAccessKind.Write => Cause.StoreMisaligned,
                _ => Cause.FetchMisaligned,
            },
            address & XlenMask);

    /// <summary>Forgets every cached translation.</summary>
    internal void FlushTranslations()
    {
        _largePages.Clear();
        _largeGlobalPages.Clear();
        FlushTlb();
    }

    /// <summary>Forgets the cached translations of the present address space.</summary>
    internal void FlushAddressSpace()
    {
        _largePages.Clear();
        FlushLocalTlb();
    }

    /// <summary>SFENCE.VMA and SINVAL.VMA, also on behalf of firmware of the host. RISC-V Privileged, "Supervisor Memory-Management Fence Instruction". Not while the hart executes on another thread.</summary>
    /// <param name="address">Virtual address, or null for all.</param>
    /// <param name="addressSpace">ASID, or null for all.</param>
    public void Fence(ulong? address, ulong? addressSpace)
    {
        // The TLB holds nothing of other address spaces: a write of satp flushes it. Bits of rs2 above the ASID are ignored.
        if (addressSpace is { } asid && (asid & AsidMask) != CurrentAsid)
            return;
        if (address is not { } virtualAddress)
        {
            if (addressSpace is null)
                FlushTranslations();
            else
                FlushAddressSpace();
            return;
        }

        virtualAddress &= XlenMask;
        if (_largeGlobalPages.Contains(virtualAddress))
            FlushTranslations();
        else
            FlushTlbPage(virtualAddress);
        if (_largePages.Contains(virtualAddress))
            FlushAddressSpace();
    }

    internal ulong AsidMask => Xlen == 32 ? 0x1ffUL : 0xffffUL;

    private ulong CurrentAsid => (Xlen == 32 ? Satp >> 22 : Satp >> 44) & AsidMask;

    private static PrivilegeLevel PrivilegeOf(int mmuIndex) => mmuIndex switch
    {
        RiscVMode.MmuMachine => PrivilegeLevel.Machine,
        RiscVMode.MmuUser or RiscVMode.MmuUserMxr => PrivilegeLevel.User,
        _ => PrivilegeLevel.Supervisor,
    };

    private static int PageFault(MemoryAccessKind kind) => kind switch
    {
        MemoryAccessKind.Read => Cause.LoadPage,
        MemoryAccessKind.Write => Cause.StorePage,
        _ => Cause.FetchPage,
    };

    private static int AccessFault(MemoryAccessKind kind) => kind switch
    {
        MemoryAccessKind.Read => Cause.LoadAccess,
        MemoryAccessKind.Write => Cause.StoreAccess,
        _ => Cause.FetchAccess,
    };
}
