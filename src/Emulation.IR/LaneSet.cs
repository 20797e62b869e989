namespace Emulation.IR;

/// <summary>The lane shapes that an operation has; bit numbers are those of <see cref="LaneShape"/>.</summary>
[Flags]
public enum LaneSet : byte
{
    /// <summary>Not a vector operation.</summary>
    None = 0,

    /// <summary>Bytes; also of operations on all bits.</summary>
    I8x16 = 1,

    /// <summary>16-bit integers.</summary>
    I16x8 = 2,

    /// <summary>32-bit integers.</summary>
    I32x4 = 4,

    /// <summary>64-bit integers.</summary>
    I64x2 = 8,

    /// <summary>IEEE binary32.</summary>
    F32x4 = 16,

    /// <summary>IEEE binary64.</summary>
    F64x2 = 32,

    /// <summary>Integers that have a wider neighbour.</summary>
    Narrow = I8x16 | I16x8 | I32x4,

    /// <summary>All integers.</summary>
    Integer = Narrow | I64x2,

    /// <summary>All IEEE numbers.</summary>
    Float = F32x4 | F64x2,

    /// <summary>All shapes.</summary>
    Any = Integer | Float,
}
