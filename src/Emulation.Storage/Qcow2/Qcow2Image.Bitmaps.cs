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

    /// <summary>Says whether writes are recorded in a persistent bitmap from now on. It is durable when this completes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="enabled">Whether they are.</param>
    /// <exception cref="DiskImageException">There is none of that name, or it cannot be relied on.</exception>
    public ValueTask EnableBitmapAsync(string name, bool enabled = true)
    {
        CheckWritable();
        return _bitmaps.EnableAsync(name, enabled);
    }

    /// <summary>Sets the bits of a persistent bitmap that a range touches.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="offset">First byte of the disk.</param>
    /// <param name="length">Bytes.</param>
    /// <exception cref="DiskImageException">There is none of that name, or it cannot be relied on.</exception>
    public ValueTask MarkBitmapAsync(string name, long offset, long length)
    {
        if (offset < 0 || offset > Length || length < 0 || length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"the range leaves a device of {Length} bytes");
        CheckWritable();
        return _bitmaps.MarkAsync(name, [(offset, length)], clear: false);
    }

    /// <summary>Sets the bits of a persistent bitmap that are set in another one, of this image or of another.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="source">The other bitmap's name.</param>
    /// <param name="sourceImage">The image that has it; null: this one. Of the same size.</param>
    /// <exception cref="DiskImageException">There is none of that name, one cannot be relied on, or the sizes differ.</exception>
    public async ValueTask MergeBitmapAsync(string name, string source, Qcow2Image? sourceImage = null)
    {
        CheckWritable();
        sourceImage ??= this;
        if (sourceImage.Length != Length)
            throw _metadata.Name.Error($"bitmap '{source}' of a disk of {sourceImage.Length} bytes cannot be merged into one of a disk of {Length} bytes");
        var ranges = new List<(long, long)>();
        for (long offset = 0; offset < Length;)
        {
            BitmapRun run = await sourceImage.GetWrittenAsync(source, offset, Length - offset).ConfigureAwait(false);
            if (run.Written)
                ranges.Add((offset, run.Length));
            offset += run.Length;
        }

        await _bitmaps.MarkAsync(name, ranges, clear: false).ConfigureAwait(false);
    }

    /// <summary>Makes a bitmap hold some ranges and nothing else; nothing at all if it is disabled.</summary>
    internal ValueTask ReplaceBitmapAsync(string name, IReadOnlyList<(long Offset, long Length)> ranges)
        => _bitmaps.MarkAsync(name, Bitmaps.Any(b => b.Name == name && b.Enabled) ? ranges : [], clear: true);

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
