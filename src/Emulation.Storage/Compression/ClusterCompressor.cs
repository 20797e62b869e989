namespace Emulation.Storage;

/// <summary>Compresses and decompresses single clusters. An instance is used by one caller at a time.</summary>
internal abstract class ClusterCompressor : IDisposable
{
    /// <summary>Compresses a cluster; 0 when that takes as much room as <paramref name="target"/> has, or more.</summary>
    public abstract int Compress(ReadOnlyMemory<byte> cluster, byte[] target);

    /// <summary>Fills <paramref name="cluster"/> from compressed data, after which anything may follow; false when that is not possible.</summary>
    public abstract bool TryDecompress(ReadOnlyMemory<byte> data, Memory<byte> cluster);

    public virtual void Dispose() { }
}
