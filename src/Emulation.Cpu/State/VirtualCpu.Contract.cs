using Emulation.Core;

namespace Emulation.Cpu;

// What an instruction set provides. The run loop and engines are in the other parts.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Whether an enabled, unmasked interrupt would be taken before the next instruction.</summary>
    protected abstract bool InterruptPending { get; }

    /// <summary>Whether something ends a wait for interrupts, masked or not. May be read from any thread.</summary>
    protected abstract bool WakePending { get; }

    /// <summary>Takes the pending interrupt of highest priority: saves <see cref="CpuHeader.Pc"/> where the architecture says, sets the new PC and mode.</summary>
    protected abstract void TakeInterrupt();

    /// <summary>Takes the exception recorded in the header; <see cref="CpuHeader.Pc"/> is the faulting instruction.</summary>
    /// <param name="code">Exception in the words of the instruction set.</param>
    /// <param name="value">The address or value that goes with it.</param>
    /// <returns>False when nothing in the guest handles it: the run ends with <see cref="StopReason.UnhandledException"/>.</returns>
    protected abstract bool TakeException(int code, ulong value);

    /// <summary>A name for an exception, for results and messages.</summary>
    /// <param name="code">Exception in the words of the instruction set.</param>
    protected abstract string ExceptionName(int code);

    /// <summary>Walks the guest's page tables (or protection units). Sets accessed and dirty bits where the architecture does so in hardware.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="size">Bytes of the access, for protection finer than pages; it does not cross a 4 KiB granule.</param>
    /// <param name="kind">What the access does.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="translation">The result.</param>
    /// <returns>False after <see cref="RecordException"/> with the fault of this access.</returns>
    protected internal abstract bool TryTranslate(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation);

    /// <summary>Records the exception for an access that the bus refused (nothing mapped, a width a device does not have).</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="kind">What the access did.</param>
    protected internal abstract void RecordBusFault(ulong address, MemoryAccessKind kind);

    /// <summary>Whether accesses that the bus refuses have no effect just now, loads giving 0, rather than <see cref="RecordBusFault"/>.</summary>
    protected virtual bool IgnoresBusFaults => false;

    /// <summary>Whether devices can be reserved as memory can: for CPUs whose monitor asks nothing of the bus.</summary>
    protected virtual bool ReservesDevices => false;

    /// <summary>Records the exception for an access that had to be aligned and was not.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="kind">What the access did.</param>
    protected internal abstract void RecordMisaligned(ulong address, MemoryAccessKind kind);

    /// <summary>MMU index for instruction fetches in the present mode. It follows from what was last given to <see cref="SetMode"/>.</summary>
    protected internal abstract int FetchMmuIndex { get; }

    /// <summary>Resets registers to the architecture's reset state.</summary>
    protected abstract void ResetState();

    /// <summary>Saves what is not in the register file (the run loop saves header and register file).</summary>
    /// <param name="writer">The CPU's section.</param>
    protected virtual void SaveState(StateWriter writer) { }

    /// <summary>Loads what <see cref="SaveState"/> wrote and recomputes derived state such as <see cref="CpuHeader.Mode"/>.</summary>
    /// <param name="reader">The CPU's section.</param>
    protected virtual void LoadState(StateReader reader) { }
}
