namespace Emulation.Storage;

/// <summary>A set of cluster numbers: a bitmap whose pieces exist where something is in it.</summary>
internal sealed class Qcow2ClusterSet
{
    private const int PieceBits = 15;

    private readonly Dictionary<long, ulong[]> _pieces = [];

    public bool Contains(long cluster)
        => _pieces.TryGetValue(cluster >> PieceBits, out ulong[]? piece) && (piece[Word(cluster)] & Bit(cluster)) != 0;

    /// <summary>Adds a cluster; false when it was there.</summary>
    public bool Add(long cluster)
    {
        if (!_pieces.TryGetValue(cluster >> PieceBits, out ulong[]? piece))
            _pieces.Add(cluster >> PieceBits, piece = new ulong[1 << (PieceBits - 6)]);
        bool isNew = (piece[Word(cluster)] & Bit(cluster)) == 0;
        piece[Word(cluster)] |= Bit(cluster);
        return isNew;
    }

    public void Remove(long cluster)
    {
        if (_pieces.TryGetValue(cluster >> PieceBits, out ulong[]? piece))
            piece[Word(cluster)] &= ~Bit(cluster);
    }

    public void Clear() => _pieces.Clear();

    private static int Word(long cluster) => (int)(cluster & ((1 << PieceBits) - 1)) >> 6;

    private static ulong Bit(long cluster) => 1UL << (int)(cluster & 63);
}
