namespace Emulation.Storage;

/// <summary>What to create. Formats with options of their own derive from it.</summary>
public abstract record DiskCreateOptions
{
    /// <summary>The format's name.</summary>
    public abstract string Format { get; }
}

/// <summary>A raw image: the file's bytes are the disk's bytes; sparse where the file system knows holes.</summary>
public sealed record RawCreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "raw";

    /// <summary>What of the file's space is taken at once; anything but <see cref="DiskPreallocation.Metadata"/>.</summary>
    public DiskPreallocation Preallocation { get; init; }
}
