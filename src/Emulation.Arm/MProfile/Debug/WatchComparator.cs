namespace Emulation.Arm;

/// <summary>What one comparator of a DWT is set to, whatever version wrote it.</summary>
/// <param name="Kind">What it compares with.</param>
/// <param name="First">First address.</param>
/// <param name="Last">Last address.</param>
/// <param name="Action">What a match does.</param>
/// <param name="DataValue">The value of a data value comparison; null for none.</param>
/// <param name="DataSize">Bytes of that value.</param>
internal readonly record struct WatchComparator(WatchKind Kind, uint First, uint Last, WatchAction Action, uint? DataValue = null, int DataSize = 4);

/// <summary>What a comparator of a DWT matches.</summary>
[Flags]
internal enum WatchKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Loads.</summary>
    Read = 1,

    /// <summary>Stores.</summary>
    Write = 2,

    /// <summary>Instructions.</summary>
    Instruction = 4,
}

/// <summary>What a match of a comparator does.</summary>
[Flags]
internal enum WatchAction
{
    /// <summary>Sets MATCHED only.</summary>
    None = 0,

    /// <summary>A watchpoint debug event.</summary>
    Event = 1,

    /// <summary>A trace packet with the value that was accessed.</summary>
    TraceValue = 2,

    /// <summary>A trace packet with the instruction's address.</summary>
    TracePc = 4,

    /// <summary>A trace packet with the low half of the data's address.</summary>
    TraceOffset = 8,
}
