using System.Numerics;

namespace Emulation.Storage;

/// <summary>Which MiB of the file are in use: a bit each.</summary>
internal sealed class VhdxSpace
{
    private ulong[] _used = new ulong[64];

    // no room for a block below
    private long _from;

    // end of the last that is in use
    private long _end;

    /// <summary>End of all that is in use, in bytes.</summary>
    public long End => _end * VhdxLayout.Unit;

    /// <summary>Takes a range of bytes; false when a part of it is in use.</summary>
    public bool Take(long offset, long length)
    {
        (long first, long end) = Units(offset, length);
        if (!IsFree(first, end))
            return false;
        Grow(end);
        for (long unit = first; unit < end; unit++)
            _used[unit >> 6] |= 1UL << (int)(unit & 63);
        _end = Math.Max(_end, end);
        return true;
    }

    /// <summary>Gives a range back.</summary>
    public void Release(long offset, long length)
    {
        (long first, long end) = Units(offset, length);
        for (long unit = first; unit < end; unit++)
            _used[unit >> 6] &= ~(1UL << (int)(unit & 63));
        _from = Math.Min(_from, first);
        if (end < _end)
            return;
        int word = _used.AsSpan().LastIndexOfAnyExcept(0UL);
        _end = word < 0 ? 0 : (word * 64L) + 64 - BitOperations.LeadingZeroCount(_used[word]);
    }

    /// <summary>Takes the first room for a block, perhaps at the end of the file.</summary>
    public long Allocate(int length)
    {
        (long first, long count) = (_from, length / VhdxLayout.Unit);
        while (first < _end)
        {
            // the last unit that is in the way decides where to look next
            long taken = first + count - 1;
            while (taken >= first && (taken >= _end || (_used[taken >> 6] & (1UL << (int)(taken & 63))) == 0))
                taken--;
            if (taken < first)
                break;
            first = NextFree(taken + 1);
        }

        long offset = first * VhdxLayout.Unit;
        Take(offset, length);
        _from = first + count;
        return offset;
    }

    private static (long First, long End) Units(long offset, long length)
        => (offset / VhdxLayout.Unit, (offset + length + VhdxLayout.Unit - 1) / VhdxLayout.Unit);

    private long NextFree(long unit)
    {
        while (unit >> 6 < _used.Length && (_used[unit >> 6] & (1UL << (int)(unit & 63))) != 0)
            unit = _used[unit >> 6] == ulong.MaxValue ? (unit | 63) + 1 : unit + 1;
        return unit;
    }

    private bool IsFree(long first, long end)
    {
        for (long unit = first; unit < end && unit >> 6 < _used.Length; unit++)
        {
            if ((_used[unit >> 6] & (1UL << (int)(unit & 63))) != 0)
                return false;
        }

        return true;
    }

    private void Grow(long end)
    {
        if (end > _used.Length * 64L)
            Array.Resize(ref _used, (int)Math.Max(_used.Length * 2L, (end + 63) >> 6));
    }
}
