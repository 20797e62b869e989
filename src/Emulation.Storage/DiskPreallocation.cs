namespace Emulation.Storage;

/// <summary>What of a new disk's space is taken before anything is written.</summary>
public enum DiskPreallocation
{
    /// <summary>Nothing: the file grows with what is written.</summary>
    Off,

    /// <summary>Every part of the disk has its place in the file, which is sparse; formats with tables only.</summary>
    Metadata,

    /// <summary>As <see cref="Metadata"/>, and the host keeps the space free for the file. On a device that is not a new file there is nothing that could do that.</summary>
    Falloc,

    /// <summary>As <see cref="Metadata"/>, and zeros are written everywhere.</summary>
    Full,
}
