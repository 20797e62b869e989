namespace Emulation.IR;

/// <summary>How memory is accessed: width, extension, byte order, which translation, alignment rule.</summary>
/// <param name="Size">Bytes: 1, 2, 4 or 8; 16 and 32 for vectors.</param>
/// <param name="Signed">Whether a load narrower than its result is sign-extended.</param>
/// <param name="MmuIndex">Which of the CPU's software TLBs translates (privilege and mode, fixed in the block key).</param>
/// <param name="BigEndian">Byte order of the guest's memory.</param>
/// <param name="Aligned">Whether a misaligned address faults; else it works, also across pages.</param>
public readonly record struct MemOp(int Size, bool Signed, int MmuIndex, bool BigEndian = false, bool Aligned = false)
{
    /// <summary>log2 of <see cref="Size"/>.</summary>
    public int SizeLog2 => int.Log2(Size);

    /// <summary>Reads the packed form an instruction carries.</summary>
    /// <param name="packed">What <see cref="Pack"/> gave.</param>
    public static MemOp Unpack(int packed)
        => new(1 << ((packed & 3) | (packed >> 3 & 4)), (packed & 4) != 0, (packed >> 8) & 0xff, (packed & 8) != 0, (packed & 16) != 0);

    /// <summary>The packed form: size, flags, MMU index.</summary>
    public int Pack() => (SizeLog2 & 3) | ((SizeLog2 & 4) << 3) | (Signed ? 4 : 0) | (BigEndian ? 8 : 0) | (Aligned ? 16 : 0) | (MmuIndex << 8);

    /// <inheritdoc/>
    public override string ToString() => $"{(Signed ? 's' : 'u')}{Size * 8}{(BigEndian ? "be" : "")}{(Aligned ? "!" : "")}@{MmuIndex}";
}

/// <summary>What an atomic read-modify-write stores.</summary>
public enum AtomicOp : byte
{
    /// <summary>The operand.</summary>
    Swap,

    /// <summary>The sum.</summary>
    Add,

    /// <summary>Bitwise and.</summary>
    And,

    /// <summary>Bitwise or.</summary>
    Or,

    /// <summary>Bitwise exclusive or.</summary>
    Xor,

    /// <summary>The signed minimum.</summary>
    MinS,

    /// <summary>The signed maximum.</summary>
    MaxS,

    /// <summary>The unsigned minimum.</summary>
    MinU,

    /// <summary>The unsigned maximum.</summary>
    MaxU,
}

/// <summary>Rounding of an IEEE operation.</summary>
public enum IrRounding : byte
{
    /// <summary>To nearest, ties to even.</summary>
    NearestEven = 0,

    /// <summary>Toward zero.</summary>
    TowardZero = 1,

    /// <summary>Toward minus infinity.</summary>
    Down = 2,

    /// <summary>Toward plus infinity.</summary>
    Up = 3,

    /// <summary>To nearest, ties away from zero.</summary>
    NearestAway = 4,

    /// <summary>To odd.</summary>
    ToOdd = 5,

    /// <summary>Whatever the CPU's floating-point environment says.</summary>
    Dynamic = 7,
}
