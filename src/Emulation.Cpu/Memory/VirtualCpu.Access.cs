using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

// Guest memory as instructions see it: the slow path of loads and stores, atomics, and access for helpers and hosts.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Address of the load that crosses into another page, while its parts and bytes are translated one by one; null outside of one.</summary>
    protected ulong? CrossingLoad { get; private set; }

    /// <summary>Loads as an instruction does: translation, hooks, devices, page crossing.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width, byte order, translation regime, alignment rule; not the extension.</param>
    /// <param name="value">The value, zero-extended.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryLoad(ulong address, MemOp how, out ulong value)
    {
        int size = how.Size;
        value = 0;
        if (how.Aligned && (address & (ulong)(size - 1)) != 0)
        {
            RecordMisaligned(address, MemoryAccessKind.Read);
            return false;
        }

        if ((address & (StateLayout.PageSize - 1)) + (ulong)size > StateLayout.PageSize)
        {
            if (!TryLoadAcross(address, how, out value))
                return false;
        }
        else if (!TryLoadInPage(address, size, how.MmuIndex, out value))
        {
            return false;
        }

        if (how.BigEndian && size > 1)
            value = BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * size));
        return true;
    }

    /// <summary>Stores as an instruction does: translation, hooks, devices, page crossing, code invalidation.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width, byte order, translation regime, alignment rule.</param>
    /// <param name="value">The value; higher bytes are ignored.</param>
    /// <returns>False when an exception was recorded; nothing is written then.</returns>
    public bool TryStore(ulong address, MemOp how, ulong value)
    {
        int size = how.Size;
        if (how.Aligned && (address & (ulong)(size - 1)) != 0)
        {
            RecordMisaligned(address, MemoryAccessKind.Write);
            return false;
        }

        if (how.BigEndian && size > 1)
            value = BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * size));
        if (size < 8)
            value &= (1UL << (8 * size)) - 1;
        bool crosses = (address & (StateLayout.PageSize - 1)) + (ulong)size > StateLayout.PageSize;
        return crosses ? TryStoreAcross(address, how, value) : TryStoreInPage(address, size, how.MmuIndex, value);
    }

    /// <summary>Atomic read-modify-write as an instruction does. The address must be aligned.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width and translation regime.</param>
    /// <param name="op">What is stored.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="old">The old value, zero-extended.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryAtomic(ulong address, MemOp how, AtomicOp op, ulong operand, out ulong old)
    {
        if (!TryGetAtomicPointer(address, how, out ulong physical, out byte* pointer))
        {
            old = 0;
            return false;
        }

        if (pointer is not null)
        {
            old = AtomicMemory.ReadModifyWrite(pointer, how, op, operand);
            return true;
        }

        using (new DeviceAccess(Context.Memory))
        {
            if (!TryBusRead(address, physical, how.Size, out ulong stored))
            {
                old = 0;
                return false;
            }

            ulong changed = AtomicMemory.Apply(op, how, stored, operand);
            old = AtomicMemory.Swapped(stored, how);
            if (!TryBusWrite(address, physical, how.Size, changed))
                return false;
            OnRead(address, how.Size, stored);
            OnWrite(address, how.Size, changed);
            return true;
        }
    }

    /// <summary>Atomic compare and exchange as an instruction does. The address must be aligned.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width and translation regime.</param>
    /// <param name="expected">Stored over only when memory holds its low bits.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="old">The old value, zero-extended.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryCompareExchange(ulong address, MemOp how, ulong expected, ulong value, out ulong old)
    {
        old = 0;
        if (!TryGetAtomicPointer(address, how, out ulong physical, out byte* pointer))
            return false;
        if (pointer is not null)
        {
            old = AtomicMemory.CompareExchange(pointer, how, expected, value);
            return true;
        }

        using (new DeviceAccess(Context.Memory))
        {
            if (!TryBusRead(address, physical, how.Size, out old))
                return false;
            ulong mask = how.Size == 8 ? ulong.MaxValue : (1UL << (8 * how.Size)) - 1;
            ulong shown = AtomicMemory.Swapped(expected, how) & mask;
            if (old == shown && !TryBusWrite(address, physical, how.Size, AtomicMemory.Swapped(value, how) & mask))
                return false;
            OnRead(address, how.Size, old);
            if (old == shown)
                OnWrite(address, how.Size, AtomicMemory.Swapped(value, how) & mask);
            old = AtomicMemory.Swapped(old, how) & mask;
            return true;
        }
    }

    /// <summary>Loads and reserves. The address must be aligned; only memory can be reserved, but where <see cref="ReservesDevices"/> says otherwise.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width and translation regime.</param>
    /// <param name="value">The value, zero-extended.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryLoadReserved(ulong address, MemOp how, out ulong value)
    {
        value = 0;
        if ((address & (ulong)(how.Size - 1)) != 0)
        {
            RecordMisaligned(address, MemoryAccessKind.Read);
            return false;
        }

        if (!TryGetPointer(address, how.Size, MemoryAccessKind.Read, how.MmuIndex, out ulong physical, out byte* pointer))
            return false;
        if (pointer is null && !TryFindRam(physical & ~(StateLayout.PageSize - 1), out _, out _))
            return TryReserveDevice(address, physical, how, out value);
        value = pointer is not null ? AtomicMemory.Read(pointer, how.Size) : ReadBusQuietly(physical, how.Size);
        if (pointer is null)
            OnRead(address, how.Size, value);
        Header.ReservationAddress = physical;
        Header.ReservationValue = value;
        value = AtomicMemory.Swapped(value, how);
        return true;
    }

    /// <summary>Stores if the reservation made by <see cref="TryLoadReserved"/> holds; it is gone afterwards.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width and translation regime.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="failed">Whether nothing was stored.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryStoreConditional(ulong address, MemOp how, ulong value, out bool failed)
    {
        failed = true;
        if (!TryGetAtomicPointer(address, how, out ulong physical, out byte* pointer))
            return false;
        ref CpuHeader header = ref Header;
        bool held = header.ReservationAddress == physical;
        ulong expected = header.ReservationValue;
        header.ReservationAddress = ulong.MaxValue;
        if (!held)
            return true;
        if (pointer is null && ReservesDevices && !TryFindRam(physical & ~(StateLayout.PageSize - 1), out _, out _))
            return TryStoreToDevice(address, physical, how, value, out failed);
        if (pointer is not null)
        {
            var plain = how with { BigEndian = false };
            failed = AtomicMemory.CompareExchange(pointer, plain, expected, AtomicMemory.Swapped(value, how)) != expected;
            return true;
        }

        using (new DeviceAccess(Context.Memory))
        {
            if (!TryBusRead(address, physical, how.Size, out ulong old))
                return false;
            failed = old != expected;
            if (failed)
                return true;
            if (!TryBusWrite(address, physical, how.Size, AtomicMemory.Swapped(value, how)))
                return false;
            OnWrite(address, how.Size, AtomicMemory.Swapped(value, how));
            return true;
        }
    }

    /// <summary>A host pointer for an atomic access of up to 16 bytes, for helpers. The address must be aligned to its size.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="pointer">Host address, or null where the bus must be asked.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryGetWritePointer(ulong address, int size, int mmuIndex, out byte* pointer)
        => TryGetPointer(address, size, MemoryAccessKind.Write, mmuIndex, out _, out pointer);

    private bool TryGetAtomicPointer(ulong address, MemOp how, out ulong physical, out byte* pointer)
    {
        if ((address & (ulong)(how.Size - 1)) == 0)
            return TryGetPointer(address, how.Size, MemoryAccessKind.Write, how.MmuIndex, out physical, out pointer);
        RecordMisaligned(address, MemoryAccessKind.Write);
        physical = 0;
        pointer = null;
        return false;
    }

    private bool TryLoadInPage(ulong address, int size, int mmuIndex, out ulong value)
    {
        if (!TryGetPointer(address, size, MemoryAccessKind.Read, mmuIndex, out ulong physical, out byte* pointer))
        {
            value = 0;
            return false;
        }

        if (pointer is not null)
            value = AtomicMemory.Read(pointer, size);
        else if (!TryBusRead(address, physical, size, out value))
            return false;
        if (AnyMemoryHooks)
            OnRead(address, size, value);
        return true;
    }

    private bool TryStoreInPage(ulong address, int size, int mmuIndex, ulong value)
    {
        if (!TryGetPointer(address, size, MemoryAccessKind.Write, mmuIndex, out ulong physical, out byte* pointer))
            return false;
        if (pointer is not null)
            AtomicMemory.Write(pointer, size, value);
        else if (!TryBusWrite(address, physical, size, value))
            return false;
        if (AnyMemoryHooks)
            OnWrite(address, size, value);
        return true;
    }

    private bool TryLoadAcross(ulong address, MemOp how, out ulong value)
    {
        value = 0;
        CrossingLoad = address;
        bool done = TryCheckAcross(address, how, MemoryAccessKind.Read) && TryLoadBytes(address, how.Size, how.MmuIndex, out value);
        CrossingLoad = null;
        if (!done)
            return false;
        if (AnyMemoryHooks)
            OnRead(address, how.Size, value);
        return true;
    }

    private bool TryStoreAcross(ulong address, MemOp how, ulong value)
    {
        if (!TryCheckAcross(address, how, MemoryAccessKind.Write) || !TryStoreBytes(address, how.Size, how.MmuIndex, value))
            return false;
        if (AnyMemoryHooks)
            OnWrite(address, how.Size, value);
        return true;
    }

    private bool TryLoadBytes(ulong address, int count, int mmuIndex, out ulong value)
    {
        value = 0;
        for (int i = 0; i < count; i++)
        {
            if (!TryGetPointer(address + (ulong)i, 1, MemoryAccessKind.Read, mmuIndex, out ulong physical, out byte* pointer))
                return false;
            ulong part;
            if (pointer is not null)
                part = *pointer;
            else if (!TryBusRead(address + (ulong)i, physical, 1, out part))
                return false;
            value |= part << (8 * i);
        }

        return true;
    }

    private bool TryStoreBytes(ulong address, int count, int mmuIndex, ulong value)
    {
        for (int i = 0; i < count; i++)
        {
            if (!TryGetPointer(address + (ulong)i, 1, MemoryAccessKind.Write, mmuIndex, out ulong physical, out byte* pointer))
                return false;
            if (pointer is not null)
                *pointer = (byte)(value >> (8 * i));
            else if (!TryBusWrite(address + (ulong)i, physical, 1, (byte)(value >> (8 * i))))
                return false;
        }

        return true;
    }

    // The part on each page is an access of its own: it is allowed as a whole, or its address is that of the fault.
    private bool TryCheckAcross(ulong address, MemOp how, MemoryAccessKind kind)
    {
        ulong second = (address | (StateLayout.PageSize - 1)) + 1;
        int first = (int)(second - address);
        return TryGetPointer(address, first, kind, how.MmuIndex, out _, out _)
            && TryGetPointer(second, how.Size - first, kind, how.MmuIndex, out _, out _);
    }

    private bool TryBusRead(ulong address, ulong physical, int size, out ulong value)
    {
        CpuActivity before = EnterDevice();
        BusResult result = Context.Memory.Read(physical, size, out value);
        Header.Activity = before;
        if (_exitRequested)
            RequestAttention();                               // the device may have raised an interrupt: it is taken before the next instruction
        if (result == BusResult.Ok)
            return true;
        if (result == BusResult.Unmapped)
            OnUnmapped(physical, size, 0);
        if (IgnoresBusFaults)
            return true;
        RecordBusFault(address, MemoryAccessKind.Read);
        return false;
    }

    private bool TryBusWrite(ulong address, ulong physical, int size, ulong value)
    {
        CpuActivity before = EnterDevice();
        BusResult result = Context.Memory.Write(physical, size, value);
        Header.Activity = before;
        if (_exitRequested || Cache.Epoch != _epoch)
            RequestAttention();                               // also where code was invalidated, maybe the block that runs
        if (result == BusResult.Ok)
            return true;
        if (result == BusResult.Unmapped)
            OnUnmapped(physical, size, value);
        if (IgnoresBusFaults)
            return true;
        RecordBusFault(address, MemoryAccessKind.Write);
        return false;
    }

    private CpuActivity EnterDevice()
    {
        CpuActivity before = Header.Activity;
        Header.Activity = CpuActivity.Device;
        DeviceAccesses++;
        return before;
    }

    private ulong ReadBusQuietly(ulong physical, int size)
    {
        Context.Memory.Read(physical, size, out ulong value);
        return value;
    }

    // Read-modify-write where no host instruction can do it: the device lock makes it one.
    private readonly ref struct DeviceAccess
    {
        private readonly Lock _lock;

        public DeviceAccess(AddressSpace memory)
        {
            memory.EnterDeviceLock();
            _lock = memory.DeviceLock;
        }

        public void Dispose() => _lock.Exit();
    }
}
