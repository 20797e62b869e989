namespace Emulation.Storage;

/// <summary>Writes guest bytes to the active disk.</summary>
internal sealed partial class Qcow2Writer(Qcow2Metadata metadata, Qcow2Mapper mapper, Qcow2Reader reader, ClusterCompressor compressor)
{
    private const int MaxAllocation = 1 << 20;

    private readonly Qcow2Geometry _geometry = metadata.Geometry;
    private byte[] _scratch = [];

    private IBlockDevice Data => metadata.DataFile ?? metadata.File.Device;

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (metadata.Encryption is not null && ((offset | (long)buffer.Length) & (SectorCipher.Sector - 1)) != 0)
            return WritePartSectorsAsync(offset, buffer, cancellationToken);
        // one run of data that may be written in place is the common case
        ValueTask prepare = metadata.PrepareAsync();
        if (!prepare.IsCompletedSuccessfully)
            return WriteSlowAsync(prepare, offset, buffer, cancellationToken);
        ValueTask<Qcow2Run> mapping = mapper.MapAsync(metadata.L1, offset, buffer.Length);
        if (mapping.IsCompletedSuccessfully)
        {
            Qcow2Run run = mapping.Result;
            if (InPlace(run) && run.Length == buffer.Length)
                return WriteInPlaceAsync(offset, run.Host, buffer, cancellationToken);
            return WriteSlowAsync(default, offset, buffer, cancellationToken);
        }

        return WriteMappedAsync(mapping, offset, buffer, cancellationToken);
    }

    private async ValueTask WriteMappedAsync(ValueTask<Qcow2Run> mapping, long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await mapping.ConfigureAwait(false);
        await WriteSlowAsync(default, offset, buffer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WriteSlowAsync(ValueTask prepare, long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await prepare.ConfigureAwait(false);
        while (!buffer.IsEmpty)
        {
            await metadata.PrepareAsync().ConfigureAwait(false);
            Qcow2Run run = await mapper.MapAsync(metadata.L1, offset, buffer.Length).ConfigureAwait(false);
            int within = _geometry.Within(offset);
            int count;
            if (InPlace(run))
            {
                count = (int)run.Length;
                await WriteInPlaceAsync(offset, run.Host, buffer[..count], cancellationToken).ConfigureAwait(false);
            }
            else if (run.Kind == Qcow2RunKind.Unallocated && within == 0 && run.Length >= 2 * _geometry.ClusterSize && CanRunOn)
            {
                count = (int)Math.Min(run.Length, Math.Max(MaxAllocation, 2 * _geometry.ClusterSize)) & -_geometry.ClusterSize;
                await WriteNewClustersAsync(offset, buffer[..count], cancellationToken).ConfigureAwait(false);
            }
            else
            {
                count = Math.Min(buffer.Length, _geometry.ClusterSize - within);
                await WriteClusterAsync(offset, buffer[..count], cancellationToken).ConfigureAwait(false);
            }

            offset += count;
            buffer = buffer[count..];
        }
    }

    // an unallocated standard entry is empty, so that nothing has to be kept or given back
    private bool CanRunOn => !_geometry.ExtendedL2 && metadata.DataFile is null;

    private bool InPlace(Qcow2Run run) => run.Kind == Qcow2RunKind.Data && (run.Copied || metadata.DataFile is not null);

    private ValueTask WriteInPlaceAsync(long offset, long host, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (metadata.DataFile is not null)
            return WriteDataAsync(host, offset, buffer, cancellationToken);
        for (long cluster = _geometry.ClusterOf(host); cluster <= _geometry.ClusterOf(host + buffer.Length - 1); cluster++)
        {
            if (metadata.Tables.Contains(cluster))
                throw metadata.Damaged(cluster << _geometry.ClusterBits, $"guest byte 0x{offset:x} is said to be where a table is");
        }

        return metadata.Encryption is null
            ? metadata.File.WriteAsync(host, buffer, cancellationToken)
            : WriteEncryptedAsync(host, offset, buffer, cancellationToken);
    }

    // clusters that did not exist, written whole
    private async ValueTask WriteNewClustersAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = buffer.Length >> _geometry.ClusterBits;
        long host = await metadata.Refcounts.AllocateAsync(count).ConfigureAwait(false);
        int linked = 0;
        try
        {
            await WriteDataAsync(host, offset, buffer, cancellationToken).ConfigureAwait(false);
            for (; linked < count; linked++)
            {
                var entry = new Qcow2Entry(host + ((long)linked << _geometry.ClusterBits), Copied: true, _geometry.AllSubclusters, 0, 0);
                await mapper.SetAsync(_geometry.ClusterOf(offset) + linked, entry).ConfigureAwait(false);
            }
        }
        catch
        {
            await metadata.Refcounts.UndoAsync(host + ((long)linked << _geometry.ClusterBits), count - linked).ConfigureAwait(false);
            throw;
        }
    }

    // part of one cluster that cannot be written in place as it is: it gets a host cluster of its own, or subclusters of its own
    private async ValueTask WriteClusterAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        long cluster = _geometry.ClusterOf(offset);
        (int from, int to) = (_geometry.Within(offset), _geometry.Within(offset) + buffer.Length);
        Qcow2Entry old = await mapper.GetAsync(cluster).ConfigureAwait(false);
        bool keep = metadata.DataFile is not null || (old.Host != 0 && old.Copied && !old.IsCompressed);
        uint touched = Qcow2Geometry.Mask(from >> _geometry.SubclusterBits, (to - 1) >> _geometry.SubclusterBits);
        uint written = touched | (keep ? 0 : old.IsCompressed ? _geometry.AllSubclusters : old.Allocated);
        long host = metadata.DataFile is not null ? cluster << _geometry.ClusterBits : old.Host;
        if (!keep)
            host = await metadata.Refcounts.AllocateAsync().ConfigureAwait(false);
        else if (metadata.DataFile is null && metadata.Tables.Contains(_geometry.ClusterOf(host)))
            throw metadata.Damaged(host, $"guest byte 0x{offset:x} is said to be where a table is");
        try
        {
            bool blank = !keep && metadata.File.IsZeroFrom(host);
            for (int first = 0; first < _geometry.Subclusters; first++)
            {
                int last = first;
                while (last < _geometry.Subclusters && (written >> last & 1) != 0)
                    last++;
                if (last == first)
                    continue;
                var stretch = new Stretch(first, last - 1, keep ? old.Allocated : 0, blank && ReadsZero(old, first, last - 1, cluster));
                await WriteStretchAsync(stretch, cluster, host, from, buffer, cancellationToken).ConfigureAwait(false);
                first = last;
            }

            uint zeroes = old.IsCompressed ? 0 : old.Zeroes & ~written;
            await mapper.SetAsync(cluster, new Qcow2Entry(host, Copied: true, (keep ? old.Allocated : 0) | written, zeroes, 0)).ConfigureAwait(false);
        }
        catch
        {
            if (!keep)
                await metadata.Refcounts.UndoAsync(host).ConfigureAwait(false);
            throw;
        }

        if (!keep)
            Release(old);
    }

    // subclusters that follow one another: the new bytes, and around them what was there before
    private async ValueTask WriteStretchAsync(Stretch stretch, long cluster, long host, int from, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        int to = from + buffer.Length;
        int begin = stretch.First << _geometry.SubclusterBits;
        int end = (stretch.Last + 1) << _geometry.SubclusterBits;
        if (stretch.Blank || (stretch.Present >> stretch.First & 1) != 0)
            begin = Math.Clamp(from, begin, end);
        if (stretch.Blank || (stretch.Present >> stretch.Last & 1) != 0)
            end = Math.Clamp(to, begin, end);
        if (begin >= end)
            return;
        if (begin >= from && end <= to)
        {
            await WriteDataAsync(host + begin, (cluster << _geometry.ClusterBits) + begin, buffer[(begin - from)..(end - from)], cancellationToken).ConfigureAwait(false);
            return;
        }

        if (_scratch.Length == 0)
            _scratch = new byte[_geometry.ClusterSize];
        long start = cluster << _geometry.ClusterBits;
        int head = Math.Clamp(from, begin, end);
        int tail = Math.Clamp(to, begin, end);
        if (head > begin)
            await reader.ReadAsync(metadata.L1, start + begin, _scratch.AsMemory(begin..head), cancellationToken).ConfigureAwait(false);
        if (end > tail)
            await reader.ReadAsync(metadata.L1, start + tail, _scratch.AsMemory(tail..end), cancellationToken).ConfigureAwait(false);
        if (tail > head)
            buffer.Span[(head - from)..(tail - from)].CopyTo(_scratch.AsSpan(head));
        await WriteDataAsync(host + begin, start + begin, _scratch.AsMemory(begin..end), cancellationToken).ConfigureAwait(false);
    }

    private bool ReadsZero(Qcow2Entry entry, int first, int last, long cluster)
    {
        uint mask = Qcow2Geometry.Mask(first, last);
        // encrypted zeros are not zeros
        return metadata.Encryption is null && !entry.IsCompressed && (entry.Allocated & mask) == 0
            && ((entry.Zeroes & mask) == mask || cluster << _geometry.ClusterBits >= reader.BackingEnd);
    }

    private ValueTask WriteDataAsync(long host, long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => metadata.Encryption is null ? StoreAsync(host, buffer, cancellationToken) : WriteEncryptedAsync(host, offset, buffer, cancellationToken);

    private async ValueTask StoreAsync(long host, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (metadata.DataFile is not { } data)
        {
            await metadata.File.WriteAsync(host, buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (host + buffer.Length > data.Length)
            await data.ResizeAsync(host + buffer.Length, cancellationToken).ConfigureAwait(false);
        await data.WriteAsync(host, buffer, cancellationToken).ConfigureAwait(false);
    }

    private void Release(Qcow2Entry old)
    {
        if (metadata.DataFile is not null)
            return;
        if (old.IsCompressed)
        {
            reader.ForgetCompressed();
            _tail = 0;
            metadata.Refcounts.Release(old.Host, old.CompressedLength);
        }
        else if (old.Host != 0)
        {
            metadata.Refcounts.Release(old.Host, _geometry.ClusterSize);
        }
    }

    /// <param name="First">First subcluster.</param>
    /// <param name="Last">Last subcluster.</param>
    /// <param name="Present">Subclusters whose bytes are in their place already.</param>
    /// <param name="Blank">Whether the rest is zero, and the place too.</param>
    private readonly record struct Stretch(int First, int Last, uint Present, bool Blank);
}
