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

    /// <summary>Whether the image knows the one below by more than its name, and would refuse it once it has changed.</summary>
    bool IsLinked => false;

    /// <summary>Has the image below, about to change, take its new identity, and records that one.</summary>
    ValueTask RelinkAsync() => ValueTask.CompletedTask;
}
