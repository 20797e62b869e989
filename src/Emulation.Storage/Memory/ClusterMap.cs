using System.Diagnostics.CodeAnalysis;

namespace Emulation.Storage;

/// <summary>A sparse array of clusters in memory. A present cluster without bytes reads as zeros.</summary>
/// <remarks>After <see cref="Fork"/> both maps refer to the same byte arrays and copy one before writing to it.</remarks>
internal sealed class ClusterMap
{
    public const int ClusterShift = 16;
    public const int ClusterSize = 1 << ClusterShift;

    private readonly Dictionary<long, Cluster> _clusters;

    public ClusterMap() => _clusters = [];

    private ClusterMap(Dictionary<long, Cluster> clusters) => _clusters = clusters;

    public int Count => _clusters.Count;

    public IEnumerable<long> Indices => _clusters.Keys.Order();

    public ClusterMap Fork()
    {
        var copy = new Dictionary<long, Cluster>(_clusters.Count);
        foreach ((long index, Cluster cluster) in _clusters)
            copy.Add(index, cluster with { Shared = true });
        foreach (long index in copy.Keys)
            _clusters[index] = copy[index];
        return new ClusterMap(copy);
    }

    /// <summary>Finds a cluster; <paramref name="bytes"/> is null when it reads as zeros.</summary>
    public bool TryGet(long index, out byte[]? bytes)
    {
        bool found = _clusters.TryGetValue(index, out Cluster cluster);
        bytes = cluster.Bytes;
        return found;
    }

    /// <summary>Finds a present cluster for writing, with bytes of its own.</summary>
    public bool TryGetWritable(long index, [NotNullWhen(true)] out byte[]? bytes)
    {
        if (!_clusters.TryGetValue(index, out Cluster cluster))
        {
            bytes = null;
            return false;
        }

        if (cluster.Bytes is null || cluster.Shared)
        {
            cluster = new Cluster(cluster.Bytes is null ? new byte[ClusterSize] : (byte[])cluster.Bytes.Clone(), Shared: false);
            _clusters[index] = cluster;
        }

        bytes = cluster.Bytes!;
        return true;
    }

    public void Set(long index, byte[]? bytes) => _clusters[index] = new Cluster(bytes, Shared: false);

    public void Remove(long index) => _clusters.Remove(index);

    public void Clear() => _clusters.Clear();

    private readonly record struct Cluster(byte[]? Bytes, bool Shared);
}
