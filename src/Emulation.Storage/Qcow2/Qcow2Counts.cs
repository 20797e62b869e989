namespace Emulation.Storage;

/// <summary>References counted in a walk over an image: pieces of an array, made where something is counted, of one byte a cluster until one needs more.</summary>
internal sealed class Qcow2Counts(ImageName name)
{
    private const int PieceBits = 12;
    private const long MaxBytes = 1L << 30;

    private readonly Dictionary<long, byte[]> _small = [];
    private readonly Dictionary<long, ulong> _large = [];

    /// <summary>One more than the highest cluster with a reference.</summary>
    public long End { get; private set; }

    public ulong this[long cluster]
    {
        get
        {
            if (!_small.TryGetValue(cluster >> PieceBits, out byte[]? piece))
                return 0;
            byte value = piece[cluster & ((1 << PieceBits) - 1)];
            return value < byte.MaxValue ? value : _large[cluster];
        }
    }

    public void Add(long cluster)
    {
        if (!_small.TryGetValue(cluster >> PieceBits, out byte[]? piece))
        {
            if ((long)_small.Count << PieceBits >= MaxBytes)
                throw name.Error("it is too large to be checked: its tables refer to more than 2^30 clusters");
            _small.Add(cluster >> PieceBits, piece = new byte[1 << PieceBits]);
        }

        ref byte value = ref piece[cluster & ((1 << PieceBits) - 1)];
        if (value < byte.MaxValue - 1)
            value++;
        else if (value == byte.MaxValue)
            _large[cluster]++;
        else
            (value, _large[cluster]) = (byte.MaxValue, byte.MaxValue);
        End = Math.Max(End, cluster + 1);
    }

    public void Subtract(long cluster)
    {
        ref byte value = ref _small[cluster >> PieceBits][cluster & ((1 << PieceBits) - 1)];
        if (value < byte.MaxValue)
            value--;
        else if (--_large[cluster] < byte.MaxValue)
            (value, _) = (byte.MaxValue - 1, _large.Remove(cluster));
    }
}
