namespace Emulation.Storage;

/// <summary>Gives clusters of the disk that have no place in the file one each.</summary>
internal sealed class Qcow2Preallocator(Qcow2Metadata metadata, Qcow2Mapper mapper)
{
    private const int MaxRun = 1 << 26;

    private readonly Qcow2Geometry _geometry = metadata.Geometry;

    public async ValueTask RunAsync(long offset, long length, DiskPreallocation mode, CancellationToken cancellationToken)
    {
        long end = offset + length;
        if (metadata.DataFile is { } data && data.Length < end)
            await data.ResizeAsync(end, cancellationToken).ConfigureAwait(false);
        long last = _geometry.ClusterOf(end - 1);
        for (long cluster = _geometry.ClusterOf(offset); cluster <= last;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await metadata.PrepareAsync().ConfigureAwait(false);
            int most = (int)Math.Min(last - cluster + 1, Math.Max(1, MaxRun >> _geometry.ClusterBits));
            int count = await EmptyAsync(cluster, most).ConfigureAwait(false);
            if (count > 0)
                await AllocateAsync(cluster, count, mode, cancellationToken).ConfigureAwait(false);
            cluster += Math.Max(count, 1);
        }

        await metadata.FlushAsync().ConfigureAwait(false);
    }

    // how many clusters from one on have no place
    private async ValueTask<int> EmptyAsync(long cluster, int most)
    {
        int count = 0;
        while (count < most && await mapper.GetAsync(cluster + count).ConfigureAwait(false) is { IsEmpty: true, Host: 0 })
            count++;
        return count;
    }

    private async ValueTask AllocateAsync(long cluster, int count, DiskPreallocation mode, CancellationToken cancellationToken)
    {
        long length = (long)count << _geometry.ClusterBits;
        long host = cluster << _geometry.ClusterBits;
        if (metadata.DataFile is null)
        {
            host = await metadata.Refcounts.AllocateAsync(count).ConfigureAwait(false);
            await metadata.File.ZeroAsync(host, length).ConfigureAwait(false);
        }

        if (mode == DiskPreallocation.Full)
        {
            IBlockDevice target = metadata.DataFile ?? metadata.File.Device;
            await ZeroFill.WriteAsync(target, host, Math.Min(length, target.Length - host), cancellationToken).ConfigureAwait(false);
        }

        // subclusters may have a place and hold nothing yet; decrypted zeros are no zeros, so an encrypted cluster says that it is zero
        uint allocated = _geometry.ExtendedL2 || metadata.Encryption is not null ? 0 : _geometry.AllSubclusters;
        uint zeroes = metadata.Encryption is not null && !_geometry.ExtendedL2 ? _geometry.AllSubclusters : 0;
        for (int i = 0; i < count; i++)
        {
            if (metadata.Cache.IsCrowded)
                await metadata.PrepareAsync().ConfigureAwait(false);
            await mapper.SetAsync(cluster + i, new Qcow2Entry(host + ((long)i << _geometry.ClusterBits), Copied: true, allocated, zeroes, 0)).ConfigureAwait(false);
        }
    }
}
