namespace Emulation.SoftFloat;

/// <summary>
/// Which NaN an operation returns. Every rule but <see cref="Canonical"/> returns one of the NaN operands with its quiet bit set;
/// results that are NaN without a NaN operand are the default NaN (see <see cref="FpOptions.DefaultNanNegative"/>).
/// </summary>
/// <remarks>
/// In a fused a * b + c the rules also differ in operand order and in the case infinity * 0 + quiet NaN.
/// Conversions between formats keep the leading bits of the payload.
/// </remarks>
public enum FpNanRule : byte
{
    /// <summary>Always the default NaN: RISC-V ("NaN Generation and Propagation"), Arm with FPCR.DN = 1.</summary>
    Canonical = 0,

    /// <summary>
    /// Signalling operands first, then quiet ones; fused: c, a, b, and infinity * 0 + quiet NaN is the default NaN (Arm
    /// FPProcessNaNs, FPMulAdd).
    /// </summary>
    SignalingAddendFirst = 1,

    /// <summary>
    /// Signalling operands first, then quiet ones; fused: c, a, b, and infinity * 0 + NaN is that NaN (MIPS with NAN2008).
    /// </summary>
    SignalingAddendKept = 2,

    /// <summary>
    /// Signalling operands first, then quiet ones; fused: a, b, c, and infinity * 0 + NaN is the default NaN (z/Architecture).
    /// </summary>
    SignalingProductFirst = 3,

    /// <summary>
    /// The first operand that is a NaN; fused: a, b, c, and infinity * 0 + quiet NaN is that NaN without the invalid flag (SSE,
    /// AVX, FMA3).
    /// </summary>
    FirstOperand = 4,

    /// <summary>
    /// The first operand that is a NaN; fused: a, c, b, and infinity * 0 + NaN is that NaN with the invalid flag (PowerPC).
    /// </summary>
    FirstOperandAddendSecond = 5,
}
