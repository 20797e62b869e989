namespace Emulation.SoftFloat;

/// <summary>Rounding directions. Values 0 to 4 are the RISC-V <c>frm</c> encodings.</summary>
public enum FpRounding : byte
{
    /// <summary>To nearest, ties to even.</summary>
    NearestEven = 0,

    /// <summary>Toward zero.</summary>
    TowardZero = 1,

    /// <summary>Toward negative infinity.</summary>
    Down = 2,

    /// <summary>Toward positive infinity.</summary>
    Up = 3,

    /// <summary>To nearest, ties away from zero.</summary>
    NearestAway = 4,

    /// <summary>Inexact results get an odd last digit ("von Neumann rounding"), which makes a later second rounding safe.</summary>
    ToOdd = 5,
}
