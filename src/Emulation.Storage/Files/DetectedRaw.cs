namespace Emulation.Storage;

/// <summary>A raw image that was found to be raw by its content, not called so.</summary>
/// <remarks>
/// A guest could write the header of another format to its disk, with some file of the host as backing file, and be given that file the
/// next time its image is opened. So such a write is refused; with the format given there is nothing to fear and nothing to refuse.
/// </remarks>
internal sealed class DetectedRaw(IBlockDevice file, string name) : PassThrough(file)
{
    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => offset < DiskFormats.HeadLength ? WriteHeadAsync(offset, buffer, cancellationToken) : Inner.WriteAsync(offset, buffer, cancellationToken);

    private async ValueTask WriteHeadAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[] head = new byte[Math.Min(DiskFormats.HeadLength, Length)];
        await Inner.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
        buffer.Span[..(int)Math.Min(buffer.Length, head.Length - offset)].CopyTo(head.AsSpan((int)offset));
        if (DiskFormats.Detect(head) is not RawFormat and IDiskFormat format)
        {
            throw new DiskImageException(
                $"raw image '{name}', byte 0x{offset:x}: a write would make it look like {format.Name}; refused because raw was detected, not given", "raw", offset);
        }

        await Inner.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }
}
