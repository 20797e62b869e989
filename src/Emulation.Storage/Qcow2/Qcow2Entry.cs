namespace Emulation.Storage;

/// <summary>An L2 entry, taken apart; a cluster without extended entries is one subcluster. QEMU docs/interop/qcow2, "L2 table entry".</summary>
/// <param name="Host">Offset of the host cluster, or of compressed data; 0 without one (an external data file has data at 0 too).</param>
/// <param name="Copied">Whether the host cluster has exactly one reference, so that it may be written in place.</param>
/// <param name="Allocated">Subclusters that the host cluster holds, one bit each.</param>
/// <param name="Zeroes">Subclusters that read as zeros, one bit each.</param>
/// <param name="Sectors">Compressed data: the number of 512-byte sectors it touches; otherwise 0.</param>
internal readonly record struct Qcow2Entry(long Host, bool Copied, uint Allocated, uint Zeroes, int Sectors)
{
    public bool IsCompressed => Sectors > 0;

    /// <summary>Bytes from the start of compressed data to the end of its last sector.</summary>
    public int CompressedLength => (Sectors * 512) - (int)(Host & 511);

    /// <summary>Nothing here: the bytes come from below.</summary>
    public bool IsEmpty => !IsCompressed && Allocated == 0 && Zeroes == 0;
}
