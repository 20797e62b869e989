using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>How much of a stack was used, by paint: bytes that nothing wrote since still have the colour. It costs nothing while the firmware runs.</summary>
/// <remarks>Bytes that happen to be written with the colour count as unused, as everywhere; and so does room that is reserved and never written.</remarks>
public sealed class StackPaint : IStackUse
{
    /// <summary>The colour that the kit paints with.</summary>
    public const byte DefaultColour = 0xc5;

    private readonly AddressSpace _memory;

    /// <summary>Takes a stack that was painted, by the firmware or by <see cref="Paint"/>.</summary>
    /// <param name="memory">Memory.</param>
    /// <param name="bottom">The stack's lowest address: it grows towards it.</param>
    /// <param name="top">The address behind the highest.</param>
    /// <param name="colour">The byte it was painted with: FreeRTOS takes 0xa5, Zephyr 0xaa, ThreadX 0xef.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part of it is not memory.</exception>
    public StackPaint(AddressSpace memory, ulong bottom, ulong top, byte colour = DefaultColour, string name = "stack")
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(top, bottom);
        (_memory, Name, Bottom, Top, Colour) = (memory, name, bottom, top, colour);
        _ = Read();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ulong Bottom { get; }

    /// <inheritdoc/>
    public ulong Top { get; }

    /// <inheritdoc/>
    public ulong Size => Top - Bottom;

    /// <inheritdoc/>
    public ulong Free => Size - HighWater;

    /// <summary>The byte it is painted with.</summary>
    public byte Colour { get; }

    /// <inheritdoc/>
    public ulong HighWater
    {
        get
        {
            byte[] bytes = Read();
            int untouched = bytes.AsSpan().IndexOfAnyExcept(Colour);
            return untouched < 0 ? 0 : (ulong)(bytes.Length - untouched);
        }
    }

    /// <summary>Paints the part of the stack that is free now.</summary>
    /// <param name="stackPointer">The stack pointer, if this stack is in use: what lies at it and above is left. Null for one that is not in use at all.</param>
    /// <returns>Bytes that were painted.</returns>
    public ulong Paint(ulong? stackPointer)
    {
        ulong end = stackPointer is { } pointer && pointer >= Bottom && pointer <= Top ? pointer : Top;
        byte[] paint = new byte[end - Bottom];
        Array.Fill(paint, Colour);
        _memory.TryLoad(Bottom, paint);
        return (ulong)paint.Length;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {HighWater} of {Top - Bottom} bytes used";

    private byte[] Read()
    {
        if (Top - Bottom > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(Top), $"a stack of {Top - Bottom} bytes");
        byte[] bytes = new byte[Top - Bottom];
        return _memory.TryRead(Bottom, bytes) ? bytes : throw new ArgumentOutOfRangeException(nameof(Bottom), $"the stack '{Name}' from 0x{Bottom:x8} to 0x{Top:x8} does not lie in memory");
    }
}
