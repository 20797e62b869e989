namespace Emulation.Storage;

/// <summary>How the images below a disk are pulled into it.</summary>
public sealed record DiskStreamOptions
{
    /// <summary>The name that is recorded for the base; null: the one that the image right above the base records.</summary>
    public string? BackingFile { get; init; }

    /// <summary>Most bytes per second, on average; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }
}
