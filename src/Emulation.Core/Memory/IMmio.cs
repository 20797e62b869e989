namespace Emulation.Core;

/// <summary>Registers of a device as the bus sees them. One architectural access is one call, with its true offset and width.</summary>
/// <remarks>Calls come under the machine's device lock. An implementation answers a guest's mistakes as the hardware would and never throws for them.</remarks>
public interface IMmio
{
    /// <summary>Reads <paramref name="size"/> bytes (1, 2, 4 or 8) at byte <paramref name="offset"/> of the region.</summary>
    /// <param name="offset">Byte offset from the start of the region.</param>
    /// <param name="size">Width in bytes; always one the region declared legal.</param>
    /// <returns>The value, zero-extended.</returns>
    ulong Read(ulong offset, int size);

    /// <summary>Writes the low <paramref name="size"/> bytes of <paramref name="value"/> at byte <paramref name="offset"/>.</summary>
    /// <param name="offset">Byte offset from the start of the region.</param>
    /// <param name="size">Width in bytes; always one the region declared legal.</param>
    /// <param name="value">The value, zero-extended.</param>
    void Write(ulong offset, int size, ulong value);
}

/// <summary>Widths that a register window accepts, in bytes. Values combine.</summary>
[Flags]
public enum AccessSizes
{
    /// <summary>No access at all.</summary>
    None = 0,

    /// <summary>8-bit accesses.</summary>
    Byte = 1,

    /// <summary>16-bit accesses.</summary>
    Half = 2,

    /// <summary>32-bit accesses.</summary>
    Word = 4,

    /// <summary>64-bit accesses.</summary>
    Double = 8,

    /// <summary>8, 16, 32 and 64 bits.</summary>
    All = Byte | Half | Word | Double,
}

/// <summary>How one bus access ended.</summary>
public enum BusResult
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>Nothing answers at the address.</summary>
    Unmapped,

    /// <summary>The region exists but refuses the access: a width or alignment it does not have, or a write to read-only memory that faults.</summary>
    Refused,
}

/// <summary>What an access to an address without a region does.</summary>
public enum UnmappedPolicy
{
    /// <summary>The access fails with <see cref="BusResult.Unmapped"/>; the CPU raises its access fault.</summary>
    Fault,

    /// <summary>Reads give zero, writes vanish, and the first access per page is logged.</summary>
    Log,

    /// <summary>The machine stops with <see cref="StopReason.UnmappedAccess"/>: what a firmware test wants.</summary>
    Stop,
}
