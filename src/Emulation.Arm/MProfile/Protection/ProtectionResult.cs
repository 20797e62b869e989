using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>What an MPU says of an address, and how far around it the same.</summary>
/// <param name="Rights">What may be done.</param>
/// <param name="Type">The memory's type.</param>
/// <param name="First">First address with this answer that is known; until <see cref="MpuUnit.Changes"/>.</param>
/// <param name="Last">Last address with this answer that is known.</param>
/// <param name="Region">The region that answers; -1 for the default memory map, none, and several.</param>
internal readonly record struct ProtectionResult(PageRights Rights, MemoryType Type, uint First, uint Last, int Region = -1)
{
    /// <summary>Whether a whole 4 KiB granule has this answer: a TLB may hold it.</summary>
    /// <param name="address">Any address in it.</param>
    public bool CoversPage(uint address)
        => First <= (address & ~(uint)(StateLayout.PageSize - 1)) && Last >= (address | (uint)(StateLayout.PageSize - 1));

    /// <summary>This answer for the addresses that another one holds for, too.</summary>
    /// <param name="first">First address of the other.</param>
    /// <param name="last">Its last.</param>
    public ProtectionResult Within(uint first, uint last) => this with { First = Math.Max(First, first), Last = Math.Min(Last, last) };
}
