namespace Emulation.Storage;

/// <summary>Zeros and discards.</summary>
internal sealed partial class Qcow2Writer
{
    private static readonly ReadOnlyMemory<byte> s_zeroes = new byte[1 << 16];

    /// <summary>Makes a range read as zeros, or gives it up.</summary>
    /// <param name="offset">First guest byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="how">What may and must happen.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask ZeroAsync(long offset, long length, Qcow2Zeroing how, CancellationToken cancellationToken)
    {
        long end = offset + length;
        long diskEnd = metadata.Header.Size;
        while (offset < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await metadata.PrepareAsync().ConfigureAwait(false);
            Qcow2Run run = await mapper.MapAsync(metadata.L1, offset, end - offset).ConfigureAwait(false);
            bool isZero = run.Kind == Qcow2RunKind.Zero || (run.Kind == Qcow2RunKind.Unallocated && offset >= reader.BackingEnd && how != Qcow2Zeroing.Hold);
            if (isZero && (how != Qcow2Zeroing.Discard || run.Kind == Qcow2RunKind.Unallocated) && !metadata.Header.DataFileIsRaw)
            {
                offset += run.Length;
                continue;
            }

            long boundary = (_geometry.ClusterOf(offset) + 1) << _geometry.ClusterBits;
            long pieceEnd = Math.Min(boundary, end);
            // nothing of the last cluster lies past the end of the disk, so reaching that end covers it whole
            if (_geometry.Within(offset) == 0 && (pieceEnd == boundary || pieceEnd == diskEnd))
                await ZeroClusterAsync(_geometry.ClusterOf(offset), how, cancellationToken).ConfigureAwait(false);
            else if (how != Qcow2Zeroing.Discard)
                await ZeroPartAsync(offset, (int)(pieceEnd - offset), cancellationToken).ConfigureAwait(false);
            offset = pieceEnd;
        }
    }

    private async ValueTask ZeroClusterAsync(long cluster, Qcow2Zeroing how, CancellationToken cancellationToken)
    {
        Qcow2Entry old = await mapper.GetAsync(cluster).ConfigureAwait(false);
        long start = cluster << _geometry.ClusterBits;
        if (metadata.DataFile is not null)
        {
            await ZeroDataFileAsync(start, how, cancellationToken).ConfigureAwait(false);
            await mapper.SetAsync(cluster, new Qcow2Entry(start, Copied: true, 0, _geometry.AllSubclusters, 0)).ConfigureAwait(false);
            return;
        }

        bool keep = how == Qcow2Zeroing.Keep && old.Host != 0 && old.Copied && !old.IsCompressed;
        Qcow2Entry entry;
        if (start >= reader.BackingEnd && how is Qcow2Zeroing.Unmap or Qcow2Zeroing.Discard)
            entry = default;
        else if (_geometry.Version > 2)
            entry = new Qcow2Entry(keep ? old.Host : 0, keep, 0, _geometry.AllSubclusters, 0);
        else if (how == Qcow2Zeroing.Discard)
            return; // version 2 cannot hide what is below without holding zeros
        else if (start >= reader.BackingEnd && how != Qcow2Zeroing.Hold && !old.IsEmpty && !old.Copied)
            entry = default;
        else
        {
            await ZeroPartAsync(start, (int)Math.Min(_geometry.ClusterSize, metadata.Header.Size - start), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (entry == old)
            return;
        await mapper.SetAsync(cluster, entry).ConfigureAwait(false);
        if (!keep)
            Release(old);
    }

    // part of a cluster: whole subclusters can be marked, the rest is written
    private async ValueTask ZeroPartAsync(long offset, int length, CancellationToken cancellationToken)
    {
        int size = 1 << _geometry.SubclusterBits;
        int head = (int)Math.Min(length, -offset & (size - 1));
        int tail = (int)((offset + length) & (size - 1));
        int middle = length - head - tail;
        if (!_geometry.ExtendedL2 || middle <= 0 || metadata.DataFile is not null)
        {
            await WriteZeroesAsync(offset, length, cancellationToken).ConfigureAwait(false);
            return;
        }

        await WriteZeroesAsync(offset, head, cancellationToken).ConfigureAwait(false);
        long cluster = _geometry.ClusterOf(offset);
        int first = _geometry.Within(offset + head) >> _geometry.SubclusterBits;
        uint mask = Qcow2Geometry.Mask(first, first + (middle >> _geometry.SubclusterBits) - 1);
        Qcow2Entry old = await mapper.GetAsync(cluster).ConfigureAwait(false);
        if (old.IsCompressed)
            await WriteZeroesAsync(offset + head, middle, cancellationToken).ConfigureAwait(false);
        else
            await mapper.SetAsync(cluster, old with { Allocated = old.Allocated & ~mask, Zeroes = old.Zeroes | mask }).ConfigureAwait(false);
        await WriteZeroesAsync(offset + length - tail, tail, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WriteZeroesAsync(long offset, int length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            int count = Math.Min(length, s_zeroes.Length);
            await WriteAsync(offset, s_zeroes[..count], cancellationToken).ConfigureAwait(false);
            offset += count;
            length -= count;
        }
    }

    private async ValueTask ZeroDataFileAsync(long start, Qcow2Zeroing how, CancellationToken cancellationToken)
    {
        long length = Math.Min(_geometry.ClusterSize, Data.Length - start);
        if (length <= 0)
            return;
        if (metadata.Header.DataFileIsRaw)
            await Data.WriteZeroesAsync(start, length, how != Qcow2Zeroing.Keep, cancellationToken).ConfigureAwait(false);
        else if (how != Qcow2Zeroing.Keep)
            await Data.DiscardAsync(start, length, cancellationToken).ConfigureAwait(false);
    }
}
