namespace Emulation.Testing;

/// <summary>Amounts as they are said in tests: <c>0.1.Percent()</c>, <c>1.5.VirtualMilliseconds()</c>.</summary>
public static class TestQuantities
{
    /// <summary>Hundredths of a whole.</summary>
    /// <param name="value">The number.</param>
    public static Percentage Percent(this double value) => new(value);

    /// <summary>Hundredths of a whole.</summary>
    /// <param name="value">The number.</param>
    public static Percentage Percent(this int value) => new(value);

    /// <summary>Milliseconds of the guest's time; 100 ns is the finest.</summary>
    /// <param name="value">The number.</param>
    public static TimeSpan VirtualMilliseconds(this double value) => TimeSpan.FromMilliseconds(value);

    /// <summary>Microseconds of the guest's time; 0.1 is the finest.</summary>
    /// <param name="value">The number.</param>
    public static TimeSpan VirtualMicroseconds(this double value) => TimeSpan.FromMicroseconds(value);

    /// <summary>Seconds of the guest's time; 100 ns is the finest.</summary>
    /// <param name="value">The number.</param>
    public static TimeSpan VirtualSeconds(this double value) => TimeSpan.FromSeconds(value);
}
