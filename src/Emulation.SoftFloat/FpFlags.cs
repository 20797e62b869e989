namespace Emulation.SoftFloat;

/// <summary>IEEE 754 exception flags. Bits 0 to 4 have the RISC-V <c>fflags</c> positions.</summary>
[Flags]
public enum FpFlags : byte
{
    /// <summary>Nothing was raised.</summary>
    None = 0,

    /// <summary>The rounded result differs from the exact one.</summary>
    Inexact = 1,

    /// <summary>The result is tiny and inexact, or was flushed to zero.</summary>
    Underflow = 2,

    /// <summary>The result exceeded the largest finite number.</summary>
    Overflow = 4,

    /// <summary>An infinity came exactly from finite operands.</summary>
    DivideByZero = 8,

    /// <summary>No useful result exists, or an operand was a signalling NaN.</summary>
    Invalid = 16,

    /// <summary>An operand was subnormal; raised only with <see cref="FpOptions.ReportInputDenormals"/>.</summary>
    InputDenormal = 32,
}
