namespace Emulation.Storage;

/// <summary>A fixed VHD image: the disk's bytes, then the footer.</summary>
internal sealed class VhdFixedDisk(IBlockDevice file, long length, bool readOnly) : PassThrough(file)
{
    public override long Length => length;

    public override bool ReadOnly => readOnly;

    public override bool CanResize => false;
}
