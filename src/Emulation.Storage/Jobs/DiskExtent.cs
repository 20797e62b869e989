namespace Emulation.Storage;

/// <summary>A run of bytes of a disk and where in its chain of images it lies.</summary>
/// <param name="Start">First byte of the disk.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Depth">The image: 0 is the one that was asked, 1 its backing file, and so on.</param>
/// <param name="Present">Whether that image holds the run itself; otherwise none does, and it reads as zeros.</param>
/// <param name="Zero">Whether the bytes are known to be zero.</param>
/// <param name="Data">Whether there are bytes in a file.</param>
/// <param name="Compressed">Whether these are compressed.</param>
/// <param name="Offset">Where they are in the file; null when they are not there as they are.</param>
public readonly record struct DiskExtent(long Start, long Length, int Depth, bool Present, bool Zero, bool Data, bool Compressed, long? Offset)
{
    internal bool IsContinuedBy(DiskExtent next)
        => (Depth, Present, Zero, Data, Compressed) == (next.Depth, next.Present, next.Zero, next.Data, next.Compressed)
            && (Offset + Length) == next.Offset;
}
