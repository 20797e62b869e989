namespace Emulation.Storage;

/// <summary>A fixed VHD image: the disk's bytes, then the footer.</summary>
internal sealed class VhdFixedDisk(IBlockDevice file, VhdFooter footer, bool readOnly) : PassThrough(file)
{
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
        // until the new footer is there, the old one is found by what follows it: nothing but zeros
        if (length + VhdFooter.Length > oldEnd)
            await Inner.ResizeAsync(length + VhdFooter.Length, cancellationToken).ConfigureAwait(false);
        await Inner.WriteAsync(length, footer.Bytes, cancellationToken).ConfigureAwait(false);
        await Inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (Inner.Length > length + VhdFooter.Length)
            await Inner.ResizeAsync(length + VhdFooter.Length, cancellationToken).ConfigureAwait(false);
        else if (length > old)
            await Inner.WriteZeroesAsync(old, Math.Min(length, oldEnd) - old, mayUnmap: true, cancellationToken).ConfigureAwait(false);
        await Inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        Footer = footer;
    }
}
