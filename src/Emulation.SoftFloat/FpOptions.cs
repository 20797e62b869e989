namespace Emulation.SoftFloat;

/// <summary>Choices that IEEE 754 leaves to an architecture, and the non-IEEE flush modes.</summary>
[Flags]
public enum FpOptions : byte
{
    /// <summary>Tininess after rounding, subnormals kept, positive default NaN: the RISC-V choices.</summary>
    None = 0,

    /// <summary>
    /// A result is tiny when the exact value is below the smallest normal number, even if it rounds up to it (Arm, PowerPC,
    /// z/Architecture).
    /// </summary>
    TininessBeforeRounding = 1,

    /// <summary>Subnormal operands count as zero of the same sign (x86 DAZ, Arm FZ).</summary>
    FlushInputs = 2,

    /// <summary>Tiny results become zero of the same sign and raise underflow (x86 FTZ, Arm FZ, MIPS FS).</summary>
    FlushOutputs = 4,

    /// <summary>The default NaN has its sign bit set (x86).</summary>
    DefaultNanNegative = 8,

    /// <summary>A flushed result raises inexact too (x86 FTZ; Arm raises underflow alone).</summary>
    FlushRaisesInexact = 16,

    /// <summary>
    /// Subnormal operands, flushed or not, raise <see cref="FpFlags.InputDenormal"/> (x86 DE without DAZ, Arm IDC with FZ).
    /// Beside a NaN only together with <see cref="FlushInputs"/>.
    /// </summary>
    ReportInputDenormals = 32,
}
