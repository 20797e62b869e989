namespace Emulation.Storage;

/// <summary>What the BAT says about a block. [MS-VHDX] 2.5.1.1.</summary>
internal enum VhdxBlockState
{
    /// <summary>The parent has it; without a parent it was never written.</summary>
    NotPresent = 0,

    /// <summary>Its content is of no use; read as zeros.</summary>
    Undefined = 1,

    /// <summary>It is zero.</summary>
    Zero = 2,

    /// <summary>It was discarded; read as zeros.</summary>
    Unmapped = 3,

    /// <summary>The file has it. Of a sector bitmap: it is there.</summary>
    FullyPresent = 6,

    /// <summary>The file has the sectors that the sector bitmap says; the parent has the others.</summary>
    PartiallyPresent = 7,
}

/// <summary>An entry of the BAT.</summary>
/// <param name="State">What it says.</param>
/// <param name="Host">First byte of the block in the file, if it is there.</param>
internal readonly record struct VhdxBlock(VhdxBlockState State, long Host = 0)
{
    /// <summary>Whether the block has a place in the file.</summary>
    public bool IsPlaced => State is VhdxBlockState.FullyPresent or VhdxBlockState.PartiallyPresent;

    public ulong Entry => (ulong)Host | (ulong)State;

    /// <summary>Reads an entry that is known to be possible.</summary>
    public static VhdxBlock Read(ulong entry) => new((VhdxBlockState)(entry & 7), (long)(entry >> 20 << 20));
}
