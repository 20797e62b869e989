namespace Emulation.Storage;

/// <summary>A raw image that was found to be raw by its content, not called so.</summary>
/// <remarks>
/// A guest could write the header of another format to its disk, with some file of the host as backing file, and be given that file the
/// next time its image is opened. So such a write is refused; with the format given there is nothing to fear and nothing to refuse.
/// </remarks>
internal sealed class DetectedRaw(IBlockDevice file, string name) : PassThrough(file)
{
    /// <summary>What it lies on.</summary>
    public IBlockDevice File => Inner;

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (offset < DiskFormats.HeadLength)
            Check(DiskFormats.Detect(await AfterAsync(0, Math.Min(DiskFormats.HeadLength, Length), offset, buffer, cancellationToken).ConfigureAwait(false)), offset);
        long tail = Math.Max(Length - DiskFormats.TailLength, 0);
        if (offset + buffer.Length > tail)
            Check(DiskFormats.DetectTail(await AfterAsync(tail, Length, offset, buffer, cancellationToken).ConfigureAwait(false)), offset);
        await Inner.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }

    // what a range would hold after a write
    private async ValueTask<byte[]> AfterAsync(long from, long to, long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[to - from];
        await Inner.ReadAsync(from, bytes, cancellationToken).ConfigureAwait(false);
        (long first, long end) = (Math.Max(from, offset), Math.Min(to, offset + buffer.Length));
        buffer.Span[(int)(first - offset)..(int)(end - offset)].CopyTo(bytes.AsSpan((int)(first - from)));
        return bytes;
    }

    private void Check(IDiskFormat found, long offset)
    {
        if (found is RawFormat)
            return;
        throw new DiskImageException(
            $"raw image '{name}', byte 0x{offset:x}: a write would make it look like {found.Name}; refused because raw was detected, not given", "raw", offset);
    }
}
