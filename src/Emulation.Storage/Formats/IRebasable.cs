namespace Emulation.Storage;

/// <summary>An image that can be put on another one.</summary>
internal interface IRebasable : ILayer
{
    /// <summary>Bytes that are held together.</summary>
    int ClusterSize { get; }

    /// <summary>Where the image is.</summary>
    ImageSource? Source { get; }

    /// <summary>Writes what the disk reads as anyway.</summary>
    ValueTask WriteUnchangedAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Holds zeros where the disk reads as zeros anyway, so that it does on another image too.</summary>
    ValueTask ZeroUnchangedAsync(long offset, long length, CancellationToken cancellationToken);

    /// <summary>Records another image below; at any time the old one or the new one is recorded.</summary>
    ValueTask RecordBackingAsync(string? file, string? format);
}
