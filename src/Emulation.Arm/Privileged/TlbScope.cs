namespace Emulation.Arm;

/// <summary>What a TLB maintenance instruction is about.</summary>
internal enum TlbScope
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>What is not global, under an ASID.</summary>
    Asid,

    /// <summary>An address under an ASID, and global.</summary>
    Address,

    /// <summary>An address under all ASIDs.</summary>
    AddressAllAsids,
}
