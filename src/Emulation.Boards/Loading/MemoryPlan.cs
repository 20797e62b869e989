using Emulation.Core;

namespace Emulation.Boards.Loading;

/// <summary>Keeps what is loaded apart.</summary>
/// <param name="ramStart">Physical address of main memory.</param>
/// <param name="ramSize">Its bytes.</param>
/// <param name="memory">The address space: files may also go into other memory, such as flash.</param>
internal sealed class MemoryPlan(ulong ramStart, ulong ramSize, AddressSpace memory)
{
    private readonly List<(string What, ulong Start, ulong End)> _taken = [];

    public ulong RamEnd => ramStart + ramSize;

    /// <summary>Takes the ranges of an image.</summary>
    /// <exception cref="GuestImageException">It lies outside memory or on something else.</exception>
    public void Take(GuestImage image)
    {
        foreach (ImageSegment segment in image.Segments)
            Take($"{image.Purpose} '{image.Path}'", segment.Address, segment.Size);
    }

    /// <summary>Takes a range.</summary>
    public void Take(string what, ulong address, ulong size)
    {
        if (size == 0)
            return;
        if (!IsMemory(address, size))
        {
            throw new GuestImageException(address >= ramStart && address < RamEnd
                ? $"{what} needs {Size(size)} at 0x{address:x}, and memory ends at 0x{RamEnd:x}; give the machine more memory"
                : $"{what} wants to lie at 0x{address:x}-0x{address + (size - 1):x}, where there is no memory; main memory is 0x{ramStart:x}-0x{RamEnd - 1:x}");
        }

        foreach ((string other, ulong start, ulong end) in _taken)
        {
            if (address < end && start < address + size)
                throw new GuestImageException($"{what} (0x{address:x}-0x{address + (size - 1):x}) and {other} (0x{start:x}-0x{end - 1:x}) overlap; move one of them");
        }

        _taken.Add((what, address, address + size));
    }

    /// <summary>Whether a range of main memory is free.</summary>
    public bool IsFree(ulong address, ulong size)
        => address >= ramStart && address <= RamEnd && size <= RamEnd - address && !_taken.Exists(t => address < t.End && t.Start < address + size);

    /// <summary>The highest free place below <paramref name="end"/>; null when there is none.</summary>
    public ulong? FindBelow(ulong end, ulong size, ulong alignment)
    {
        end = Math.Min(end, RamEnd);
        while (end >= ramStart && end - ramStart >= size)
        {
            ulong address = (end - size) / alignment * alignment;
            if (address < ramStart)
                return null;
            if (IsFree(address, size))
                return address;
            end = _taken.Where(t => address < t.End && t.Start < address + size).Min(static t => t.Start);
        }

        return null;
    }

    /// <summary>The largest range of main memory that is free, in whole pages.</summary>
    public FreeMemory LargestFree()
    {
        const ulong Page = 4096;
        var best = new FreeMemory(RamEnd, RamEnd);
        ulong start = ramStart;
        foreach ((_, ulong takenStart, ulong takenEnd) in _taken.Where(t => t.End > ramStart && t.Start < RamEnd).OrderBy(static t => t.Start).Append(("", RamEnd, RamEnd)))
        {
            ulong end = takenStart / Page * Page;
            if (end > start && end - start > best.Size)
                best = new FreeMemory(start, end);
            start = Math.Max(start, (takenEnd + Page - 1) / Page * Page);
        }

        return best;
    }

    public static string Size(ulong bytes) => bytes >= 1 << 20 ? $"{(bytes + (1 << 20) - 1) >> 20} MiB" : $"{bytes} bytes";

    private bool IsMemory(ulong address, ulong size)
    {
        ulong last = address + (size - 1);
        while (true)
        {
            if (last < address || !memory.TryFind(address, out FlatRange range) || range.Region is not RamRegion)
                return false;
            if (last <= range.Last)
                return true;
            address = range.Last + 1;
        }
    }
}
