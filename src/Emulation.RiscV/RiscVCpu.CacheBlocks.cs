using Emulation.Cpu;

namespace Emulation.RiscV;

// Cache-block operations on memory without caches. RISC-V Unprivileged, "CMO".
public sealed unsafe partial class RiscVCpu
{
    /// <summary>Bytes of a cache block (Zic64b).</summary>
    internal const int CacheBlockBytes = 64;

    /// <summary>Whether CBO.INVAL, CLEAN or FLUSH may access a block: as a load, or else as a store. Faults are those of a store at the address in rs1.</summary>
    internal bool CheckCacheBlock(ulong address)
    {
        address &= XlenMask;
        ulong block = address & ~(ulong)(CacheBlockBytes - 1);
        int index = RiscVMode.DataMmu(Header.Mode);
        if (Translate(block, CacheBlockBytes, MemoryAccessKind.Read, index, out PageTranslation translation))
        {
            if (Context.Memory.TryFind(translation.Physical | (block & (StateLayout.PageSize - 1)), out _))
                return true;
            RecordBusFault(address, MemoryAccessKind.Write);
            return false;
        }

        // Wherever a store is allowed a load is, so the load's fault is the answer
        RecordException(Header.ExceptionCode == Cause.LoadPage ? Cause.StorePage : Cause.StoreAccess, address);
        return false;
    }

    /// <summary>CBO.ZERO. A fault reports the address in rs1 and leaves memory alone.</summary>
    internal void ZeroCacheBlock(ulong address)
    {
        address &= XlenMask;
        ulong block = address & ~(ulong)(CacheBlockBytes - 1);
        int index = RiscVMode.DataMmu(Header.Mode);
        if (!TryGetWritePointer(block, CacheBlockBytes, index, out byte* pointer))
        {
            RecordException(Header.ExceptionCode, address);
            return;
        }

        if (pointer is not null)
        {
            new Span<byte>(pointer, CacheBlockBytes).Clear();
            return;
        }

        // Translated code, a hook or a device: store by store
        var how = new IR.MemOp(8, false, index);
        for (int i = 0; i < CacheBlockBytes; i += 8)
        {
            if (!TryStore(block + (ulong)i, how, 0))
            {
                RecordException(Header.ExceptionCode, address);
                return;
            }
        }
    }
}
