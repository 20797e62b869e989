namespace Emulation.Storage;

/// <summary>A fixed VHD image: the disk's bytes, then the footer.</summary>
internal sealed class VhdFixedDisk(IBlockDevice file, VhdFooter footer, bool readOnly) : PassThrough(file), IDescribed
{
    public DiskImageInfo Info { get; } = new() { Format = "vhd" };

    public VhdFooter Footer { get; private set; } = footer;

    public override long Length => Footer.DiskSize;

    public override bool ReadOnly => readOnly;

    public override bool CanResize => !readOnly && Inner.CanResize;

    protected override async ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        if (length % ImageFields.Sector != 0 || length > VhdFooter.MaxDiskSize)
            throw new DiskImageException($"a vhd image has whole sectors of {ImageFields.Sector} bytes, at most {VhdFooter.MaxDiskSize} bytes, not {length} bytes");
        (long old, long oldEnd) = (Length, Inner.Length);
        VhdFooter footer = Footer.WithSize(length);
        // the last sector of the file decides: it tells of the old size until all is there for the new one. While it is not there
        // either, the old footer is found by what follows it: nothing but zeros
        long at = Math.Max(length, oldEnd - VhdFooter.Length);
        if (at + VhdFooter.Length > oldEnd)
        {
            await Inner.ResizeAsync(at + VhdFooter.Length, cancellationToken).ConfigureAwait(false);
            await WriteAsync(at, Footer, cancellationToken).ConfigureAwait(false);
        }

        if (length > old)
        {
            await Inner.WriteZeroesAsync(old, Math.Min(at, oldEnd) - old, mayUnmap: true, cancellationToken).ConfigureAwait(false);
            await Inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(at, footer, cancellationToken).ConfigureAwait(false);
        if (at > length)
        {
            await WriteAsync(length, footer, cancellationToken).ConfigureAwait(false);
            await Inner.ResizeAsync(length + VhdFooter.Length, cancellationToken).ConfigureAwait(false);
            await Inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        Footer = footer;
    }

    private async ValueTask WriteAsync(long at, VhdFooter footer, CancellationToken cancellationToken)
    {
        await Inner.WriteAsync(at, footer.Bytes, cancellationToken).ConfigureAwait(false);
        await Inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
