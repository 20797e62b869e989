namespace Emulation.Core;

/// <summary>Memory that keeps its content without power and is changed by operations that take time, so that a power cut can tear one: flash, EEPROM.</summary>
/// <remarks>A device asks <see cref="BeforeOperation"/> once for each operation, when it begins to change the content, and does only what the answer allows.</remarks>
public interface IFaultableMemory
{
    /// <summary>Unique in its machine.</summary>
    string Name { get; }

    /// <summary>The content.</summary>
    RamBlock Content { get; }

    /// <summary>Fault injection: told of each operation, under the device lock; says how many of its bytes, from the first, are changed. Null for none; not saved.</summary>
    MemoryOperationHook? BeforeOperation { get; set; }
}

/// <summary>What an operation of an <see cref="IFaultableMemory"/> does.</summary>
public enum MemoryOperationKind
{
    /// <summary>Bytes get new values, or their zeros.</summary>
    Program,

    /// <summary>Bytes get the value of erased ones.</summary>
    Erase,
}

/// <summary>An operation that is about to change content.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Offset">First byte in the content.</param>
/// <param name="Count">Number of bytes.</param>
public readonly record struct MemoryOperation(MemoryOperationKind Kind, ulong Offset, ulong Count);

/// <summary>Decides about an operation.</summary>
/// <param name="operation">The operation.</param>
/// <returns>How many bytes from the first are changed: <see cref="MemoryOperation.Count"/> for all, 0 for none.</returns>
public delegate ulong MemoryOperationHook(in MemoryOperation operation);
