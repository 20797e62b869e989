using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

// Accesses of 16 and 32 bytes. Memory is accessed as a whole, devices and hooks see pieces of 8 bytes, the lowest address first.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Loads a vector as an instruction does: translation, hooks, devices, page crossing.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Byte order, translation regime, alignment rule; 16 or 32 bytes.</param>
    /// <param name="value">Receives as many bytes, the one at the lowest address first; last for a big-endian access. Untouched where that fails.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryLoadVector(ulong address, MemOp how, Span<byte> value)
    {
        if (how.Aligned && (address & (ulong)(how.Size - 1)) != 0)
        {
            RecordMisaligned(address, MemoryAccessKind.Read);
            return false;
        }

        Span<byte> bytes = stackalloc byte[how.Size];
        if ((address & (StateLayout.PageSize - 1)) > StateLayout.PageSize - (ulong)how.Size)
        {
            if (!TryCheckAcross(address, how, MemoryAccessKind.Read))
                return false;
            for (int at = 0; at < bytes.Length; at += 8)
            {
                if (!TryLoadBytes(address + (ulong)at, 8, how.MmuIndex, out ulong piece))
                    return false;
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], piece);
            }
        }
        else if (!TryGetPointer(address, how.Size, MemoryAccessKind.Read, how.MmuIndex, out ulong physical, out byte* pointer))
        {
            return false;
        }
        else if (pointer is not null)
        {
            CopyAtOnce(pointer, (byte*)Unsafe.AsPointer(ref bytes[0]), bytes.Length);
        }
        else
        {
            for (int at = 0; at < bytes.Length; at += 8)
            {
                if (!TryBusRead(address + (ulong)at, physical + (ulong)at, 8, out ulong piece))
                    return false;
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], piece);
            }
        }

        for (int at = 0; AnyMemoryHooks && at < bytes.Length; at += 8)
            OnRead(address + (ulong)at, 8, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));
        if (how.BigEndian)
            bytes.Reverse();
        bytes.CopyTo(value);
        return true;
    }

    /// <summary>Stores a vector as an instruction does: translation, hooks, devices, page crossing, code invalidation.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Byte order, translation regime, alignment rule; 16 or 32 bytes.</param>
    /// <param name="value">As many bytes; the first goes to the lowest address, the last for a big-endian access.</param>
    /// <returns>False when an exception was recorded; nothing is written then, except where a device refuses a piece after the first.</returns>
    public bool TryStoreVector(ulong address, MemOp how, ReadOnlySpan<byte> value)
    {
        if (how.Aligned && (address & (ulong)(how.Size - 1)) != 0)
        {
            RecordMisaligned(address, MemoryAccessKind.Write);
            return false;
        }

        Span<byte> bytes = stackalloc byte[how.Size];
        value.CopyTo(bytes);
        if (how.BigEndian)
            bytes.Reverse();
        if ((address & (StateLayout.PageSize - 1)) > StateLayout.PageSize - (ulong)how.Size)
        {
            if (!TryCheckAcross(address, how, MemoryAccessKind.Write))
                return false;
            for (int at = 0; at < bytes.Length; at += 8)
            {
                if (!TryStoreBytes(address + (ulong)at, 8, how.MmuIndex, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])))
                    return false;
            }
        }
        else if (!TryGetPointer(address, how.Size, MemoryAccessKind.Write, how.MmuIndex, out ulong physical, out byte* pointer))
        {
            return false;
        }
        else if (pointer is not null)
        {
            CopyAtOnce((byte*)Unsafe.AsPointer(ref bytes[0]), pointer, bytes.Length);
        }
        else
        {
            for (int at = 0; at < bytes.Length; at += 8)
            {
                if (!TryBusWrite(address + (ulong)at, physical + (ulong)at, 8, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])))
                    return false;
            }
        }

        for (int at = 0; AnyMemoryHooks && at < bytes.Length; at += 8)
            OnWrite(address + (ulong)at, 8, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));
        return true;
    }

    // As the engines do: other CPUs see no more than two pieces of 16 bytes.
    private static void CopyAtOnce(byte* from, byte* to, int size)
    {
        if (size == 16)
            Vector128.Load(from).Store(to);
        else
            Vector256.Load(from).Store(to);
    }
}
