namespace Emulation.Debugging;

/// <summary>Which addresses are code of inlined functions. DWARF 5, 3.3.8.</summary>
public sealed class InlineTable
{
    // sorted by start; a range ends before the next one that is not inside of it begins
    private readonly (ulong Low, ulong High, InlinedCall Call)[] _ranges;

    // the highest end of all ranges up to an index: where a search backwards may end
    private readonly ulong[] _ends;

    private InlineTable(List<(ulong Low, ulong High, InlinedCall Call)> ranges)
    {
        _ranges = [.. ranges.OrderBy(static r => r.Low).ThenBy(static r => r.Call.Depth)];
        _ends = new ulong[_ranges.Length];
        ulong end = 0;
        for (int i = 0; i < _ranges.Length; i++)
            _ends[i] = end = Math.Max(end, _ranges[i].High);
        Calls = [.. _ranges.Select(static r => r.Call).Distinct()];
    }

    /// <summary>All places where a function was inlined.</summary>
    public IReadOnlyList<InlinedCall> Calls { get; }

    internal static InlineTable Empty { get; } = new([]);

    /// <summary>The inlined functions that an address belongs to, the innermost first.</summary>
    /// <param name="address">A virtual address.</param>
    public IReadOnlyList<InlinedCall> At(ulong address)
    {
        int low = 0, high = _ranges.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_ranges[middle].Low <= address)
                low = middle + 1;
            else
                high = middle;
        }

        List<InlinedCall>? found = null;
        for (int i = low - 1; i >= 0 && _ends[i] > address; i--)
        {
            if (address < _ranges[i].High)
                (found ??= []).Add(_ranges[i].Call);
        }

        if (found is null)
            return [];
        found.Sort(static (a, b) => b.Depth.CompareTo(a.Depth));
        return found;
    }

    internal static InlineTable Read(DwarfInfo info, LineTable lines)
    {
        var ranges = new List<(ulong, ulong, InlinedCall)>();
        foreach (DwarfUnit unit in info.Units)
        {
            if (unit.Root is not { } root)
                continue;
            IReadOnlyList<string> files = lines.FilesOfProgram(root[DwarfAttribute.StatementList].Number);
            var open = new Stack<(DwarfEntry Entry, int Depth)>();
            open.Push((root, 0));
            while (open.TryPop(out (DwarfEntry Entry, int Depth) next))
            {
                int depth = next.Depth;
                if (next.Entry.Tag == DwarfTag.InlinedSubroutine)
                    Add(ranges, info, next.Entry, ++depth, files);
                else if (next.Entry.Tag == DwarfTag.Subprogram)
                    depth = 0;
                foreach (DwarfEntry child in next.Entry.Children)
                {
                    if (child.Tag is DwarfTag.Subprogram or DwarfTag.InlinedSubroutine or DwarfTag.LexicalBlock or DwarfTag.Namespace or DwarfTag.StructureType or DwarfTag.ClassType)
                        open.Push((child, depth));
                }
            }
        }

        return new InlineTable(ranges);
    }

    private static void Add(List<(ulong, ulong, InlinedCall)> ranges, DwarfInfo info, DwarfEntry entry, int depth, IReadOnlyList<string> files)
    {
        List<(ulong Low, ulong High)> own = info.Addresses.Ranges(entry);
        if (own.Count == 0 || own[0].Low == 0)
            return;                                           // nothing is left of it, or the linker dropped it
        DwarfValue entryPc = entry[DwarfAttribute.EntryPc];
        ulong first = info.Addresses.Address(entry.Unit, entryPc) ?? (entryPc.IsConstant ? own[0].Low + entryPc.Number : own[0].Low);
        string? File(DwarfValue index) => index.Exists && index.Number < (ulong)files.Count ? files[(int)index.Number] : null;
        DwarfEntry origin = entry.Origin();
        string? declared = ReferenceEquals(origin.Unit, entry.Unit) ? File(origin[DwarfAttribute.DeclarationFile]) : null;
        var call = new InlinedCall(entry.Name ?? "?", first, depth, File(entry[DwarfAttribute.CallFile]), Line(entry[DwarfAttribute.CallLine]), declared, Line(origin[DwarfAttribute.DeclarationLine]));
        foreach ((ulong low, ulong high) in own)
            ranges.Add((low, high, call));
    }

    private static int Line(DwarfValue value) => value.Exists ? (int)Math.Min(value.Number, int.MaxValue) : 0;
}
