using Emulation.IR;

namespace Emulation.Cpu;

// Reservations of what is no memory. A device may change what a register shows at any time, and reading it may do something: the value is not compared.
public abstract unsafe partial class VirtualCpu
{
    private bool TryReserveDevice(ulong address, ulong physical, MemOp how, out ulong value)
    {
        value = 0;
        if (!ReservesDevices)
        {
            RecordBusFault(address, MemoryAccessKind.Read);
            return false;
        }

        if (!TryBusRead(address, physical, how.Size, out ulong read))
            return false;
        OnRead(address, how.Size, read);
        Header.ReservationAddress = physical;
        Header.ReservationValue = read;
        value = AtomicMemory.Swapped(read, how);
        return true;
    }

    private bool TryStoreToDevice(ulong address, ulong physical, MemOp how, ulong value, out bool failed)
    {
        failed = false;
        ulong stored = AtomicMemory.Swapped(value, how);
        if (!TryBusWrite(address, physical, how.Size, stored))
            return false;
        OnWrite(address, how.Size, stored);
        return true;
    }
}
