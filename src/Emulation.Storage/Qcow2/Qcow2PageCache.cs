using System.Diagnostics.CodeAnalysis;

namespace Emulation.Storage;

/// <summary>Pages of L2 tables and refcount blocks, a bounded number of them, replaced by the clock algorithm. Changed pages stay until they are written.</summary>
internal sealed class Qcow2PageCache
{
    private const int MinPages = 64;
    private const int MaxRun = 64;

    private readonly HostFile _file;
    private readonly int _pageSize;
    private readonly int _capacity;
    private readonly Dictionary<long, Qcow2Page> _byOffset = [];
    private readonly List<Qcow2Page> _pages = [];
    private readonly Stack<Qcow2Page> _free = [];
    private readonly int[] _dirty = new int[2];
    private readonly List<long> _order = [];
    private byte[] _run = [];
    private int _hand;

    public Qcow2PageCache(HostFile file, int pageSize, int bytes)
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
    public bool IsCrowdedBy(Qcow2PageKind kind) => _dirty[(int)kind] > _capacity / 4;

    public bool HasDirty(Qcow2PageKind kind) => _dirty[(int)kind] > 0;

    /// <summary>Finds the page that holds a byte of the file, if it is in memory.</summary>
    public bool TryGet(long offset, [NotNullWhen(true)] out Qcow2Page? page)
    {
        if (!_byOffset.TryGetValue(offset & -(long)_pageSize, out page))
            return false;
        page.Used = true;
        return true;
    }

    /// <summary>The page that holds a byte of the file.</summary>
    public ValueTask<Qcow2Page> GetAsync(long offset, Qcow2PageKind kind)
        => TryGet(offset, out Qcow2Page? page) ? new(page) : LoadAsync(offset & -(long)_pageSize, kind);

    public void MarkDirty(Qcow2Page page)
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
            if (!_byOffset.Remove(offset, out Qcow2Page? page))
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
    public async ValueTask WriteAsync(Qcow2PageKind kind)
    {
        if (!HasDirty(kind))
            return;
        _order.Clear();
        foreach (Qcow2Page page in _pages)
        {
            if (page.Dirty && page.Kind == kind)
                _order.Add(page.Offset);
        }

        _order.Sort();
        for (int first = 0; first < _order.Count;)
        {
            int count = 1;
            while (count < MaxRun && first + count < _order.Count && _order[first + count] == _order[first] + ((long)count * _pageSize))
                count++;
            await WriteRunAsync(_order[first], count).ConfigureAwait(false);
            first += count;
        }
    }

    private async ValueTask WriteRunAsync(long offset, int count)
    {
        if (count == 1)
        {
            await _file.WriteAsync(offset, _byOffset[offset].Data).ConfigureAwait(false);
        }
        else
        {
            if (_run.Length == 0)
                _run = new byte[MaxRun * _pageSize];
            for (int i = 0; i < count; i++)
                _byOffset[offset + ((long)i * _pageSize)].Data.CopyTo(_run, i * _pageSize);
            await _file.WriteAsync(offset, _run.AsMemory(0, count * _pageSize)).ConfigureAwait(false);
        }

        for (int i = 0; i < count; i++)
            Clean(_byOffset[offset + ((long)i * _pageSize)]);
    }

    private async ValueTask<Qcow2Page> LoadAsync(long offset, Qcow2PageKind kind)
    {
        Qcow2Page page = Take();
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

    private Qcow2Page Take()
    {
        if (_free.TryPop(out Qcow2Page? free))
            return free;
        if (_pages.Count < _capacity)
        {
            var added = new Qcow2Page(_pageSize);
            _pages.Add(added);
            return added;
        }

        // two rounds clear every mark; more changed pages than half are written before others are changed, so a clean one exists
        for (int i = 0; i <= 2 * _pages.Count; i++)
        {
            Qcow2Page page = _pages[_hand];
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

        var extra = new Qcow2Page(_pageSize);
        _pages.Add(extra);
        return extra;
    }

    private void Clean(Qcow2Page page)
    {
        if (!page.Dirty)
            return;
        page.Dirty = false;
        _dirty[(int)page.Kind]--;
    }
}
