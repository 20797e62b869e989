using Emulation.IR;

namespace Emulation.Cpu;

// Atomic operations that the host has no instruction for: done while no other CPU executes.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Atomic read-modify-write at any address.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width and translation regime.</param>
    /// <param name="op">What is stored.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="old">The old value, zero-extended.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryAtomicUnaligned(ulong address, MemOp how, AtomicOp op, ulong operand, out ulong old)
    {
        bool done = false;
        ulong before = 0;
        Alone(() =>
        {
            done = CanWrite(address, how) && TryLoad(address, how, out before)
                && TryStore(address, how, AtomicMemory.Apply(op, how with { BigEndian = false }, before, operand));
        });
        old = before;
        return done;
    }

    /// <summary>Atomic compare and exchange at any address.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="how">Width and translation regime.</param>
    /// <param name="expected">Stored over only when memory holds its low bits.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="old">The old value, zero-extended.</param>
    /// <returns>False when an exception was recorded.</returns>
    public bool TryCompareExchangeUnaligned(ulong address, MemOp how, ulong expected, ulong value, out ulong old)
    {
        bool done = false;
        ulong before = 0, mask = how.Size == 8 ? ulong.MaxValue : (1UL << (8 * how.Size)) - 1;
        Alone(() =>
        {
            done = CanWrite(address, how) && TryLoad(address, how, out before)
                && (before != (expected & mask) || TryStore(address, how, value));
        });
        old = before;
        return done;
    }

    // a fault is that of a store, whatever would have been read
    private bool CanWrite(ulong address, MemOp how)
    {
        bool crosses = (address & (StateLayout.PageSize - 1)) + (ulong)how.Size > StateLayout.PageSize;
        return crosses ? TryCheckAcross(address, how, MemoryAccessKind.Write) : TryGetPointer(address, how.Size, MemoryAccessKind.Write, how.MmuIndex, out _, out _);
    }

    // devices and hooks may need the device lock, which is taken before the others are stopped
    private void Alone(Action action)
    {
        Context.Memory.EnterDeviceLock();
        try
        {
            Context.Exclusive(action);
        }
        finally
        {
            Context.Memory.DeviceLock.Exit();
        }
    }
}
