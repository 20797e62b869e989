namespace Emulation.Storage;

/// <summary>Gives up everything that the image holds.</summary>
internal sealed partial class Qcow2Writer
{
    /// <summary>Makes the image empty: table by table, each of which is gone from the L1 table before its clusters are free.</summary>
    public async ValueTask EmptyAsync(CancellationToken cancellationToken)
    {
        for (int index = 0; index < metadata.L1.Length; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await metadata.PrepareAsync().ConfigureAwait(false);
            long table = metadata.L2Offset(metadata.L1[index], index);
            if (table == 0)
                continue;
            // what a snapshot shares has a reference more
            long first = (long)index << _geometry.L2Bits;
            for (long cluster = first; cluster < first + (1L << _geometry.L2Bits); cluster++)
                Release(await mapper.GetAsync(cluster).ConfigureAwait(false));
            metadata.SetL1(index, 0);
            metadata.Refcounts.Release(table, _geometry.ClusterSize);
        }
    }
}
