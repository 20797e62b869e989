using System.Numerics;

namespace Emulation.Storage;

/// <summary>A set of small numbers, one bit each.</summary>
internal sealed class IndexSet
{
    private const int WordBits = 64;

    private ulong[] _words = new ulong[1];

    public int Count { get; private set; }

    public void Add(int index)
    {
        if (index / WordBits >= _words.Length)
            Array.Resize(ref _words, Math.Max((index / WordBits) + 1, 2 * _words.Length));
        ref ulong word = ref _words[index / WordBits];
        ulong bit = 1UL << (index % WordBits);
        Count += (word & bit) == 0 ? 1 : 0;
        word |= bit;
    }

    public void Remove(int index)
    {
        if (index / WordBits >= _words.Length)
            return;
        ref ulong word = ref _words[index / WordBits];
        ulong bit = 1UL << (index % WordBits);
        Count -= (word & bit) != 0 ? 1 : 0;
        word &= ~bit;
    }

    public void Clear()
    {
        if (Count > 0)
            _words.AsSpan().Clear();
        Count = 0;
    }

    /// <summary>The smallest number that is at least <paramref name="from"/>; -1 when there is none.</summary>
    public int Next(int from)
    {
        int index = from / WordBits;
        if (Count == 0 || index >= _words.Length)
            return -1;
        ulong word = _words[index] & (ulong.MaxValue << (from % WordBits));
        while (word == 0)
        {
            if (++index == _words.Length)
                return -1;
            word = _words[index];
        }

        return (index * WordBits) + BitOperations.TrailingZeroCount(word);
    }
}
