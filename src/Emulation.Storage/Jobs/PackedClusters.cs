namespace Emulation.Storage;

/// <summary>The clusters of a piece of a disk, compressed; one worker's.</summary>
internal sealed class PackedClusters : IDisposable
{
    private readonly int _clusterSize;
    private readonly ClusterCompressor _compressor;
    private readonly byte[][] _packed;
    private readonly int[] _lengths;

    public PackedClusters(IPackedTarget target, int piece)
    {
        _clusterSize = target.ClusterSize;
        _compressor = target.CreateCompressor();
        _lengths = new int[piece / _clusterSize];
        _packed = new byte[_lengths.Length][];
        for (int i = 0; i < _packed.Length; i++)
            _packed[i] = new byte[target.PackedLimit];
    }

    /// <summary>One cluster in compressed form; empty when it is zero or takes no less room so.</summary>
    public ReadOnlyMemory<byte> this[int index] => _packed[index].AsMemory(0, _lengths[index]);

    public void Compress(byte[] piece, int length)
    {
        int clusters = (length + _clusterSize - 1) / _clusterSize;
        piece.AsSpan(length, (clusters * _clusterSize) - length).Clear();
        for (int i = 0; i < clusters; i++)
        {
            Memory<byte> cluster = piece.AsMemory(i * _clusterSize, _clusterSize);
            _lengths[i] = cluster.Span.ContainsAnyExcept((byte)0) ? _compressor.Compress(cluster, _packed[i]) : 0;
        }
    }

    public void Dispose() => _compressor.Dispose();
}
