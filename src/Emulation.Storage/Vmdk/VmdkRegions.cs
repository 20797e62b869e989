namespace Emulation.Storage;

/// <summary>What lies in the file of an extent besides grains, so that no grain is taken to lie there.</summary>
internal sealed class VmdkRegions(ImageName name)
{
    private readonly List<(long Start, long End, string What)> _fixed = [];

    // where tables begin and where that is said, ascending; all are of one size
    private readonly List<(long Start, long At)> _tables = [];
    private long _tableBytes;

    /// <summary>Adds one structure; what overlaps another is an error.</summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="at">Where in the file its place is said.</param>
    /// <param name="what">What it is.</param>
    public void Add(long start, long length, long at, string what)
    {
        foreach ((long from, long to, string other) in _fixed)
        {
            if (start < to && start + length > from)
                throw name.At(at, $"{what} is said to be at byte 0x{start:x}, where {other} is");
        }

        _fixed.Add((start, start + length, what));
    }

    /// <summary>Adds the tables of a directory; each must be in the file and lie where nothing else is.</summary>
    public void AddTables(VmdkDirectory directory, int tableBytes, long fileLength)
    {
        _tableBytes = tableBytes;
        for (int i = 0; i < directory.Count; i++)
        {
            long table = directory[i];
            if (table == 0)
                continue;
            if (table > fileLength - tableBytes)
                throw name.At(directory.At(i), $"a grain table is said to be at byte 0x{table:x} of a file of {fileLength} bytes");
            if (FindFixed(table, tableBytes) is { } other)
                throw name.At(directory.At(i), $"a grain table is said to be at byte 0x{table:x}, where {other} is");
            _tables.Add((table, directory.At(i)));
        }

        _tables.Sort();
        for (int i = 1; i < _tables.Count; i++)
        {
            if (_tables[i].Start < _tables[i - 1].Start + tableBytes)
                throw name.At(_tables[i].At, $"a grain table is said to be at byte 0x{_tables[i].Start:x}, where another one is");
        }
    }

    /// <summary>Adds a table at the end of the file.</summary>
    public void AddLast(long table, long at) => _tables.Add((table, at));

    /// <summary>Bytes of all structures together.</summary>
    public long TotalBytes => _fixed.Sum(f => f.End - f.Start) + (_tables.Count * _tableBytes);

    /// <summary>What lies in a range besides grains; null when nothing does.</summary>
    public string? Find(long start, long length)
    {
        if (FindFixed(start, length) is { } found)
            return found;
        // the last table that begins before the end of the range
        int before = _tables.BinarySearch((start + length, long.MinValue));
        before = ~before - 1;
        return before >= 0 && start < _tables[before].Start + _tableBytes ? "a grain table" : null;
    }

    private string? FindFixed(long start, long length)
    {
        foreach ((long from, long to, string what) in _fixed)
        {
            if (start < to && start + length > from)
                return what;
        }

        return null;
    }
}
