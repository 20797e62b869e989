namespace Emulation.Storage;

/// <summary>The bitmaps of an image.</summary>
/// <param name="Bitmaps">In the order of their directory.</param>
/// <param name="Offset">Where the directory is in the file.</param>
/// <param name="Length">Bytes of the directory.</param>
internal sealed record Qcow2BitmapList(List<Qcow2Bitmap> Bitmaps, long Offset, long Length);
