using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// Memory: what may be accessed, faults, stacks. DDI 0403E, B3.1, B3.5; DDI 0553, B5, ValidateAddress().
public sealed unsafe partial class ArmMCpu
{
    private const ulong PrivateBusFirst = 0xe000_0000, PrivateBusLast = 0xe00f_ffff, SoftwareTrigger = 0xe000_ef00;
    private bool _isQuiet;

    /// <inheritdoc/>
    protected override int FetchMmuIndex => (int)(Header.Mode >> ArmMode.MmuShift) & 7;

    /// <inheritdoc/>
    protected override bool TryTranslate(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation)
    {
        var at = (uint)address;
        ulong page = at & ~(StateLayout.PageSize - 1);
        bool privileged = (mmuIndex & MMode.PrivilegedMmu) != 0;
        translation = default;
        if (at is >= (uint)PrivateBusFirst and <= (uint)PrivateBusLast && kind != MemoryAccessKind.Fetch)
            return TryTranslatePrivate(at, kind, privileged, out translation);
        if (!TryProtect(at, size, kind, mmuIndex, out PageTranslation allowed, out bool secure))
            return false;
        ulong space = (secure ? Options.SecureMemory : Options.NonSecureMemory) + (privileged ? 0 : Options.UnprivilegedMemory);
        translation = allowed with { Physical = space + page };
        return Debug.Patch.Remap is not { IsActive: true } remap || TryRemap(remap, at, size, kind, ref translation);
    }

    /// <inheritdoc/>
    protected override void RecordBusFault(ulong address, MemoryAccessKind kind)
        => RecordException(kind == MemoryAccessKind.Fetch ? MFault.InstructionBus : MFault.PreciseBus, (uint)address);

    // protection is that of the address; vectors and stacked registers are no literals. DDI 0337I, 7.3.1.
    private bool TryRemap(FlashRemap remap, uint address, int size, MemoryAccessKind kind, ref PageTranslation translation)
    {
        if (kind == MemoryAccessKind.Fetch)
        {
            if (remap.TryFetch(address, ref translation))
                return true;
            RecordBusFault(address, kind);
            return false;
        }

        if (kind == MemoryAccessKind.Read && !_isQuiet)
            remap.Read(address, size, (uint?)CrossingLoad, ref translation);
        else
            remap.KeepOut(address, ref translation);
        return true;
    }

    /// <summary>CCR.BFHFNMIGN.</summary>
    protected override bool IgnoresBusFaults => System.IgnoresBusFaults(Bank);

    /// <summary>The CPU's own monitor alone decides: vendors' drivers change registers of devices with LDREX and STREX. DDI 0403E, A3.4.1.</summary>
    protected override bool ReservesDevices => true;

    /// <inheritdoc/>
    protected override void RecordMisaligned(ulong address, MemoryAccessKind kind) => RecordException(MFault.Unaligned, (uint)address);

    // the present exclusive monitor is not told apart by addresses: an exception clears it
    private void ClearExclusive() => Header.ReservationAddress = ulong.MaxValue;

    // unprivileged accesses fault, but of STIR where CCR allows it
    private bool TryTranslatePrivate(uint address, MemoryAccessKind kind, bool privileged, out PageTranslation translation)
    {
        ulong page = address & ~(StateLayout.PageSize - 1);
        translation = new PageTranslation(page - PrivateBusFirst + Options.PrivateBus, PageRights.Read | PageRights.Write, privileged);
        if (privileged || PrivateBus.AllowsUnprivileged(address, kind == MemoryAccessKind.Write))
            return true;
        RecordBusFault(address, kind);
        return false;
    }

    // reads a word as exception entry and return do; no exception is recorded
    private bool TryReadStack(uint address, bool privileged, bool secure, out uint value)
    {
        bool done = TryQuietly(address, privileged, secure, false, 0, out ulong read);
        value = (uint)read;
        return done;
    }

    private bool TryWriteStack(uint address, uint value, bool privileged, bool secure, bool? urgent = null) => TryQuietly(address, privileged, secure, true, value, out _, urgent);

    // The fault of a failed access is left in the header's exception fields.
    private bool TryQuietly(uint address, bool privileged, bool secure, bool writes, uint stored, out ulong value, bool? urgent = null)
    {
        ref CpuHeader header = ref Header;
        ExitRequest exit = header.Exit;
        int mmu = (privileged ? MMode.PrivilegedMmu : 0) | ((urgent ?? Exceptions.RequestsNegative(secure ? 1 : 0)) ? MMode.UrgentMmu : 0) | (secure ? MMode.SecureMmu : 0);
        var how = new MemOp(4, false, mmu, false, true);
        value = 0;
        _isQuiet = true;
        bool done = writes ? TryStore(address, how, stored) : TryLoad(address, how, out value);
        _isQuiet = false;
        if (!done)
            header.Exit = exit | (header.Exit & ~ExitRequest.Exception);
        return done;
    }
}
