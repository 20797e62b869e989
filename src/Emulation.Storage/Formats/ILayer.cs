namespace Emulation.Storage;

/// <summary>An image through which another one may show.</summary>
internal interface ILayer
{
    /// <summary>The image below; null without one.</summary>
    IBlockDevice? Backing { get; }

    /// <summary>What this image holds itself of the bytes from an offset on; <see cref="BlockStatus.None"/> where the image below shows through.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Most bytes to report on.</param>
    ValueTask<BlockRun> GetOwnStatusAsync(long offset, long length);
}
