namespace Emulation.IR;

/// <summary>How 128 bits of a vector are cut into lanes; lane 0 is the lowest. A vector of 256 bits is two such.</summary>
public enum LaneShape : byte
{
    /// <summary>Sixteen integers of 8 bits.</summary>
    I8x16,

    /// <summary>Eight integers of 16 bits.</summary>
    I16x8,

    /// <summary>Four integers of 32 bits.</summary>
    I32x4,

    /// <summary>Two integers of 64 bits.</summary>
    I64x2,

    /// <summary>Four IEEE binary32 numbers.</summary>
    F32x4,

    /// <summary>Two IEEE binary64 numbers.</summary>
    F64x2,
}

/// <summary>Facts about lane shapes.</summary>
public static class LaneShapes
{
    /// <summary>Type of one lane.</summary>
    /// <param name="shape">A shape.</param>
    public static IrType LaneType(this LaneShape shape) => shape switch
    {
        LaneShape.I8x16 => IrType.I8,
        LaneShape.I16x8 => IrType.I16,
        LaneShape.I32x4 => IrType.I32,
        LaneShape.I64x2 => IrType.I64,
        LaneShape.F32x4 => IrType.F32,
        LaneShape.F64x2 => IrType.F64,
        _ => IrType.None,
    };

    /// <summary>Bytes of one lane.</summary>
    /// <param name="shape">A shape.</param>
    public static int LaneBytes(this LaneShape shape) => shape.LaneType().Bytes();

    /// <summary>Number of lanes.</summary>
    /// <param name="shape">A shape.</param>
    public static int LaneCount(this LaneShape shape) => shape.LaneBytes() is > 0 and int bytes ? 16 / bytes : 0;
}
