using System.Numerics;

namespace Emulation.Devices;

/// <summary>Priorities of five bits, as GIC-400 and GIC-600 have: lower values go first. Arm IHI 0048B, 3.3 and 3.8.1; IHI 0069, 4.8.</summary>
internal static class GicPriority
{
    /// <summary>Bits that are implemented.</summary>
    public const int Mask = 0xf8;

    /// <summary>Lower than all: nothing runs.</summary>
    public const int Idle = 0x100;

    /// <summary>Least binary point of group 0; that of group 1 is one more.</summary>
    public const int LeastBinaryPoint = 2;

    /// <summary>The priority that runs.</summary>
    /// <param name="active">Active priorities, a bit for each of 32 levels.</param>
    public static int Running(uint active) => active == 0 ? Idle : 8 * BitOperations.TrailingZeroCount(active);

    /// <summary>The part of a priority that decides about preemption.</summary>
    /// <param name="priority">The priority.</param>
    /// <param name="point">Binary point, as of group 0.</param>
    public static int Group(int priority, int point) => priority & (-2 << point) & 0xff;

    /// <summary>How a Non-secure access sees a priority or mask: it has the lower half of the levels, shown as if it were the whole.</summary>
    public static uint NonSecure(uint priority) => (priority & 0x80) == 0 ? 0 : (priority << 1) & 0xff;

    /// <summary>What a value means that a Non-secure access writes.</summary>
    public static byte FromNonSecure(uint value) => (byte)((0x80 | (value >> 1)) & Mask);

    /// <summary>What a running priority reads as.</summary>
    public static uint Shown(int running, bool nonSecure)
    {
        uint value = (uint)Math.Min(running, 0xff);
        return nonSecure && value != 0xff ? NonSecure(value) : value;
    }
}
