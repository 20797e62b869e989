namespace Emulation.Storage;

/// <summary>Makes an image hold itself what shows through differently from another image below.</summary>
internal sealed class RebaseJob(Qcow2Image image, IBlockDevice? next, IProgress<DiskProgress>? progress)
{
    private const int Piece = 1 << 20;

    private readonly byte[] _before = new byte[Piece];
    private readonly byte[] _after = new byte[Piece];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (long offset = 0; offset < image.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BlockRun run = await DiskChain.StatusAsync([image], offset, image.Length - offset).ConfigureAwait(false);
            long length = run.Length;
            if (run.Status == BlockStatus.None)
            {
                (long before, bool wasZero) = await ZeroAsync(image.Backing, offset, length).ConfigureAwait(false);
                (long after, bool isZero) = await ZeroAsync(next, offset, before).ConfigureAwait(false);
                length = after;
                if (!wasZero || !isZero)
                {
                    length = Math.Min(length, Piece - (offset % Piece));
                    await ReadAsync(image.Backing, offset, _before.AsMemory(0, (int)length), wasZero, cancellationToken).ConfigureAwait(false);
                    await ReadAsync(next, offset, _after.AsMemory(0, (int)length), isZero, cancellationToken).ConfigureAwait(false);
                    await KeepAsync(offset, (int)length, cancellationToken).ConfigureAwait(false);
                }
            }

            offset += length;
            progress?.Report(new DiskProgress(offset, image.Length));
        }
    }

    // cluster by cluster what differs
    private async Task KeepAsync(long offset, int length, CancellationToken cancellationToken)
    {
        for (int at = 0; at < length;)
        {
            int end = (int)Math.Min(length, (((offset + at) / image.ClusterSize) + 1) * image.ClusterSize - offset);
            ReadOnlyMemory<byte> before = _before.AsMemory(at..end);
            if (!before.Span.SequenceEqual(_after.AsSpan(at..end)))
            {
                if (before.Span.ContainsAnyExcept((byte)0))
                    await image.WriteUnchangedAsync(offset + at, before, cancellationToken).ConfigureAwait(false);
                else
                    await image.ZeroUnchangedAsync(offset + at, before.Length, cancellationToken).ConfigureAwait(false);
            }

            at = end;
        }
    }

    private static async ValueTask<(long Length, bool Zero)> ZeroAsync(IBlockDevice? disk, long offset, long length)
    {
        if (disk is null || offset >= disk.Length)
            return (length, true);
        BlockRun run = await disk.GetStatusAsync(offset, Math.Min(length, disk.Length - offset)).ConfigureAwait(false);
        return (run.Length, (run.Status & BlockStatus.Zero) != 0);
    }

    private static async ValueTask ReadAsync(IBlockDevice? disk, long offset, Memory<byte> buffer, bool zero, CancellationToken cancellationToken)
    {
        if (zero)
            buffer.Span.Clear();
        else
            await disk!.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }
}
