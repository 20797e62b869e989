namespace Emulation.Storage;

/// <content>The image as a part of a chain.</content>
public sealed partial class Qcow2Image
{
    /// <summary>Where the image is and how it was opened; null when it is not known.</summary>
    internal ImageSource? Source { get; init; }

    ImageSource? IRebasable.Source => Source;

    ValueTask IRebasable.WriteUnchangedAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => WriteUnchangedAsync(offset, buffer, cancellationToken);

    ValueTask IRebasable.ZeroUnchangedAsync(long offset, long length, CancellationToken cancellationToken) => ZeroUnchangedAsync(offset, length, cancellationToken);

    ValueTask IRebasable.RecordBackingAsync(string? file, string? format) => RecordBackingAsync(file, format);

    DiskImageInfo IDescribed.Info => (Source?.Describe(_metadata.Name, ClusterSize, BackingFile, BackingFormat, Backing)
        ?? new DiskImageInfo { Format = _metadata.Name.Format, ClusterSize = ClusterSize, BackingFile = BackingFile, BackingFormat = BackingFormat, Backing = Backing }) with
    { IsEncrypted = IsEncrypted };

    /// <summary>Records which image is below, without a look at either. What is open stays as it is: the new one counts when the image is opened again.</summary>
    /// <param name="file">Its name; null: none is.</param>
    /// <param name="format">Its format.</param>
    /// <exception cref="DiskImageException">The name is too long, or the image cannot have one.</exception>
    public ValueTask ChangeBackingFileAsync(string? file, string? format) => RecordBackingAsync(file, format);

    /// <summary>Says whether reference counts are written late from now on. Version 3 only.</summary>
    /// <param name="lazy">Whether they are.</param>
    /// <exception cref="DiskImageException">The image is of version 2.</exception>
    public async ValueTask SetLazyRefcountsAsync(bool lazy)
    {
        CheckWritable();
        if (Version < 3)
            throw _metadata.Name.Error("version 2 has no lazy refcounts");
        if (lazy == LazyRefcounts)
            return;
        await _metadata.PrepareAsync().ConfigureAwait(false);
        await _metadata.SettleAsync().ConfigureAwait(false);
        await _metadata.ChangeFeaturesAsync(lazy).ConfigureAwait(false);
    }

    /// <summary>Writes what the disk reads as anyway: nothing that bitmaps would have to record.</summary>
    internal ValueTask WriteUnchangedAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => _writer.WriteAsync(offset, buffer, cancellationToken);

    /// <summary>Holds zeros where the disk reads as zeros anyway, so that it does on another image too.</summary>
    internal ValueTask ZeroUnchangedAsync(long offset, long length, CancellationToken cancellationToken)
        => _writer.ZeroAsync(offset, length, Qcow2Zeroing.Hold, cancellationToken);

    /// <summary>Lets another image show through from now on; what the file records stays as it is.</summary>
    /// <returns>The one that did so far; it is the caller's now.</returns>
    internal IBlockDevice? ExchangeBacking(IBlockDevice? backing)
    {
        (IBlockDevice? old, _reader.Backing) = (_reader.Backing, backing);
        return old;
    }

    /// <summary>Records another image below.</summary>
    internal async ValueTask RecordBackingAsync(string? file, string? format)
    {
        CheckWritable();
        if (file is not null && _metadata.Header.DataFileIsRaw)
            throw _metadata.Name.Error("a raw data file excludes a backing file");
        await _metadata.PrepareAsync().ConfigureAwait(false);
        await _metadata.SettleAsync().ConfigureAwait(false);
        await new Qcow2BackingWriter(_metadata).SetAsync(file, format).ConfigureAwait(false);
    }

    /// <summary>Lets all of the disk show through from below: the image holds nothing any more.</summary>
    internal async ValueTask MakeEmptyAsync(CancellationToken cancellationToken)
    {
        CheckWritable();
        if (_metadata.Header.DataFileIsRaw)
            throw _metadata.Name.Error("a raw data file always holds the whole disk");
        await _writer.EmptyAsync(cancellationToken).ConfigureAwait(false);
        await _metadata.FlushAsync().ConfigureAwait(false);
        if (_snapshots.List.Count == 0)
            await _metadata.SettleAsync().ConfigureAwait(false);
    }

    async ValueTask<BlockRun> ILayer.GetOwnStatusAsync(long offset, long length)
    {
        Qcow2Run run = await MapAsync(offset, length).ConfigureAwait(false);
        return new BlockRun(run.Length, run.Kind switch
        {
            Qcow2RunKind.Unallocated => BlockStatus.None,
            Qcow2RunKind.Zero => BlockStatus.Allocated | BlockStatus.Zero,
            _ => BlockStatus.Allocated,
        });
    }
}
