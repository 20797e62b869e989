namespace Emulation.Storage;

/// <summary>What room an image takes: something for its structures, and something for each block that holds data.</summary>
/// <param name="BlockSize">Bytes of the disk that a block holds.</param>
/// <param name="Overhead">Bytes of the file without any data.</param>
/// <param name="BytesPerBlock">Bytes of the file for a block.</param>
/// <param name="Whole">Whether the space of all blocks is taken from the start.</param>
internal readonly record struct DiskLayout(long BlockSize, long Overhead, long BytesPerBlock, bool Whole = false)
{
    /// <summary>Bytes of the file when every block holds data.</summary>
    public long FullyAllocated(long length) => Overhead + (ImageFields.Blocks(length, BlockSize) * BytesPerBlock);
}
