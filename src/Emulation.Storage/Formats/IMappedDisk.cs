namespace Emulation.Storage;

/// <summary>An image that tells where in its file the bytes of its disk lie.</summary>
internal interface IMappedDisk
{
    /// <summary>A run from an offset on, of depth 0; not present where the image holds nothing itself.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Most bytes to report on.</param>
    ValueTask<DiskExtent> MapAsync(long offset, long length);
}
