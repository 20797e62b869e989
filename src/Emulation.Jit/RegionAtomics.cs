using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>Atomic operations that the host has no instruction for; called by regions.</summary>
internal static unsafe class RegionAtomics
{
    /// <summary>Gives the old value, zero-extended.</summary>
    /// <param name="pointer">Aligned.</param>
    /// <param name="how">A packed <see cref="MemOp"/>.</param>
    /// <param name="op">An <see cref="AtomicOp"/>.</param>
    /// <param name="operand">The operand.</param>
    public static ulong ReadModifyWrite(byte* pointer, int how, int op, ulong operand)
        => AtomicMemory.ReadModifyWrite(pointer, MemOp.Unpack(how), (AtomicOp)op, operand);
}
