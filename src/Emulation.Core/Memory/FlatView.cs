namespace Emulation.Core;

/// <summary>One range of a flattened address space.</summary>
/// <param name="Start">First address.</param>
/// <param name="Last">Last address, inclusive, so that the top of a 64-bit space can be covered.</param>
/// <param name="Region">A <see cref="RamRegion"/> or an <see cref="MmioRegion"/>.</param>
/// <param name="Offset">Byte of the region that appears at <paramref name="Start"/>.</param>
public readonly record struct FlatRange(ulong Start, ulong Last, MemoryRegion Region, ulong Offset);

/// <summary>The sorted, non-overlapping view of a region tree.</summary>
public sealed class FlatView
{
    private readonly FlatRange[] _ranges;

    // Where the last look found something, most likely memory. Several threads write it, any value is right.
    private int _recent;

    private FlatView(FlatRange[] ranges) => _ranges = ranges;

    /// <summary>Ranges by ascending address.</summary>
    public ReadOnlySpan<FlatRange> Ranges => _ranges;

    /// <summary>Flattens the tree under <paramref name="root"/>.</summary>
    /// <param name="root">The region at address 0.</param>
    public static FlatView Build(ContainerRegion root)
    {
        var ranges = new List<FlatRange>();
        Render(root, 0, 0, root.Size - 1, ranges, 0);
        ranges.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return new FlatView([.. ranges]);
    }

    /// <summary>Index of the range that holds <paramref name="address"/>, or -1.</summary>
    /// <param name="address">A physical address.</param>
    public int IndexOf(ulong address)
    {
        FlatRange[] ranges = _ranges;
        int recent = _recent;
        if ((uint)recent < (uint)ranges.Length && address - ranges[recent].Start <= ranges[recent].Last - ranges[recent].Start)
            return recent;
        int low = 0, high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ref readonly FlatRange range = ref ranges[middle];
            if (address < range.Start)
                high = middle - 1;
            else if (address > range.Last)
                low = middle + 1;
            else
                return _recent = middle;
        }

        return -1;
    }

    // Shows region bytes [from, last] with byte `from` at address `at`, where nothing of higher priority was shown before.
    private static void Render(MemoryRegion region, ulong at, ulong from, ulong last, List<FlatRange> into, int depth)
    {
        if (depth > 32)
            throw new InvalidOperationException($"memory region '{region.Name}' is nested too deeply or contains itself");
        switch (region)
        {
            case AliasRegion alias:
                ulong end = Math.Min(last, alias.Size - 1);
                if (from <= end && alias.Offset + from < alias.Target.Size)
                    Render(alias.Target, at, alias.Offset + from, Math.Min(alias.Offset + end, alias.Target.Size - 1), into, depth + 1);
                break;
            case ContainerRegion container:
                foreach (ContainerRegion.Child child in container.Children.OrderByDescending(c => c.Priority))
                {
                    ulong childLast = child.Offset + (child.Region.Size - 1);
                    if (child.Offset > last || childLast < from)
                        continue;
                    ulong first = Math.Max(child.Offset, from);
                    Render(child.Region, at + (first - from), first - child.Offset, Math.Min(childLast, last) - child.Offset, into, depth + 1);
                }

                break;
            default:
                Fill(region, at, from, last, into);
                break;
        }
    }

    private static void Fill(MemoryRegion region, ulong at, ulong from, ulong last, List<FlatRange> into)
    {
        ulong end = at + (last - from);
        ulong cursor = at;
        foreach (FlatRange taken in into.Where(r => r.Start <= end && r.Last >= at).OrderBy(r => r.Start).ToArray())
        {
            if (cursor < taken.Start)
                into.Add(new FlatRange(cursor, taken.Start - 1, region, from + (cursor - at)));
            if (taken.Last == ulong.MaxValue)
                return;
            cursor = Math.Max(cursor, taken.Last + 1);
        }

        if (cursor <= end)
            into.Add(new FlatRange(cursor, end, region, from + (cursor - at)));
    }
}
