namespace Emulation.Storage;

/// <summary>A way to reach image files that are not files of this host: <c>scheme://...</c>.</summary>
internal interface IImageScheme
{
    /// <summary>The scheme names, lower case.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Opens what a URI names, as bytes: what format they have is found out later.</summary>
    /// <param name="uri">The whole URI.</param>
    /// <param name="readOnly">Whether changes are refused.</param>
    /// <exception cref="DiskImageException">That does not work.</exception>
    ValueTask<BlockDevice> OpenAsync(string uri, bool readOnly);
}
