using System.Numerics;

namespace Emulation.Storage;

/// <summary>A bounded cache of pages over a device, the least recently used of which go first.</summary>
/// <remarks>
/// With write-back a flush writes all that waits and then flushes the device, so that what was flushed is durable. What was not may be
/// written in any order, as on a drive with a cache of its own. A write that fails keeps its pages, and the next flush tries again.
/// </remarks>
internal sealed class CachedDisk : PassThrough
{
    private const int MaxRun = 1 << 20;

    private readonly int _pageSize;
    private readonly long _capacity;
    private readonly bool _writeBack;
    private readonly Dictionary<long, LinkedListNode<CachePage>> _pages = [];
    private readonly LinkedList<CachePage> _byUse = [];
    private readonly SortedSet<long> _dirty = [];

    public CachedDisk(IBlockDevice inner, DiskCacheOptions options, bool leaveOpen) : base(inner, leaveOpen)
    {
        if (!BitOperations.IsPow2(options.PageSize) || options.PageSize is < 512 or > 16 << 20)
            throw new ArgumentOutOfRangeException(nameof(options), options.PageSize, "a page has a power of two of bytes from 512 to 16 MiB");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MemoryLimit, options.PageSize);
        (_pageSize, _writeBack) = (options.PageSize, options.WriteBack);
        _capacity = options.MemoryLimit / _pageSize;
    }

    // pages are not guarded against each other
    public override bool AllowsConcurrentCalls => false;

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (long index, int within, int count) = Part(offset, buffer.Length);
            if (Find(index) is { } page)
            {
                page.Bytes.AsMemory(within, count).CopyTo(buffer);
            }
            else if (count < _pageSize)
            {
                page = await LoadAsync(index, cancellationToken).ConfigureAwait(false);
                page.Bytes.AsMemory(within, count).CopyTo(buffer);
            }
            else
            {
                count = await ReadRunAsync(index, buffer, cancellationToken).ConfigureAwait(false);
            }

            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_writeBack)
        {
            try
            {
                await Inner.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // what the device holds now is uncertain
                Forget(offset / _pageSize, (offset + buffer.Length - 1) / _pageSize);
                throw;
            }
        }

        while (!buffer.IsEmpty)
        {
            (long index, int within, int count) = Part(offset, buffer.Length);
            bool whole = count == PageLength(index);
            // without write-back only what is written whole comes to be kept
            CachePage? page = Find(index)
                ?? (whole ? await AddAsync(index, cancellationToken).ConfigureAwait(false)
                    : _writeBack ? await LoadAsync(index, cancellationToken).ConfigureAwait(false) : null);
            if (page is not null)
                buffer[..count].CopyTo(page.Bytes.AsMemory(within));
            if (_writeBack)
            {
                page!.MarkDirty(within, within + count);
                _dirty.Add(index);
            }

            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        await WriteBackAsync(0, long.MaxValue, cancellationToken).ConfigureAwait(false);
        await Inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        await DropAsync(offset, length, cancellationToken).ConfigureAwait(false);
        await Inner.DiscardAsync(offset, length, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        await DropAsync(offset, length, cancellationToken).ConfigureAwait(false);
        await Inner.WriteZeroesAsync(offset, length, mayUnmap, cancellationToken).ConfigureAwait(false);
    }

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        long index = offset / _pageSize;
        if (_dirty.Contains(index))
            return new(new BlockRun(Math.Min(length, ((index + 1) * _pageSize) - offset), BlockStatus.Allocated));
        long? behind = FirstDirty(index, (offset + length - 1) / _pageSize);
        return Inner.GetStatusAsync(offset, behind is { } page ? (page * _pageSize) - offset : length, cancellationToken);
    }

    protected override async ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        await DropAsync(0, Length, cancellationToken).ConfigureAwait(false);
        await Inner.ResizeAsync(length, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask FinishAsync()
    {
        if (_dirty.Count > 0)
            await FlushCoreAsync(CancellationToken.None).ConfigureAwait(false);
        _pages.Clear();
        _byUse.Clear();
    }

    private CachePage? Find(long index)
    {
        if (!_pages.TryGetValue(index, out LinkedListNode<CachePage>? node))
            return null;
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return node.Value;
    }

    private async ValueTask<CachePage> LoadAsync(long index, CancellationToken cancellationToken)
    {
        await MakeRoomAsync(cancellationToken).ConfigureAwait(false);
        var page = new CachePage(index, _pageSize);
        await Inner.ReadAsync(index * _pageSize, page.Bytes.AsMemory(0, PageLength(index)), cancellationToken).ConfigureAwait(false);
        return Add(page);
    }

    private async ValueTask<CachePage> AddAsync(long index, CancellationToken cancellationToken)
    {
        await MakeRoomAsync(cancellationToken).ConfigureAwait(false);
        return Add(new CachePage(index, _pageSize));
    }

    private CachePage Add(CachePage page)
    {
        _pages.Add(page.Index, _byUse.AddLast(page));
        return page;
    }

    // pages that are read whole and are not here, in one request; a long run is not kept, which would leave nothing else
    private async ValueTask<int> ReadRunAsync(long index, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int pages = 1;
        while (buffer.Length >= (long)(pages + 1) * _pageSize && !_pages.ContainsKey(index + pages))
            pages++;
        Memory<byte> run = buffer[..(pages * _pageSize)];
        await Inner.ReadAsync(index * _pageSize, run, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < pages && pages <= _capacity / 2; i++)
        {
            CachePage page = await AddAsync(index + i, cancellationToken).ConfigureAwait(false);
            run.Slice(i * _pageSize, _pageSize).CopyTo(page.Bytes);
        }

        return run.Length;
    }

    private async ValueTask MakeRoomAsync(CancellationToken cancellationToken)
    {
        while (_pages.Count >= _capacity)
        {
            CachePage oldest = _byUse.First!.Value;
            if (oldest.IsDirty)
                await WriteBackAsync(0, long.MaxValue, cancellationToken).ConfigureAwait(false);
            Remove(oldest.Index);
        }
    }

    private void Remove(long index)
    {
        if (_pages.Remove(index, out LinkedListNode<CachePage>? node))
            _byUse.Remove(node);
    }

    // what the cache holds of a range is written where it has to be, and forgotten
    private async ValueTask DropAsync(long offset, long length, CancellationToken cancellationToken)
    {
        (long first, long last) = (offset / _pageSize, (offset + length - 1) / _pageSize);
        await WriteBackAsync(first, last, cancellationToken).ConfigureAwait(false);
        Forget(first, last);
    }

    private void Forget(long first, long last)
    {
        if (last - first < _pages.Count)
        {
            for (long index = first; index <= last; index++)
                Remove(index);
            return;
        }

        foreach (long index in _pages.Keys.Where(i => i >= first && i <= last).ToArray())
            Remove(index);
    }

    // ascending, neighbours together
    private async ValueTask WriteBackAsync(long first, long last, CancellationToken cancellationToken)
    {
        while (FirstDirty(first, last) is { } waiting)
        {
            CachePage start = _pages[waiting].Value;
            var run = new List<CachePage> { start };
            long end = (start.Index * _pageSize) + start.DirtyTo;
            long from = (start.Index * _pageSize) + start.DirtyFrom;
            while (end % _pageSize == 0 && end - from < MaxRun && _dirty.Contains(end / _pageSize) && _pages[end / _pageSize].Value is { DirtyFrom: 0 } next)
            {
                run.Add(next);
                end += next.DirtyTo;
            }

            await Inner.WriteAsync(from, Gather(run, (int)(end - from)), cancellationToken).ConfigureAwait(false);
            foreach (CachePage page in run)
            {
                page.MarkClean();
                _dirty.Remove(page.Index);
            }
        }
    }

    private static ReadOnlyMemory<byte> Gather(List<CachePage> run, int length)
    {
        if (run.Count == 1)
            return run[0].Bytes.AsMemory(run[0].DirtyFrom, length);
        byte[] bytes = new byte[length];
        int at = 0;
        foreach (CachePage page in run)
        {
            ReadOnlySpan<byte> part = page.Bytes.AsSpan(page.DirtyFrom, page.DirtyTo - page.DirtyFrom);
            part.CopyTo(bytes.AsSpan(at));
            at += part.Length;
        }

        return bytes;
    }

    private long? FirstDirty(long first, long last)
    {
        if (_dirty.Count == 0)
            return null;
        // an empty view says 0
        long least = _dirty.GetViewBetween(first, last).Min;
        return least >= first && _dirty.Contains(least) ? least : null;
    }

    private int PageLength(long index) => (int)Math.Min(_pageSize, Length - (index * _pageSize));

    private (long Index, int Within, int Count) Part(long offset, int rest)
    {
        long index = offset / _pageSize;
        int within = (int)(offset - (index * _pageSize));
        return (index, within, Math.Min(rest, _pageSize - within));
    }
}
