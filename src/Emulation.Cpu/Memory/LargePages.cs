using System.Numerics;

namespace Emulation.Cpu;

/// <summary>Which parts of the address space were mapped by pages larger than the TLB's granule since the last flush: never too few, seldom many too many.</summary>
/// <remarks>A kernel has its linear map and its own image in such pages, far apart, and fences single pages between them all the time: hence several regions.</remarks>
public sealed class LargePages
{
    private const int Capacity = 4;
    private readonly Region[] _regions = new Region[Capacity];
    private int _count;

    /// <summary>Notes a page.</summary>
    /// <param name="address">Any address in it.</param>
    /// <param name="reach">log2 of its bytes.</param>
    public void Add(ulong address, int reach)
    {
        for (int i = 0; i < _count; i++)
        {
            // A smaller page that was mapped there before says nothing about the rest of this one.
            if (_regions[i].Reach >= reach && _regions[i].Contains(address))
                return;
        }

        var added = new Region(address >> reach << reach, reach);
        if (_count < Capacity)
        {
            _regions[_count++] = added;
            return;
        }

        // Room is made by joining the two that make the smallest region together.
        int first = 0, second = 1;
        Region best = _regions[0].Join(_regions[1]);
        bool joinsAdded = false;
        for (int i = 0; i < Capacity; i++)
        {
            Region joined = _regions[i].Join(added);
            if (joined.Reach < best.Reach)
                (best, first, joinsAdded) = (joined, i, true);
            for (int k = i + 1; k < Capacity; k++)
            {
                joined = _regions[i].Join(_regions[k]);
                if (joined.Reach < best.Reach)
                    (best, first, second, joinsAdded) = (joined, i, k, false);
            }
        }

        _regions[first] = best;
        if (!joinsAdded)
            _regions[second] = added;
    }

    /// <summary>Whether an address may lie in such a page.</summary>
    /// <param name="address">A virtual address.</param>
    public bool Contains(ulong address)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_regions[i].Contains(address))
                return true;
        }

        return false;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _count = 0;

    /// <summary>An aligned power of two of bytes.</summary>
    private readonly record struct Region(ulong Base, int Reach)
    {
        public bool Contains(ulong address) => Reach > 63 || (address ^ Base) >> Reach == 0;

        public Region Join(Region other)
        {
            int reach = Math.Max(Math.Max(Reach, other.Reach), 64 - BitOperations.LeadingZeroCount(Base ^ other.Base));
            return reach < 64 ? new Region(Base >> reach << reach, reach) : new Region(0, 64);
        }
    }
}
