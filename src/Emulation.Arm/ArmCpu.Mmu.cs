using System.Numerics;
using Emulation.Cpu;

namespace Emulation.Arm;

// Address translation and protection of every access.
public sealed unsafe partial class ArmCpu
{
    private const int DevicePages = 32;
    private readonly Translator _translator;

    // Device memory is checked for alignment at every access, so the TLB does not hold it: here its translations are remembered.
    private readonly (ulong Page, int MmuIndex, PageRights Rights, ulong Physical)[] _devicePages = new (ulong, int, PageRights, ulong)[DevicePages];

    /// <inheritdoc/>
    protected override bool TryTranslate(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation)
    {
        ulong page = address & ~(StateLayout.PageSize - 1);
        ref var device = ref _devicePages[(int)(page >> StateLayout.PageShift) & (DevicePages - 1)];
        PageRights needed = kind switch
        {
            MemoryAccessKind.Read => PageRights.Read,
            MemoryAccessKind.Write => PageRights.Write,
            _ => PageRights.Execute,
        };
        if (device.Page == page && device.MmuIndex == mmuIndex && (device.Rights & needed) != 0)
        {
            translation = new PageTranslation(device.Physical, device.Rights, Cacheable: false);
            return TryDevice(address, size, kind);
        }

        translation = default;
        if (!_translator.TryTranslate(address, kind, mmuIndex, true, out WalkResult result))
        {
            RecordFault(_translator.Fault, AddressOf(address, size), kind);
            return false;
        }

        NoteReach(address, result);
        if (result.IsSplit && !TryFarEnd(address, size, kind, mmuIndex))
            return false;
        ulong physical = BusAddress(result) & ~(StateLayout.PageSize - 1);
        bool watched = kind != MemoryAccessKind.Fetch && _watches && WatchesPage(page);
        if (watched && IsWatched(AddressOf(address, size), size, kind, mmuIndex))
        {
            RecordTrap(0, ArmException.Code(ArmException.Watchpoint, ArmException.DebugFault | (kind == MemoryAccessKind.Write ? 1 << 6 : 0)), AddressOf(address, size));
            return false;
        }

        if (result.IsSplit)
            physical += (result.Address & (StateLayout.PageSize - 1)) - (address & (StateLayout.PageSize - 1));      // tiny pages lie anywhere
        if (result.IsDevice && kind != MemoryAccessKind.Fetch)
        {
            if (!watched && !result.IsSplit)
                device = (page, mmuIndex, result.Rights, physical);
            translation = new PageTranslation(physical, result.Rights, Cacheable: false);
            return TryDevice(address, size, kind);
        }

        translation = new PageTranslation(physical, result.Rights, Cacheable: !watched && !result.IsSplit, Global: result.IsGlobal);
        return true;
    }

    /// <inheritdoc/>
    protected override void RecordBusFault(ulong address, MemoryAccessKind kind)
        => Record(new WalkFault(ArmException.ExternalAbort), address, kind);

    /// <inheritdoc/>
    protected override void RecordMisaligned(ulong address, MemoryAccessKind kind)
        => Record(new WalkFault(ArmException.AlignmentFault), address, kind);

    internal void RecordFault(in WalkFault fault, ulong address, MemoryAccessKind kind) => Record(fault, address, kind);

    internal void ReportMisaligned(ulong address) => RecordMisaligned(address, MemoryAccessKind.Write);

    /// <summary>Whether a cache instruction may name an address; records its fault.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="kind">Write for those that a store's rights are needed for.</param>
    internal bool CheckLine(ulong address, MemoryAccessKind kind)
    {
        const int CacheMaintenance = 1 << 8, Write = 1 << 6;
        if (_translator.TryTranslate(address, kind, ArmMode.Mmu(Header.Mode), true, out WalkResult result))
        {
            NoteReach(address, result);
            if (!Options.IsHosted || Context.Memory.TryFind(BusAddress(result), out _))
                return true;                             // a line that no cache holds is nothing to be asked of a bus
            RecordTrap(0, ArmException.Code(ArmException.DataAbort, ArmException.ExternalAbort | CacheMaintenance | Write), address);
            return false;
        }

        RecordFault(_translator.Fault, address, MemoryAccessKind.Write);
        Header.ExceptionCode |= CacheMaintenance;
        return false;
    }

    // where memory has what a walk found
    private ulong BusAddress(in WalkResult result) => result.Address + (result.IsSecure ? Options.SecureMemory : 0);

    private bool TryDevice(ulong address, int size, MemoryAccessKind kind)
    {
        if (BitOperations.IsPow2(size) && (address & (ulong)(size - 1)) == 0)
            return true;
        if (IsAArch32)
        {
            // words of a multiple or dual access
            if (size > 4 && (address & 3) == 0)
                return true;
        }
        else if (TryPeek(Header.Pc, out uint word) && ElementBytes(word) is var element and not 0 && (address & (ulong)(element - 1)) == 0)
            return true;
        RecordMisaligned(address, kind);
        return false;
    }

    // bytes of one register of a pair, or of an element of a structure: those are to be aligned, not what is accessed at once
    private static int ElementBytes(uint word)
    {
        bool vector = (word & (1 << 26)) != 0;
        if ((word & 0x3a00_0000) == 0x2800_0000)
            return (int)(word >> 30) switch { 2 => vector ? 16 : 8, 1 => vector ? 8 : 4, _ => 4 };
        return (word & 0xbe00_0000) == 0x0c00_0000 ? 1 << ((int)(word >> 10) & 3) : 0;
    }

    private void Record(in WalkFault fault, ulong address, MemoryAccessKind kind)
    {
        _fault = fault;
        int status = fault.Status | (fault.OnWalk ? 1 << 7 : 0);
        int code = kind == MemoryAccessKind.Fetch
            ? ArmException.Code(ArmException.InstructionAbort, status)
            : ArmException.Code(ArmException.DataAbort, status | (kind == MemoryAccessKind.Write ? 1 << 6 : 0));
        RecordTrap(fault.IsStage2 ? 2 : 0, code, address);
    }
}
