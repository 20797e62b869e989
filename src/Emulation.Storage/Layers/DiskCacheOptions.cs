namespace Emulation.Storage;

/// <summary>A cache in memory over a device.</summary>
public sealed record DiskCacheOptions
{
    /// <summary>Bytes of a page, the unit that is kept: a power of two from 512 to 16 MiB.</summary>
    public int PageSize { get; init; } = 1 << 16;

    /// <summary>Most bytes that pages take.</summary>
    public long MemoryLimit { get; init; } = 16 << 20;

    /// <summary>Whether writes stay in the cache until a flush, until it is full, or until it is closed; otherwise they go through at once.</summary>
    public bool WriteBack { get; init; }
}
