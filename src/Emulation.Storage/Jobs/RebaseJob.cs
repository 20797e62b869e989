namespace Emulation.Storage;

/// <summary>Makes an image hold itself what shows through differently from another image below.</summary>
internal sealed class RebaseJob(BlockDevice disk, IBlockDevice? next, IProgress<DiskProgress>? progress)
{
    private const int Piece = 1 << 20;

    private readonly IRebasable _image = (IRebasable)disk;
    private readonly byte[] _before = new byte[Piece];
    private readonly byte[] _after = new byte[Piece];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (long offset = 0; offset < disk.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BlockRun run = await DiskChain.StatusAsync([disk], offset, disk.Length - offset).ConfigureAwait(false);
            long length = run.Length;
            if (run.Status == BlockStatus.None)
            {
                (long before, bool wasZero) = await ZeroAsync(_image.Backing, offset, length).ConfigureAwait(false);
                (long after, bool isZero) = await ZeroAsync(next, offset, before).ConfigureAwait(false);
                length = after;
                if (!wasZero || !isZero)
                {
                    length = Math.Min(length, Piece - (offset % Piece));
                    await ReadAsync(_image.Backing, offset, _before.AsMemory(0, (int)length), wasZero, cancellationToken).ConfigureAwait(false);
                    await ReadAsync(next, offset, _after.AsMemory(0, (int)length), isZero, cancellationToken).ConfigureAwait(false);
                    await KeepAsync(offset, (int)length, cancellationToken).ConfigureAwait(false);
                }
            }

            offset += length;
            progress?.Report(new DiskProgress(offset, disk.Length));
        }
    }

    // cluster by cluster what differs
    private async Task KeepAsync(long offset, int length, CancellationToken cancellationToken)
    {
        for (int at = 0; at < length;)
        {
            int end = (int)Math.Min(length, (((offset + at) / _image.ClusterSize) + 1) * _image.ClusterSize - offset);
            ReadOnlyMemory<byte> before = _before.AsMemory(at..end);
            if (!before.Span.SequenceEqual(_after.AsSpan(at..end)))
            {
                if (before.Span.ContainsAnyExcept((byte)0))
                    await _image.WriteUnchangedAsync(offset + at, before, cancellationToken).ConfigureAwait(false);
                else
                    await _image.ZeroUnchangedAsync(offset + at, before.Length, cancellationToken).ConfigureAwait(false);
            }

            at = end;
        }
    }

    private static async ValueTask<(long Length, bool Zero)> ZeroAsync(IBlockDevice? below, long offset, long length)
    {
        if (below is null || offset >= below.Length)
            return (length, true);
        BlockRun run = await below.GetStatusAsync(offset, Math.Min(length, below.Length - offset)).ConfigureAwait(false);
        return (run.Length, (run.Status & BlockStatus.Zero) != 0);
    }

    private static async ValueTask ReadAsync(IBlockDevice? below, long offset, Memory<byte> buffer, bool zero, CancellationToken cancellationToken)
    {
        if (zero)
            buffer.Span.Clear();
        else
            await below!.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }
}
