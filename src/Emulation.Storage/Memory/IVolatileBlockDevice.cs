namespace Emulation.Storage;

/// <summary>A block device with content that lives only in this process, so that a machine's snapshot has to carry it.</summary>
public interface IVolatileBlockDevice : IBlockDevice
{
    /// <summary>Bytes in a cluster, the unit of <see cref="Changes"/>.</summary>
    int ClusterSize { get; }

    /// <summary>How many clusters <see cref="Changes"/> gives.</summary>
    int ChangedClusters { get; }

    /// <summary>The clusters that were written, by ascending index. The memory is valid until the next change; an empty one stands for a cluster of zeros.</summary>
    IEnumerable<KeyValuePair<long, ReadOnlyMemory<byte>>> Changes { get; }

    /// <summary>Forgets all changes: the content is that of a new device.</summary>
    void RevertChanges();

    /// <summary>Replaces one cluster, as <see cref="Changes"/> gave it.</summary>
    /// <param name="index">Number of the cluster.</param>
    /// <param name="content">A whole cluster, or empty for zeros.</param>
    void RestoreCluster(long index, ReadOnlySpan<byte> content);

    /// <summary>A second device with the same content that shares memory until one of the two writes. It does not own what lies below.</summary>
    IVolatileBlockDevice Fork();
}
