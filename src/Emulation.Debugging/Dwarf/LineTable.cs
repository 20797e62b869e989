namespace Emulation.Debugging;

/// <summary>Which source line an address comes from. DWARF 2 to 5, "Line Number Information".</summary>
public sealed class LineTable
{
    private readonly LineEntry[] _entries;

    private readonly Dictionary<ulong, List<string>> _programs;

    private LineTable(LineEntry[] entries, IEnumerable<LineEntry> empty, Dictionary<ulong, List<string>> programs)
    {
        (_entries, _programs) = (entries, programs);

        // those of lines that have code of their own say nothing new
        HashSet<(string, int)> own = [.. entries.Where(static e => e.IsStatement).Select(static e => (e.File, e.Line))];
        EmptyStatements = [.. empty.Where(e => !own.Contains((e.File, e.Line))).Distinct().OrderBy(static e => e.Address)];
        Files = [.. entries.Select(static e => e.File).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>All runs by address.</summary>
    public IReadOnlyList<LineEntry> Entries => _entries;

    /// <summary>Statements of lines that have no code of their own, because the compiler mixed it with that of others: where they begin.</summary>
    internal IReadOnlyList<LineEntry> EmptyStatements { get; }

    /// <summary>The source files that have code.</summary>
    public IReadOnlyList<string> Files { get; }

    internal static LineTable Empty { get; } = new([], [], []);

    /// <summary>The run that an address lies in; null when there is none.</summary>
    /// <param name="address">A virtual address.</param>
    public LineEntry? Find(ulong address)
    {
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_entries[middle].Address <= address)
                low = middle + 1;
            else
                high = middle;
        }

        return low > 0 && address < _entries[low - 1].End ? _entries[low - 1] : null;
    }

    /// <summary>Where the code of a line begins, by address. Where a line has no code, that of the next line that has some.</summary>
    /// <param name="file">A file's name or the end of its path, such as <c>app.c</c>.</param>
    /// <param name="line">Line, from 1.</param>
    public IReadOnlyList<ulong> AddressesOf(string file, int line)
    {
        ulong[] empty = [.. EmptyStatements.Where(e => e.Line == line && IsFile(e.File, file)).Select(static e => e.Address).Distinct()];
        if (empty.Length > 0)
            return empty;
        LineEntry[] candidates = [.. _entries.Where(e => e.IsStatement && e.Line >= line && IsFile(e.File, file))];
        if (candidates.Length == 0)
            return [];
        int nearest = candidates.Min(static e => e.Line);
        var starts = new List<ulong>();
        ulong end = ulong.MaxValue;
        foreach (LineEntry entry in candidates.Where(e => e.Line == nearest))
        {
            if (entry.Address != end)
                starts.Add(entry.Address);
            end = entry.End;
        }

        return starts;
    }

    /// <summary>Whether a path names a file: by whole components from its end.</summary>
    /// <param name="path">A path as the compiler wrote it.</param>
    /// <param name="file">A file's name or the end of its path.</param>
    public static bool IsFile(string path, string file)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(file);
        path = path.Replace('\\', '/');
        file = file.Replace('\\', '/');
        return path.EndsWith(file, StringComparison.Ordinal) && (path.Length == file.Length || path[path.Length - file.Length - 1] == '/');
    }

    /// <summary>The files that a unit names by index.</summary>
    internal IReadOnlyList<string> FilesOfProgram(ulong offset) => _programs.TryGetValue(offset, out List<string>? files) ? files : [];

    internal static LineTable Read(ElfContent elf)
    {
        if (elf.IsBigEndian)
            return Empty;
        ReadOnlyMemory<byte> section = elf.Section(".debug_line");
        var program = new LineProgramReader(elf);
        var cursor = new DwarfCursor(section.Span, elf.Name, ".debug_line");
        while (!cursor.AtEnd)
            program.ReadUnit(ref cursor);
        return new LineTable(Sort(program.Entries), program.Empty, program.Files);
    }

    // Runs of different compile units may overlap (functions that the linker merged): the first one stands.
    private static LineEntry[] Sort(List<LineEntry> entries)
    {
        var sorted = new List<LineEntry>(entries.Count);
        foreach (LineEntry entry in entries.OrderBy(static e => e.Address))
        {
            if (sorted.Count > 0 && entry.Address < sorted[^1].End)
            {
                if (entry.End <= sorted[^1].End)
                    continue;
                sorted.Add(entry with { Address = sorted[^1].End });
                continue;
            }

            sorted.Add(entry);
        }

        return [.. sorted];
    }
}
