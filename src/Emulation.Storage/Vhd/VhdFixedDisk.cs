namespace Emulation.Storage;

/// <summary>A fixed VHD image: the disk's bytes, then the footer.</summary>
internal sealed class VhdFixedDisk(IBlockDevice file, VhdFooter footer, bool readOnly) : PassThrough(file)
{
    public VhdFooter Footer => footer;

    public override long Length => footer.DiskSize;

    public override bool ReadOnly => readOnly;

    public override bool CanResize => false;
}
