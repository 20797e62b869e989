using System.Buffers;

namespace Emulation.Storage;

/// <summary>Finds the first difference between two disks.</summary>
internal sealed class CompareJob(IBlockDevice first, IBlockDevice second, bool strict, IProgress<DiskProgress>? progress)
{
    private const int Piece = 1 << 20;

    private readonly long _total = Math.Max(first.Length, second.Length);

    public async ValueTask<DiskDifference?> RunAsync(CancellationToken cancellationToken)
    {
        long common = Math.Min(first.Length, second.Length);
        if (strict && first.Length != second.Length)
            return new DiskDifference(DiskDifferenceKind.Length, common);
        byte[] one = ArrayPool<byte>.Shared.Rent(Piece);
        byte[] other = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            DiskDifference? found = await CompareAsync(common, one, other, cancellationToken).ConfigureAwait(false);
            IBlockDevice longer = first.Length > common ? first : second;
            return found ?? await FindNonZeroAsync(longer, common, one, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(one);
            ArrayPool<byte>.Shared.Return(other);
        }
    }

    private async ValueTask<DiskDifference?> CompareAsync(long end, byte[] one, byte[] other, CancellationToken cancellationToken)
    {
        for (long offset = 0; offset < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BlockRun a = await first.GetStatusAsync(offset, end - offset, cancellationToken).ConfigureAwait(false);
            BlockRun b = await second.GetStatusAsync(offset, end - offset, cancellationToken).ConfigureAwait(false);
            if (strict && a.Status != b.Status)
                return new DiskDifference(DiskDifferenceKind.Status, offset);
            long length = Math.Min(a.Length, b.Length);
            if ((a.Status & b.Status & BlockStatus.Zero) == 0)
            {
                // a strict comparison looks at each run, another only at the bytes
                length = Math.Min(strict ? length : end - offset, Piece);
                int count = (int)length;
                await first.ReadAsync(offset, one.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await second.ReadAsync(offset, other.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                int same = one.AsSpan(0, count).CommonPrefixLength(other.AsSpan(0, count));
                if (same < count)
                    return new DiskDifference(DiskDifferenceKind.Content, offset + same);
            }

            offset += length;
            progress?.Report(new DiskProgress(offset, _total));
        }

        return null;
    }

    private async ValueTask<DiskDifference?> FindNonZeroAsync(IBlockDevice disk, long offset, byte[] buffer, CancellationToken cancellationToken)
    {
        while (offset < disk.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BlockRun run = await disk.GetStatusAsync(offset, disk.Length - offset, cancellationToken).ConfigureAwait(false);
            long length = run.Length;
            if ((run.Status & BlockStatus.Zero) == 0)
            {
                length = Math.Min(disk.Length - offset, Piece);
                await disk.ReadAsync(offset, buffer.AsMemory(0, (int)length), cancellationToken).ConfigureAwait(false);
                int at = buffer.AsSpan(0, (int)length).IndexOfAnyExcept((byte)0);
                if (at >= 0)
                    return new DiskDifference(DiskDifferenceKind.Content, offset + at);
            }

            offset += length;
            progress?.Report(new DiskProgress(offset, _total));
        }

        return null;
    }
}
