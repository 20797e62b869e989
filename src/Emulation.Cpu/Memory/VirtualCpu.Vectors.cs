using System.Runtime.Intrinsics;
using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

// Accesses of 16 bytes. Memory is accessed as a whole, devices and hooks see two of 8 bytes, the lower address first.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Loads 16 bytes as an instruction does: translation, hooks, devices, page crossing.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Byte order, translation regime, alignment rule; 16 bytes.</param>
    /// <param name="value">What memory holds, the byte at the lowest address in lane 0; reversed for a big-endian access.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryLoadVector(ulong address, MemOp how, out Vector128<byte> value)
    {
        value = default;
        if (how.Aligned && (address & 15) != 0)
        {
            RecordMisaligned(address, MemoryAccessKind.Read);
            return false;
        }

        ulong low, high;
        if ((address & (StateLayout.PageSize - 1)) > StateLayout.PageSize - 16)
        {
            if (!TryCheckAcross(address, how, MemoryAccessKind.Read)
                || !TryLoadBytes(address, 8, how.MmuIndex, out low) || !TryLoadBytes(address + 8, 8, how.MmuIndex, out high))
            {
                return false;
            }
        }
        else if (!TryGetPointer(address, 16, MemoryAccessKind.Read, how.MmuIndex, out ulong physical, out byte* pointer))
        {
            return false;
        }
        else if (pointer is not null)
        {
            value = Vector128.Load(pointer);
            (low, high) = (value.AsUInt64().GetElement(0), value.AsUInt64().GetElement(1));
        }
        else if (!TryBusRead(address, physical, 8, out low) || !TryBusRead(address + 8, physical + 8, 8, out high))
        {
            return false;
        }

        if (AnyMemoryHooks)
        {
            OnRead(address, 8, low);
            OnRead(address + 8, 8, high);
        }

        value = Vector128.Create(low, high).AsByte();
        if (how.BigEndian)
            value = VectorOps.Reverse(value);
        return true;
    }

    /// <summary>Stores 16 bytes as an instruction does: translation, hooks, devices, page crossing, code invalidation.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Byte order, translation regime, alignment rule; 16 bytes.</param>
    /// <param name="value">Lane 0 goes to the lowest address; reversed for a big-endian access.</param>
    /// <returns>False when an exception was recorded; nothing is written then, except where a device refuses the second half.</returns>
    public bool TryStoreVector(ulong address, MemOp how, Vector128<byte> value)
    {
        if (how.Aligned && (address & 15) != 0)
        {
            RecordMisaligned(address, MemoryAccessKind.Write);
            return false;
        }

        if (how.BigEndian)
            value = VectorOps.Reverse(value);
        (ulong low, ulong high) = (value.AsUInt64().GetElement(0), value.AsUInt64().GetElement(1));
        if ((address & (StateLayout.PageSize - 1)) > StateLayout.PageSize - 16)
        {
            if (!TryCheckAcross(address, how, MemoryAccessKind.Write)
                || !TryStoreBytes(address, 8, how.MmuIndex, low) || !TryStoreBytes(address + 8, 8, how.MmuIndex, high))
            {
                return false;
            }
        }
        else if (!TryGetPointer(address, 16, MemoryAccessKind.Write, how.MmuIndex, out ulong physical, out byte* pointer))
        {
            return false;
        }
        else if (pointer is not null)
        {
            value.Store(pointer);
        }
        else if (!TryBusWrite(address, physical, 8, low) || !TryBusWrite(address + 8, physical + 8, 8, high))
        {
            return false;
        }

        if (AnyMemoryHooks)
        {
            OnWrite(address, 8, low);
            OnWrite(address + 8, 8, high);
        }

        return true;
    }
}
