namespace Emulation.Storage;

/// <summary>Compresses and decompresses single clusters. An instance is used by one caller at a time.</summary>
internal abstract class Qcow2Compressor : IDisposable
{
    /// <summary>The compressor of a header's compression type.</summary>
    public static Qcow2Compressor Of(int type) => type == 0 ? new Qcow2Deflate() : new Qcow2Zstd();

    /// <summary>Compresses a cluster; 0 when that takes as much room as <paramref name="target"/> has, or more.</summary>
    public abstract int Compress(ReadOnlyMemory<byte> cluster, byte[] target);

    /// <summary>Fills <paramref name="cluster"/> from compressed data, after which anything may follow; false when that is not possible.</summary>
    public abstract bool TryDecompress(ReadOnlyMemory<byte> data, Memory<byte> cluster);

    public virtual void Dispose() { }
}
