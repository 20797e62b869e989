namespace Emulation.IR;

/// <summary>Type of a value.</summary>
public enum IrType : byte
{
    /// <summary>No value.</summary>
    None,

    /// <summary>A truth value: 0 or 1.</summary>
    I1,

    /// <summary>8 bits.</summary>
    I8,

    /// <summary>16 bits.</summary>
    I16,

    /// <summary>32 bits.</summary>
    I32,

    /// <summary>64 bits.</summary>
    I64,

    /// <summary>IEEE binary32.</summary>
    F32,

    /// <summary>IEEE binary64.</summary>
    F64,

    /// <summary>128 bits in lanes; operations say which (<see cref="LaneShape"/>).</summary>
    V128,

    /// <summary>Two vectors of 128 bits; operations do the same to each.</summary>
    V256,
}

/// <summary>Facts about types.</summary>
public static class IrTypes
{
    /// <summary>Width in bits.</summary>
    /// <param name="type">A type.</param>
    public static int Bits(this IrType type) => type switch
    {
        IrType.I1 => 1,
        IrType.I8 => 8,
        IrType.I16 => 16,
        IrType.I32 or IrType.F32 => 32,
        IrType.I64 or IrType.F64 => 64,
        IrType.V128 => 128,
        IrType.V256 => 256,
        _ => 0,
    };

    /// <summary>Bytes in a register file; a truth value takes one.</summary>
    /// <param name="type">A type.</param>
    public static int Bytes(this IrType type) => type == IrType.I1 ? 1 : type.Bits() / 8;

    /// <summary>Whether values are IEEE numbers.</summary>
    /// <param name="type">A type.</param>
    public static bool IsFloat(this IrType type) => type is IrType.F32 or IrType.F64;

    /// <summary>Whether values are vectors.</summary>
    /// <param name="type">A type.</param>
    public static bool IsVector(this IrType type) => type is IrType.V128 or IrType.V256;

    /// <summary>Mask of the bits of an integer type.</summary>
    /// <param name="type">A type.</param>
    public static ulong Mask(this IrType type) => type.Bits() >= 64 ? ulong.MaxValue : (1UL << type.Bits()) - 1;
}
