namespace Emulation.Storage;

/// <summary>How the entries of the BAT are arranged: after those of a chunk's payload blocks comes the one of its sector bitmap. [MS-VHDX] 2.5.</summary>
/// <param name="TableOffset">First byte of the BAT.</param>
/// <param name="TableLength">Bytes of its region.</param>
/// <param name="BlockSize">Bytes of a payload block.</param>
/// <param name="SectorSize">Bytes of a logical sector.</param>
internal sealed record VhdxLayout(long TableOffset, long TableLength, int BlockSize, int SectorSize)
{
    /// <summary>Everything but headers and region tables begins at a multiple of this.</summary>
    public const int Unit = 1 << 20;

    /// <summary>Pieces that the log writes.</summary>
    public const int Page = 4096;

    public const int EntryLength = 8;

    /// <summary>The largest disk.</summary>
    public const long MaxDiskSize = 64L << 40;

    /// <summary>No image needs a file that long; what lies behind is an error.</summary>
    public const long MaxFileSize = 128L << 40;

    /// <summary>Bits of a sector bitmap block.</summary>
    private const long ChunkSectors = 1L << 23;

    /// <summary>Bytes of the disk that one sector bitmap block is for.</summary>
    public long ChunkSize => ChunkSectors * SectorSize;

    /// <summary>Payload blocks of a chunk.</summary>
    public int ChunkRatio => (int)(ChunkSize / BlockSize);

    /// <summary>Payload blocks of a disk.</summary>
    public long Blocks(long length) => ImageFields.Blocks(length, BlockSize);

    /// <summary>Chunks of a disk.</summary>
    public long Chunks(long length) => ImageFields.Blocks(length, ChunkSize);

    /// <summary>Entries that a disk needs.</summary>
    public long Entries(long length, bool bitmaps)
    {
        long chunks = Chunks(length);
        return bitmaps ? chunks * (ChunkRatio + 1) : Blocks(length) + chunks - 1;
    }

    /// <summary>Where the entry of a payload block is.</summary>
    public long PayloadEntry(long block) => TableOffset + ((block + (block / ChunkRatio)) * EntryLength);

    /// <summary>Where the entry of a chunk's sector bitmap is.</summary>
    public long BitmapEntry(long chunk) => TableOffset + (((chunk * (ChunkRatio + 1)) + ChunkRatio) * EntryLength);
}
