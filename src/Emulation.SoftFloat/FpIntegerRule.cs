namespace Emulation.SoftFloat;

/// <summary>
/// What a conversion to integer returns, together with the invalid flag, when the rounded value does not fit or the operand is a NaN.
/// "Largest" and "smallest" are those of the integer type.
/// </summary>
public enum FpIntegerRule : byte
{
    /// <summary>Largest or smallest by sign; NaN: largest (RISC-V).</summary>
    Saturate = 0,

    /// <summary>Largest or smallest by sign; NaN: zero (Arm, MIPS with NAN2008).</summary>
    SaturateNanZero = 1,

    /// <summary>Largest or smallest by sign; NaN: smallest (PowerPC, z/Architecture).</summary>
    SaturateNanSmallest = 2,

    /// <summary>Always the sign bit alone, or all ones for unsigned types (x86 "integer indefinite").</summary>
    Indefinite = 3,

    /// <summary>Always the largest (MIPS without NAN2008).</summary>
    Largest = 4,
}
