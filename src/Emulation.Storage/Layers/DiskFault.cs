namespace Emulation.Storage;

/// <summary>Kinds of requests to a device.</summary>
[Flags]
public enum DiskOperations
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Reads.</summary>
    Read = 1,

    /// <summary>Writes.</summary>
    Write = 2,

    /// <summary>Flushes.</summary>
    Flush = 4,

    /// <summary>Discards.</summary>
    Discard = 8,

    /// <summary>Zeroing.</summary>
    Zero = 16,

    /// <summary>Changes of the size.</summary>
    Resize = 32,

    /// <summary>Questions for the status of a range.</summary>
    Status = 64,

    /// <summary>All that change what the device holds.</summary>
    Changes = Write | Discard | Zero | Resize,

    /// <summary>All.</summary>
    All = 127,
}

/// <summary>Which requests to a device fail, and how.</summary>
public sealed record DiskFault
{
    /// <summary>The kinds of requests that it is about.</summary>
    public DiskOperations Operations { get; init; } = DiskOperations.All;

    /// <summary>First byte of the range that a request must touch; requests without a range always do.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes of that range.</summary>
    public long Length { get; init; } = long.MaxValue;

    /// <summary>How many such requests succeed first.</summary>
    public long After { get; init; }

    /// <summary>How many fail then; later ones succeed again.</summary>
    public long Count { get; init; } = long.MaxValue;

    /// <summary>Whether some of the sectors of a write that fails are written all the same, chosen by the seed.</summary>
    public bool Torn { get; init; }

    /// <summary>Makes the error; an <see cref="IOException"/> that names request and place by default.</summary>
    public Func<Exception>? Error { get; init; }
}
