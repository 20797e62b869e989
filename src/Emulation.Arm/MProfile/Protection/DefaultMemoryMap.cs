using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>The address map of an M-profile CPU without an MPU, and for privileged accesses behind it. DDI 0403E, B3.1; DDI 0553, B6.</summary>
internal static class DefaultMemoryMap
{
    /// <summary>Bytes that are equal at least.</summary>
    private const int RegionBits = 29;

    /// <summary>The private peripheral bus, which no MPU protects.</summary>
    /// <param name="address">An address.</param>
    public static bool IsPrivateBus(uint address) => address >> 20 == 0xe00;

    /// <summary>Whether nothing can be fetched, whatever an MPU says: the system region.</summary>
    /// <param name="address">An address.</param>
    public static bool IsSystem(uint address) => address >> RegionBits == 7;

    /// <summary>What the map says of an address.</summary>
    /// <param name="address">The address.</param>
    public static ProtectionResult Check(uint address)
    {
        uint region = address >> RegionBits, first = region << RegionBits, last = first | ((1u << RegionBits) - 1);
        if (IsPrivateBus(address))
            return new ProtectionResult(PageRights.Read | PageRights.Write, MemoryType.StronglyOrdered, 0xe000_0000, 0xe00f_ffff);
        return region switch
        {
            2 or 5 or 6 => new ProtectionResult(PageRights.Read | PageRights.Write, MemoryType.Device, first, last),
            7 => new ProtectionResult(PageRights.Read | PageRights.Write, MemoryType.Device, 0xe010_0000, last),
            _ => new ProtectionResult(PageRights.All, MemoryType.Normal, first, last),
        };
    }
}
