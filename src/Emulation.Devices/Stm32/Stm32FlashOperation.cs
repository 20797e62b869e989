namespace Emulation.Devices;

/// <summary>Kinds of flash operations.</summary>
public enum Stm32FlashOperationKind
{
    /// <summary>One access programs bits.</summary>
    Program,

    /// <summary>A sector is erased.</summary>
    SectorErase,

    /// <summary>All of main memory is erased.</summary>
    MassErase,

    /// <summary>Option bytes are programmed.</summary>
    OptionBytes,
}

/// <summary>An operation of a flash memory that is about to change its content. A handler may tear it: change <see cref="Value"/>, or cancel it and write what it likes.</summary>
/// <param name="index">Its number since power-on, from 0.</param>
/// <param name="kind">What it does.</param>
/// <param name="address">Address of the first byte.</param>
/// <param name="size">Bytes.</param>
/// <param name="before">Programming: what is there.</param>
/// <param name="value">Programming: what will be there.</param>
public struct Stm32FlashOperation(long index, Stm32FlashOperationKind kind, uint address, int size, ulong before, ulong value)
{
    /// <summary>Its number since power-on, from 0.</summary>
    public long Index { get; } = index;

    /// <summary>What it does.</summary>
    public Stm32FlashOperationKind Kind { get; } = kind;

    /// <summary>Address of the first byte.</summary>
    public uint Address { get; } = address;

    /// <summary>Bytes.</summary>
    public int Size { get; } = size;

    /// <summary>Programming: what is there.</summary>
    public ulong Before { get; } = before;

    /// <summary>Programming: what will be there. Bits that are 0 before stay 0.</summary>
    public ulong Value { get; set; } = value;

    /// <summary>Whether the content stays as it is.</summary>
    public bool IsCancelled { get; set; }
}

/// <summary>Is told of a flash operation that begins, and may change it.</summary>
/// <param name="operation">The operation.</param>
public delegate void Stm32FlashHandler(ref Stm32FlashOperation operation);
