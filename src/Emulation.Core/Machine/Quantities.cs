namespace Emulation.Core;

/// <summary>Sizes and times as they are said: <c>512.MiB()</c>, <c>60.VirtualSeconds()</c>.</summary>
public static class Quantities
{
    /// <summary>Times 1024 bytes.</summary>
    /// <param name="count">The number.</param>
    public static ulong KiB(this int count) => Scale(count, 10);

    /// <summary>Times 1024² bytes.</summary>
    /// <param name="count">The number.</param>
    public static ulong MiB(this int count) => Scale(count, 20);

    /// <summary>Times 1024³ bytes.</summary>
    /// <param name="count">The number.</param>
    public static ulong GiB(this int count) => Scale(count, 30);

    /// <summary>Seconds of the guest's time.</summary>
    /// <param name="count">The number.</param>
    public static TimeSpan VirtualSeconds(this int count) => TimeSpan.FromSeconds(count);

    /// <summary>Milliseconds of the guest's time.</summary>
    /// <param name="count">The number.</param>
    public static TimeSpan VirtualMilliseconds(this int count) => TimeSpan.FromMilliseconds(count);

    /// <summary>Microseconds of the guest's time.</summary>
    /// <param name="count">The number.</param>
    public static TimeSpan VirtualMicroseconds(this int count) => TimeSpan.FromMicroseconds(count);

    private static ulong Scale(int count, int shift)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return (ulong)count << shift;
    }
}
