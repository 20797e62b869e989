namespace Emulation.Storage;

/// <summary>Changes the size of a disk, and takes space for what is added.</summary>
internal static class ResizeJob
{
    public static async Task RunAsync(BlockDevice image, long length, DiskPreallocation space, CancellationToken cancellationToken)
    {
        long old = image.Length;
        string format = DiskImage.Describe(image).Format;
        if (!image.CanResize)
            throw new DiskImageException($"the size of this {format} image cannot be changed");
        bool isRaw = format == DiskFormats.Raw.Name;
        if (space != DiskPreallocation.Off && length <= old)
            throw new DiskImageException("only an image that grows gets space");
        if (space != DiskPreallocation.Off && image is not Qcow2Image && !isRaw)
            throw new DiskImageException($"space for what is added to a {format} image is not taken at once; to qcow2 and raw images it can be");
        if (space == DiskPreallocation.Metadata && isRaw)
            throw new DiskImageException("a raw image has no tables; falloc and full take the space");
        await image.ResizeAsync(length, cancellationToken).ConfigureAwait(false);
        if (space != DiskPreallocation.Off && image is Qcow2Image qcow2)
            await qcow2.PreallocateAsync(old, length - old, space, cancellationToken).ConfigureAwait(false);
        else if (space == DiskPreallocation.Full || (space == DiskPreallocation.Falloc && !Reserve(image, old, length - old)))
            await ZeroFill.WriteAsync(image, old, length - old, cancellationToken).ConfigureAwait(false);
    }

    // without the system's help zeros take the space
    private static bool Reserve(IBlockDevice image, long offset, long length) => image switch
    {
        PlainFile file => file.TryReserve(offset, length),
        DetectedRaw raw => Reserve(raw.File, offset, length),
        _ => false,
    };
}
