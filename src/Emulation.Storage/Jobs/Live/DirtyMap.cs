using System.Numerics;

namespace Emulation.Storage;

/// <summary>Parts of a disk that still have to be dealt with. Any thread may use it.</summary>
internal sealed class DirtyMap(long length, int granularity)
{
    private readonly ulong[] _dirty = new ulong[(ImageFields.Blocks(length, granularity) + 63) / 64];
    private readonly ulong[] _busy = new ulong[(ImageFields.Blocks(length, granularity) + 63) / 64];
    private readonly Lock _lock = new();
    private long _count;

    /// <summary>Bytes of a part.</summary>
    public int Granularity => granularity;

    /// <summary>Bytes of the parts that wait.</summary>
    public long DirtyBytes
    {
        get
        {
            lock (_lock)
                return Math.Min(length, _count * granularity);
        }
    }

    /// <summary>Adds the parts that a range touches.</summary>
    public void Mark(long offset, long count)
    {
        if (count <= 0)
            return;
        lock (_lock)
        {
            for (long part = offset / granularity; part <= (offset + count - 1) / granularity; part++)
            {
                ulong bit = 1UL << (int)(part & 63);
                if ((_dirty[part >> 6] & bit) != 0)
                    continue;
                _dirty[part >> 6] |= bit;
                _count++;
            }
        }
    }

    /// <summary>Takes the next parts that follow one another within a range. Nobody else is given them before <see cref="Release"/>.</summary>
    /// <param name="from">First byte of the range.</param>
    /// <param name="to">End of the range.</param>
    /// <param name="most">Most bytes to take.</param>
    /// <param name="offset">First byte that is taken.</param>
    /// <param name="count">Bytes; whole parts but at the end of the disk.</param>
    public bool TryTake(long from, long to, int most, out long offset, out int count)
    {
        lock (_lock)
        {
            long end = ImageFields.Blocks(Math.Min(to, length), granularity);
            long part = Next(from / granularity, end);
            if (part >= end)
            {
                (offset, count) = (0, 0);
                return false;
            }

            long last = part;
            while (last < end && (last - part + 1) * granularity <= Math.Max(most, granularity) && IsFree(last))
            {
                ulong bit = 1UL << (int)(last & 63);
                _dirty[last >> 6] &= ~bit;
                _busy[last >> 6] |= bit;
                _count--;
                last++;
            }

            offset = part * granularity;
            count = (int)(Math.Min(last * granularity, length) - offset);
            return true;
        }
    }

    /// <summary>Says that parts that were taken have been dealt with.</summary>
    public void Release(long offset, long count)
    {
        lock (_lock)
        {
            for (long part = offset / granularity; part <= (offset + count - 1) / granularity; part++)
                _busy[part >> 6] &= ~(1UL << (int)(part & 63));
        }
    }

    /// <summary>Forgets everything that waits.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _dirty.AsSpan().Clear();
            _count = 0;
        }
    }

    private bool IsFree(long part) => ((_dirty[part >> 6] & ~_busy[part >> 6]) >> (int)(part & 63) & 1) != 0;

    private long Next(long part, long end)
    {
        while (part < end)
        {
            ulong word = (_dirty[part >> 6] & ~_busy[part >> 6]) >> (int)(part & 63);
            if (word != 0)
                return part + BitOperations.TrailingZeroCount(word);
            part = (part | 63) + 1;
        }

        return part;
    }
}
