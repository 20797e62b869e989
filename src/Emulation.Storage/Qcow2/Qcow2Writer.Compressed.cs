namespace Emulation.Storage;

/// <summary>Compressed clusters.</summary>
internal sealed partial class Qcow2Writer
{
    private byte[] _packed = [];

    // where the next compressed data can follow; 0 when it takes a cluster of its own, as after any compressed data was given up:
    // its host cluster may become another's
    private long _tail;

    /// <summary>Writes one guest cluster compressed, or as it is when that takes no less room.</summary>
    /// <param name="offset">Start of a cluster.</param>
    /// <param name="cluster">A whole cluster; fewer bytes at the end of the disk.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WriteCompressedAsync(long offset, ReadOnlyMemory<byte> cluster, CancellationToken cancellationToken)
    {
        if (_packed.Length == 0)
            _packed = new byte[_geometry.ClusterSize];
        ReadOnlyMemory<byte> whole = cluster;
        if (cluster.Length < _geometry.ClusterSize)
        {
            byte[] padded = new byte[_geometry.ClusterSize];
            cluster.CopyTo(padded);
            whole = padded;
        }

        int length = metadata.DataFile is null && metadata.Encryption is null ? compressor.Compress(whole, _packed) : 0;
        return length == 0
            ? WriteAsync(offset, cluster, cancellationToken)
            : WritePackedAsync(offset, _packed.AsMemory(0, length), cancellationToken);
    }

    /// <summary>Writes one guest cluster that has been compressed elsewhere, perhaps on another core.</summary>
    /// <param name="offset">Start of a cluster.</param>
    /// <param name="packed">Its compressed form, shorter than the cluster.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask WritePackedAsync(long offset, ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        await metadata.PrepareAsync().ConfigureAwait(false);
        long index = _geometry.ClusterOf(offset);
        Qcow2Entry old = await mapper.GetAsync(index).ConfigureAwait(false);
        long host = await AllocateBytesAsync(packed.Length).ConfigureAwait(false);
        try
        {
            await metadata.File.WriteAsync(host, packed, cancellationToken).ConfigureAwait(false);
            int sectors = (int)(((host + packed.Length - 1) >> 9) - (host >> 9)) + 1;
            reader.ForgetCompressed();
            await mapper.SetAsync(index, new Qcow2Entry(host, Copied: false, 0, 0, sectors)).ConfigureAwait(false);
        }
        catch
        {
            _tail = 0;
            for (long used = _geometry.ClusterOf(host); used <= _geometry.ClusterOf(host + packed.Length - 1); used++)
                await metadata.Refcounts.AddAsync(used, -1).ConfigureAwait(false);
            throw;
        }

        Release(old);
    }

    /// <summary>Forgets where compressed data ended: clusters may have changed hands.</summary>
    public void ForgetTail() => _tail = 0;

    // compressed data follow one another without gaps; a host cluster counts one reference for each that touches it
    private async ValueTask<long> AllocateBytesAsync(int length)
    {
        int room = _tail == 0 ? 0 : (int)(-_tail & (_geometry.ClusterSize - 1));
        ulong references = room == 0 ? 0 : await metadata.Refcounts.GetAsync(_geometry.ClusterOf(_tail)).ConfigureAwait(false);
        bool usable = references > 0 && references < _geometry.MaxRefcount && room > 0;
        long host = _tail;
        if (!usable || length > room)
        {
            long fresh = await metadata.Refcounts.AllocateAsync().ConfigureAwait(false);
            if (!usable || fresh != _tail + room)
            {
                usable = false;
                host = fresh;
            }
        }

        if (usable)
            await metadata.Refcounts.AddAsync(_geometry.ClusterOf(host), 1).ConfigureAwait(false);
        long end = host + length;
        if (end > Qcow2Limits.HostEnd || host >> _geometry.CompressedOffsetBits != 0)
            throw metadata.Name.Error("compressed data would lie beyond what a table entry can express");
        _tail = _geometry.Within(end) == 0 ? 0 : end;
        return host;
    }
}
