using System.Text;

namespace Emulation.Storage;

/// <summary>What room a disk would take as an image.</summary>
internal static class MeasureJob
{
    private const int Sector = 512;
    private const int DirectoryEntry = 24;

    public static DiskMeasurement Empty(long length, DiskCreateOptions options)
    {
        length = (length + Sector - 1) & -Sector;
        DiskLayout layout = DiskFormats.Find(options.Format).Layout(length, options);
        long full = layout.FullyAllocated(length);
        return new DiskMeasurement(layout.Whole ? full : layout.Overhead, full);
    }

    public static async Task<DiskMeasurement> RunAsync(IBlockDevice source, DiskCreateOptions options, CancellationToken cancellationToken)
    {
        long length = (source.Length + Sector - 1) & -Sector;
        DiskLayout layout = DiskFormats.Find(options.Format).Layout(length, options);
        long full = layout.FullyAllocated(length);
        long? bitmaps = source is Qcow2Image { Version: > 2 } image && options is Qcow2CreateOptions { Version: > 2 } target ? BytesOf(image, target.ClusterSize) : null;
        // how much of a chain would be shared is not known
        bool whole = layout.Whole || DiskJobs.HasBacking(options);
        long blocks = whole ? 0 : await CountAsync(source, layout.BlockSize, cancellationToken).ConfigureAwait(false);
        return new DiskMeasurement(whole ? full : layout.Overhead + (blocks * layout.BytesPerBlock), full, bitmaps);
    }

    private static async Task<long> CountAsync(IBlockDevice source, long blockSize, CancellationToken cancellationToken)
    {
        long blocks = 0;
        for (long offset = 0; offset < source.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BlockRun run = await source.GetStatusAsync(offset, source.Length - offset, cancellationToken).ConfigureAwait(false);
            if ((run.Status & BlockStatus.Zero) != 0)
            {
                offset += run.Length;
                continue;
            }

            long last = (offset + run.Length - 1) / blockSize;
            blocks += last - (offset / blockSize) + 1;
            offset = Math.Min((last + 1) * blockSize, source.Length);
        }

        return blocks;
    }

    private static long BytesOf(Qcow2Image image, int clusterSize)
    {
        long RoundUp(long bytes) => (bytes + clusterSize - 1) / clusterSize * clusterSize;
        (long bytes, long directory) = (0, 0);
        foreach (Qcow2Bitmap bitmap in image.Bitmaps)
        {
            long bits = RoundUp(Qcow2BitmapDirectory.BytesOf(image.Length, bitmap.GranularityBits));
            bytes += bits + RoundUp(bits / clusterSize * 8);
            directory += (DirectoryEntry + Encoding.UTF8.GetByteCount(bitmap.Name) + 7) & ~7;
        }

        return bytes + RoundUp(directory);
    }
}
