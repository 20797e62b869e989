namespace Emulation.Arm;

/// <summary>What kind of memory an address is to the architecture. DDI 0403E, A3.5; DDI 0553, B5.</summary>
internal enum MemoryType : byte
{
    /// <summary>May be accessed at any alignment that the instruction allows.</summary>
    Normal,

    /// <summary>A peripheral's.</summary>
    Device,

    /// <summary>A peripheral's whose accesses stay in order with all others (Armv8-M: Device-nGnRnE).</summary>
    StronglyOrdered,
}
