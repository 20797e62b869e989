namespace Emulation.Storage;

/// <summary>What an NBD export can do: the protocol's transmission flags.</summary>
[Flags]
public enum NbdExportFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Always set.</summary>
    HasFlags = 1 << 0,

    /// <summary>Changes are refused.</summary>
    ReadOnly = 1 << 1,

    /// <summary>Flushing is known.</summary>
    Flush = 1 << 2,

    /// <summary>Single writes can be made durable (forced unit access).</summary>
    ForceUnitAccess = 1 << 3,

    /// <summary>The medium rotates.</summary>
    Rotational = 1 << 4,

    /// <summary>Discarding is known.</summary>
    Trim = 1 << 5,

    /// <summary>Zeros are written without sending them.</summary>
    WriteZeroes = 1 << 6,

    /// <summary>A read can be answered in one piece.</summary>
    DoNotFragment = 1 << 7,

    /// <summary>Several connections see each other's flushed writes.</summary>
    MultipleConnections = 1 << 8,

    /// <summary>The size may change; an extension that is not used here.</summary>
    Resize = 1 << 9,

    /// <summary>Reading ahead on request is known.</summary>
    Cache = 1 << 10,

    /// <summary>Zeroing can be refused when it is not fast.</summary>
    FastZero = 1 << 11,
}
