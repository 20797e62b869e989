using System.Diagnostics.CodeAnalysis;

namespace Emulation.Storage;

/// <summary>Pages of L2 tables and refcount blocks, a bounded number of them, replaced by the clock algorithm. Changed pages stay until they are written.</summary>
internal sealed class TablePageCache
{
    private const int MinPages = 64;
    private const int MaxRun = 64;

    private readonly HostFile _file;
    private readonly int _pageSize;
    private readonly int _capacity;
    private readonly Dictionary<long, TablePage> _byOffset = [];
    private readonly List<TablePage> _pages = [];
    private readonly Stack<TablePage> _free = [];
    private readonly int[] _dirty = new int[2];
    private byte[] _run = [];
    private int _hand;

    public TablePageCache(HostFile file, int pageSize, int bytes)
    {
        _file = file;
        _pageSize = pageSize;
        _capacity = Math.Max(bytes / pageSize, MinPages);
    }

    /// <summary>Whether changed pages take so much room that they should be written before more are changed.</summary>
    public bool IsCrowded => _dirty[0] + _dirty[1] > _capacity / 2;

    /// <summary>Pages in memory.</summary>
    public int Count => _pages.Count;

    /// <summary>Whether changed pages of one kind take so much room.</summary>
    public bool IsCrowdedBy(TablePageKind kind) => _dirty[(int)kind] > _capacity / 4;

    public bool HasDirty(TablePageKind kind) => _dirty[(int)kind] > 0;

    /// <summary>Changed pages of one kind.</summary>
    public int CountDirty(TablePageKind kind) => _dirty[(int)kind];

    /// <summary>The changed pages of a kind, in the order of the file.</summary>
    public List<TablePage> GetDirty(TablePageKind kind)
    {
        List<TablePage> dirty = _pages.FindAll(page => page.Dirty && page.Kind == kind);
        dirty.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        return dirty;
    }

    /// <summary>Finds the page that holds a byte of the file, if it is in memory.</summary>
    public bool TryGet(long offset, [NotNullWhen(true)] out TablePage? page)
    {
        if (!_byOffset.TryGetValue(offset & -(long)_pageSize, out page))
            return false;
        page.Used = true;
        return true;
    }

    /// <summary>The page that holds a byte of the file.</summary>
    public ValueTask<TablePage> GetAsync(long offset, TablePageKind kind)
        => TryGet(offset, out TablePage? page) ? new(page) : LoadAsync(offset & -(long)_pageSize, kind);

    public void MarkDirty(TablePage page)
    {
        if (page.Dirty)
            return;
        page.Dirty = true;
        _dirty[(int)page.Kind]++;
    }

    /// <summary>Forgets a range of the file, changed or not.</summary>
    public void Drop(long offset, long length)
    {
        for (long end = offset + length; offset < end; offset += _pageSize)
        {
            if (!_byOffset.Remove(offset, out TablePage? page))
                continue;
            Clean(page);
            page.Used = false;
            page.Offset = -1;
            _free.Push(page);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _byOffset.Clear();
        _pages.Clear();
        _free.Clear();
        _dirty.AsSpan().Clear();
        _hand = 0;
    }

    /// <summary>Writes the changed pages of a kind, in the order of the file, neighbours together.</summary>
    public async ValueTask WriteAsync(TablePageKind kind)
    {
        if (!HasDirty(kind))
            return;
        List<TablePage> dirty = GetDirty(kind);
        for (int first = 0; first < dirty.Count;)
        {
            int count = 1;
            while (count < MaxRun && first + count < dirty.Count && dirty[first + count].Offset == dirty[first].Offset + ((long)count * _pageSize))
                count++;
            await WriteRunAsync(dirty, first, count).ConfigureAwait(false);
            first += count;
        }
    }

    private async ValueTask WriteRunAsync(List<TablePage> pages, int first, int count)
    {
        byte[] run = pages[first].Data;
        if (count > 1)
        {
            if (_run.Length == 0)
                _run = new byte[MaxRun * _pageSize];
            run = _run;
            for (int i = 0; i < count; i++)
                pages[first + i].Data.CopyTo(run, i * _pageSize);
        }

        await _file.WriteAsync(pages[first].Offset, run.AsMemory(0, count * _pageSize)).ConfigureAwait(false);
        for (int i = 0; i < count; i++)
            Clean(pages[first + i]);
    }

    private async ValueTask<TablePage> LoadAsync(long offset, TablePageKind kind)
    {
        TablePage page = Take();
        try
        {
            await _file.ReadAsync(offset, page.Data).ConfigureAwait(false);
        }
        catch
        {
            _free.Push(page);
            throw;
        }

        (page.Offset, page.Kind, page.Used) = (offset, kind, true);
        _byOffset.Add(offset, page);
        return page;
    }

    private TablePage Take()
    {
        if (_free.TryPop(out TablePage? free))
            return free;
        if (_pages.Count < _capacity)
        {
            var added = new TablePage(_pageSize);
            _pages.Add(added);
            return added;
        }

        // two rounds clear every mark; more changed pages than half are written before others are changed, so a clean one exists
        for (int i = 0; i <= 2 * _pages.Count; i++)
        {
            TablePage page = _pages[_hand];
            _hand = _hand + 1 == _pages.Count ? 0 : _hand + 1;
            if (page.Dirty || page.Offset < 0)
                continue;
            if (page.Used)
            {
                page.Used = false;
                continue;
            }

            _byOffset.Remove(page.Offset);
            return page;
        }

        var extra = new TablePage(_pageSize);
        _pages.Add(extra);
        return extra;
    }

    private void Clean(TablePage page)
    {
        if (!page.Dirty)
            return;
        page.Dirty = false;
        _dirty[(int)page.Kind]--;
    }
}
