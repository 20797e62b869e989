namespace Emulation.Storage;

/// <content>Persistent bitmaps, and what is recorded in them.</content>
public sealed partial class Qcow2Image
{
    /// <summary>The persistent bitmaps. Those that are enabled record what is written here.</summary>
    public IReadOnlyList<Qcow2Bitmap> Bitmaps => _bitmaps.List;

    /// <summary>What a persistent bitmap says about the bytes from <paramref name="offset"/> on.</summary>
    /// <param name="bitmap">Its name.</param>
    /// <param name="offset">First byte of the disk.</param>
    /// <param name="length">Most bytes to report on; at least 1.</param>
    /// <returns>One run that starts at <paramref name="offset"/>; never longer than asked for.</returns>
    /// <exception cref="DiskImageException">There is no such bitmap, or it cannot be relied on.</exception>
    public ValueTask<BitmapRun> GetWrittenAsync(string bitmap, long offset, long length)
    {
        if (offset < 0 || offset >= Length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"the offset lies outside a device of {Length} bytes");
        if (length < 1 || length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"the range from byte {offset} is empty or leaves a device of {Length} bytes");
        return _bitmaps.GetAsync(bitmap, offset, length);
    }

    /// <summary>Adds a persistent bitmap in which no bit is set. It is durable when this completes. Version 3 only.</summary>
    /// <param name="name">Unique within the image.</param>
    /// <param name="granularity">Bytes that one bit stands for; a power of two from 512 to 2 GiB.</param>
    /// <param name="enabled">Whether writes are recorded in it.</param>
    /// <exception cref="DiskImageException">There is one of that name, or there is no room for it.</exception>
    public ValueTask AddBitmapAsync(string name, long granularity = 1 << 16, bool enabled = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        CheckWritable();
        return _bitmaps.AddAsync(name, granularity, enabled);
    }

    /// <summary>Removes a persistent bitmap.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="DiskImageException">There is none of that name.</exception>
    public ValueTask RemoveBitmapAsync(string name)
    {
        CheckWritable();
        return _bitmaps.RemoveAsync(name);
    }

    /// <summary>Clears all bits of a persistent bitmap.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="DiskImageException">There is none of that name, or it cannot be relied on.</exception>
    public ValueTask ClearBitmapAsync(string name)
    {
        CheckWritable();
        return _bitmaps.ClearAsync(name);
    }

    private async ValueTask RecordAsync(long offset, long length)
    {
        if (_bitmaps.IsEmpty)
            return;
        await _metadata.PrepareAsync().ConfigureAwait(false);
        await _bitmaps.RecordAsync(offset, length).ConfigureAwait(false);
    }

    private async ValueTask WriteRecordedAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await RecordAsync(offset, buffer.Length).ConfigureAwait(false);
        await _writer.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WriteCompressedCoreAsync(long offset, ReadOnlyMemory<byte> cluster, CancellationToken cancellationToken)
    {
        await RecordAsync(offset, cluster.Length).ConfigureAwait(false);
        await _writer.WriteCompressedAsync(offset, cluster, cancellationToken).ConfigureAwait(false);
    }
}
