namespace Emulation.IR;

/// <summary>What minimum and maximum do with NaNs.</summary>
public enum IrExtremum
{
    /// <summary>A NaN is missing data (IEEE 754-2019 minimumNumber).</summary>
    Number = 0,

    /// <summary>A NaN wins (IEEE 754-2019 minimum).</summary>
    NaN = 1,

    /// <summary>A quiet NaN is missing data, a signalling one wins (IEEE 754-2008 minNum).</summary>
    Number2008 = 2,
}
