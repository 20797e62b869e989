namespace Emulation.SoftFloat;

/// <summary>The ten classes of numbers; each value is the bit index in a RISC-V <c>fclass</c> result.</summary>
public enum FpClass : byte
{
    /// <summary>Negative infinity.</summary>
    NegativeInfinity = 0,

    /// <summary>Negative normal number.</summary>
    NegativeNormal = 1,

    /// <summary>Negative subnormal number.</summary>
    NegativeSubnormal = 2,

    /// <summary>Negative zero.</summary>
    NegativeZero = 3,

    /// <summary>Positive zero.</summary>
    PositiveZero = 4,

    /// <summary>Positive subnormal number.</summary>
    PositiveSubnormal = 5,

    /// <summary>Positive normal number.</summary>
    PositiveNormal = 6,

    /// <summary>Positive infinity.</summary>
    PositiveInfinity = 7,

    /// <summary>Signalling NaN.</summary>
    SignalingNaN = 8,

    /// <summary>Quiet NaN.</summary>
    QuietNaN = 9,
}
