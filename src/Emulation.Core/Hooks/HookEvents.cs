namespace Emulation.Core;

/// <summary>What a hook watches. Values are indexes of <see cref="HookTable"/>.</summary>
public enum HookKind
{
    /// <summary>Each instruction, before it executes.</summary>
    Code,

    /// <summary>Each start of a straight run of instructions, before the first executes.</summary>
    Block,

    /// <summary>Each data read, after it was done.</summary>
    Read,

    /// <summary>Each data write, before it is done.</summary>
    Write,

    /// <summary>Each instruction fetch.</summary>
    Fetch,

    /// <summary>Each access to an address that nothing answers.</summary>
    Unmapped,
}

/// <summary>An instruction or a block is about to execute.</summary>
/// <param name="table">The table the hook is in.</param>
/// <param name="cpu">The vCPU that executes it.</param>
/// <param name="pc">Virtual address of the (first) instruction.</param>
/// <param name="size">Bytes of the instruction or of the block's first translation; 0 where not known.</param>
public readonly struct CodeEvent(HookTable table, IVirtualCpu cpu, ulong pc, int size)
{
    /// <summary>The vCPU that executes it.</summary>
    public IVirtualCpu Cpu { get; } = cpu;

    /// <summary>Virtual address of the (first) instruction.</summary>
    public ulong Pc { get; } = pc;

    /// <summary>Bytes; 0 where not known.</summary>
    public int Size { get; } = size;

    /// <summary>Ends the run exactly after the instruction at <see cref="Pc"/>.</summary>
    public void Stop() => table.RequestStop(Cpu);
}

/// <summary>A memory access.</summary>
/// <param name="table">The table the hook is in.</param>
/// <param name="cpu">The vCPU that makes it.</param>
/// <param name="kind">Read, Write, Fetch or Unmapped.</param>
/// <param name="pc">Virtual address of the instruction.</param>
/// <param name="address">Virtual address of the access; physical for Unmapped.</param>
/// <param name="size">Width in bytes, 1 to 16.</param>
/// <param name="value">The value, low 64 bits.</param>
/// <param name="valueHigh">The value, high 64 bits.</param>
public readonly struct MemoryEvent(HookTable table, IVirtualCpu cpu, HookKind kind, ulong pc, ulong address, int size, ulong value, ulong valueHigh = 0)
{
    /// <summary>The vCPU that makes it.</summary>
    public IVirtualCpu Cpu { get; } = cpu;

    /// <summary>Read, Write, Fetch or Unmapped.</summary>
    public HookKind Kind { get; } = kind;

    /// <summary>Virtual address of the instruction.</summary>
    public ulong Pc { get; } = pc;

    /// <summary>Virtual address of the access; physical for <see cref="HookKind.Unmapped"/>.</summary>
    public ulong Address { get; } = address;

    /// <summary>Width in bytes, 1 to 16.</summary>
    public int Size { get; } = size;

    /// <summary>The value read or to be written, low 64 bits, zero-extended; 0 for Fetch and Unmapped reads.</summary>
    public ulong Value { get; } = value;

    /// <summary>High 64 bits of a 16-byte value.</summary>
    public ulong ValueHigh { get; } = valueHigh;

    /// <summary>Ends the run exactly after the instruction at <see cref="Pc"/>.</summary>
    public void Stop() => table.RequestStop(Cpu);
}

/// <summary>Called for code in a hooked range, on the vCPU's thread.</summary>
/// <param name="e">What is about to execute.</param>
public delegate void CodeHook(in CodeEvent e);

/// <summary>Called for a memory access in a hooked range, on the vCPU's thread.</summary>
/// <param name="e">The access.</param>
public delegate void MemoryHook(in MemoryEvent e);
